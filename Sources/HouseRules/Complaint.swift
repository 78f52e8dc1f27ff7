/// What is wrong, where, and what to do instead.
package struct Complaint: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let file: String
    package let line: Int
    package let rule: RuleName
    package let problem: String
    package let advice: String

    package var description: String {
        "\(file):\(line): \(rule.rawValue): \(problem); \(advice)"
    }

    package static func < (left: Complaint, right: Complaint) -> Bool {
        (left.file, left.line, left.rule.rawValue, left.problem)
            < (right.file, right.line, right.rule.rawValue, right.problem)
    }
}

package enum RuleName: String, Hashable, Sendable, CaseIterable {
    case imports
    case clock
    case randomness
    case concurrency
    case floatingPoint = "floating-point"
    case unordered
    case forceUnwrap = "force-unwrap"
    case bareTrap = "bare-trap"
    case silentError = "silent-error"
    case unchecked
    case typeName = "type-name"
    case secretText = "secret-text"
    case writeDoor = "write-door"
    case leftover
    case machinePath = "machine-path"
    case functionLength = "function-length"
    case fileLength = "file-length"
    case lineLength = "line-length"
    case deadFile = "dead-file"
    case deadLink = "dead-link"
    case example
    case allowance
    case ratchet
}
