import Glibc

/// Where a program speaks: results on the one, everything else on the other. Unbuffered, so that
/// two processes at one terminal keep their lines whole.
package enum StandardStream: Sendable {
    case output
    case error

    package var descriptor: Int32 { self == .output ? STDOUT_FILENO : STDERR_FILENO }

    package var isTerminal: Bool { isatty(descriptor) == 1 }

    /// False where nobody reads any more.
    @discardableResult
    package func write(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    @discardableResult
    package func line(_ text: String) -> Bool { write(text + "\n") }
}
