// The control socket: a local stream socket on the keeper's own poll, so that no second owner of
// its state exists. Connections, the length of a line and every wait are bounded; a slow client
// waits for itself.

import CLinux
import Glibc
import KeeperCommands
package import KeeperModel
package import KeeperRuntime
package import KeeperTransport

package final class ControlServer {
    /// Answers one request, now or later; later is never more than once.
    package typealias Answering = (
        _ peer: ControlPeer, _ line: [UInt8], _ reply: @escaping (ControlAnswer) -> Void
    ) -> Void

    package let path: String
    private let reactor: Reactor
    private let listener: Int32
    private let answer: Answering
    private let patience: TimeSpan
    private var watch: WatchID?
    private var connections: [Int32: ControlConnection] = [:]

    package static let connectionsMax = 16

    /// A client has so long to finish a line, and to take an answer.
    package init(
        path: String, isForOthers: Bool, reactor: Reactor, patience: TimeSpan = .seconds(10),
        answer: @escaping Answering
    ) throws(StartProblem) {
        self.path = path
        self.reactor = reactor
        self.answer = answer
        self.patience = patience
        try Self.clear(path)
        listener = clinux_listen_locally(path, path.utf8.count, isForOthers ? 0o666 : 0o600, 16)
        guard listener >= 0 else {
            throw StartProblem(
                listener == -ENAMETOOLONG ? .configuration : .cannotCreate,
                "\(path): no control socket can be made: "
                    + (listener == -ENAMETOOLONG
                        ? "a path has at most 107 bytes; name a shorter one in control.socket"
                        : String(cString: strerror(-listener))))
        }
        watch = reactor.watch(listener, .readable) { [weak self] _ in self?.acceptAll() }
    }

    /// A socket that nobody answers at is left over from a keeper that died. Anything else there is
    /// somebody's.
    private static func clear(_ path: String) throws(StartProblem) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw StartProblem(
                .configuration, "\(path): is no socket; name another path in control.socket")
        }
        guard !ControlClient(path: path).isAnswered else {
            throw StartProblem(.tryLater, "\(path): another keeper listens there; stop it first")
        }
        unlink(path)
    }

    package func close() {
        guard let watch else { return }
        reactor.unwatch(watch)
        self.watch = nil
        for connection in connections.values { connection.close() }
        connections = [:]
        Glibc.close(listener)
        unlink(path)
    }

    package var connectionCount: Int { connections.count }

    private func acceptAll() {
        while true {
            let descriptor = clinux_accept(listener)
            guard descriptor >= 0 else { return }
            // One more than can be served is told nothing: it would have to be read first.
            guard connections.count < Self.connectionsMax, let peer = ControlPeer(of: descriptor)
            else {
                Glibc.close(descriptor)
                continue
            }
            connections[descriptor] = ControlConnection(
                descriptor, peer: peer, reactor: reactor, patience: patience, answer: answer,
                ended: { [weak self] in self?.connections[descriptor] = nil })
        }
    }
}
