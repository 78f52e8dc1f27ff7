import Glibc
package import KeeperCommands
import Synchronization

/// Where a program speaks: results on the one, everything else on the other. Unbuffered, so that
/// two processes at one terminal keep their lines whole.
package enum StandardStream: Sendable {
    case output
    case error

    package var descriptor: Int32 { self == .output ? STDOUT_FILENO : STDERR_FILENO }

    package var isTerminal: Bool { isatty(descriptor) == 1 }

    /// What kept results from being said, the first time that one was lost; 0 where none was.
    private static let outputError = Atomic<Int32>(0)

    /// False where nobody reads any more.
    @discardableResult
    package func write(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                if self == .output { Self.noteLostOutput(errno) }
                return false
            }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func noteLostOutput(_ error: Int32) {
        _ = outputError.compareExchange(expected: 0, desired: error, ordering: .relaxed)
    }

    @discardableResult
    package func line(_ text: String) -> Bool { write(text + "\n") }
}

extension StandardStream {
    /// Whoever starts a program with its output closed would have the next file that it opens
    /// take the output's place, and results written into it. So none of the three is left free.
    /// What stands in their place cannot be written: what is said there is lost, and known to be.
    package static func holdDescriptors() {
        for descriptor in STDIN_FILENO...STDERR_FILENO
        where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
            let held = open("/dev/null", O_RDONLY)
            precondition(held == descriptor, "The lowest free descriptor is given out first")
        }
    }

    /// How a program ends whose results were not all taken: that is a failure, unless whoever read
    /// them had enough, and a worse ending says more.
    package static func code(endingWith code: ExitCode) -> ExitCode {
        let error = outputError.load(ordering: .relaxed)
        guard error != 0, error != EPIPE, code == .done || code == .difference else { return code }
        StandardStream.error.line(
            "bailiff: results could not be written to standard output: "
                + String(cString: strerror(error)))
        return .inputOutput
    }
}
