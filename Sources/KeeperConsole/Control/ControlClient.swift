import CLinux
import Glibc
import KeeperCodec
import KeeperCommands
package import KeeperRuntime

/// Asks a running keeper, and waits for its answer: for commands, which have nothing else to do.
package struct ControlClient {
    private let path: String
    private static let timeoutSeconds: Int32 = 30
    private static let answerByteCountMax = 64 << 20

    package init(path: String) {
        self.path = path
    }

    /// Whether somebody listens.
    package var isAnswered: Bool {
        let descriptor = clinux_connect_locally(path, path.utf8.count, Self.timeoutSeconds)
        guard descriptor >= 0 else { return false }
        close(descriptor)
        return true
    }

    /// Nil where no keeper listens.
    package func ask(_ request: ControlRequest) throws(StartProblem) -> ControlAnswer? {
        let descriptor = clinux_connect_locally(path, path.utf8.count, Self.timeoutSeconds)
        if [-ENOENT, -ECONNREFUSED, -ENOTDIR].contains(descriptor) { return nil }
        guard descriptor >= 0 else {
            throw StartProblem(
                descriptor == -EACCES ? .permission : .unavailable,
                "\(path): cannot be asked: \(String(cString: strerror(-descriptor)))")
        }
        defer { close(descriptor) }
        try send(request.jsonBytes + [UInt8(ascii: "\n")], descriptor)
        do {
            return try ControlAnswer(jsonBytes: try line(descriptor))
        } catch let error as JSONFormError {
            throw StartProblem(.failed, "\(path): says what no keeper says: \(error)")
        } catch let problem as StartProblem {
            throw problem
        } catch {
            throw StartProblem(.failed, "\(path): \(error)")
        }
    }

    private func send(_ bytes: [UInt8], _ descriptor: Int32) throws(StartProblem) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                clinux_send(descriptor, $0.baseAddress, $0.count)
            }
            if count == -Int(EINTR) { continue }
            guard count > 0 else {
                throw StartProblem(.unavailable, "\(path): the keeper hung up")
            }
            rest = rest.dropFirst(count)
        }
    }

    private func line(_ descriptor: Int32) throws(StartProblem) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.last != UInt8(ascii: "\n") {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0, bytes.count < Self.answerByteCountMax else {
                throw StartProblem(
                    .unavailable,
                    "\(path): the keeper gave no whole answer within \(Self.timeoutSeconds) s")
            }
            bytes += buffer.prefix(count)
        }
        return Array(bytes.dropLast())
    }
}
