/// Why a file is not taken in: which file, which line of it, and what is wrong there.
package struct ImportRefused: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Cause: Hashable, Sendable {
        case missing
        /// The bytes are not what they should be.
        case malformed
        case cannotWrite
    }

    package let cause: Cause
    package let file: String
    /// From 1, of the unpacked text; nil where it is the file as a whole.
    package let line: Int?
    package let reason: String

    package init(_ cause: Cause = .malformed, file: String, line: Int? = nil, _ reason: String) {
        self.cause = cause
        self.file = file
        self.line = line
        self.reason = reason
    }

    package var description: String {
        file + (line.map { ", line \($0)" } ?? "") + ": " + reason
    }
}
