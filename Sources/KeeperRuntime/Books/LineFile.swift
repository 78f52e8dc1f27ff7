import Glibc
import KeeperCommands

/// A text file that grows by lines: gathered in memory, written a block at a time.
package final class LineFile {
    private let path: String
    private let descriptor: Int32
    private var pending: [UInt8] = []
    private static let blockByteCount = 64 << 10

    /// Makes the file anew; or, where it has to be new, only if there is none.
    package init(_ path: String, isNew: Bool = false) throws(StartProblem) {
        self.path = path
        descriptor = open(
            path, O_WRONLY | O_CREAT | (isNew ? O_EXCL : O_TRUNC) | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw StartProblem(
                .cannotCreate, "\(path): cannot be written: \(String(cString: strerror(errno)))")
        }
    }

    package func append(_ line: [UInt8]) throws(KeeperStop) {
        pending += line
        if pending.count >= Self.blockByteCount { try flush() }
    }

    package func flush() throws(KeeperStop) {
        var rest = pending[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw KeeperStop(
                    .recording, "\(path): cannot be written: \(String(cString: strerror(errno)))")
            }
            rest = rest.dropFirst(count)
        }
        pending = []
    }

    package func close() throws(KeeperStop) {
        try flush()
        Glibc.close(descriptor)
    }
}
