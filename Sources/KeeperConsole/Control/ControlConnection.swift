import CLinux
import Glibc
import KeeperCodec
import KeeperCommands
import KeeperModel
import KeeperTransport

/// One client: a line in, a line out, then the next. While an answer is awaited nothing is read.
final class ControlConnection {
    private let descriptor: Int32
    private let peer: ControlPeer
    private let reactor: Reactor
    private let answer: ControlServer.Answering
    private let ended: () -> Void
    private var incoming: [UInt8] = []
    private var outgoing: ArraySlice<UInt8> = []
    private var watch: WatchID?
    private var deadline: TimerID?
    private var isOpen = true
    private var closesWhenSent = false

    /// For a whole line to come, and for a whole answer to be taken.
    private let patience: TimeSpan

    init(
        _ descriptor: Int32, peer: ControlPeer, reactor: Reactor, patience: TimeSpan,
        answer: @escaping ControlServer.Answering, ended: @escaping () -> Void
    ) {
        self.descriptor = descriptor
        self.peer = peer
        self.reactor = reactor
        self.patience = patience
        self.answer = answer
        self.ended = ended
        awaitLine()
    }

    func close() {
        guard isOpen else { return }
        isOpen = false
        watch(nil)
        cancelDeadline()
        Glibc.close(descriptor)
        ended()
    }

    // MARK: In

    private func awaitLine() {
        startDeadline()
        watch(.readable)
    }

    private func read() {
        var buffer = [UInt8](repeating: 0, count: ControlRequest.byteCountMax)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EAGAIN || errno == EINTR { return }
        guard count > 0 else { return close() }
        incoming += buffer.prefix(count)
        takeLine()
    }

    private func takeLine() {
        guard let end = incoming.firstIndex(of: UInt8(ascii: "\n")) else {
            if incoming.count > ControlRequest.byteCountMax { refuseLongLine() }
            return
        }
        guard end <= ControlRequest.byteCountMax else { return refuseLongLine() }
        let line = Array(incoming[..<end])
        incoming.removeFirst(end + 1)
        watch(nil)
        cancelDeadline()
        answer(peer, line) { [weak self] answer in self?.send(answer) }
    }

    private func refuseLongLine() {
        closesWhenSent = true
        send(
            ControlAnswer(
                problem: ControlProblem(
                    .usage, "a request has at most \(ControlRequest.byteCountMax) bytes")))
    }

    // MARK: Out

    private func send(_ answer: ControlAnswer) {
        guard isOpen else { return }
        outgoing = (answer.jsonBytes + [UInt8(ascii: "\n")])[...]
        startDeadline()
        write()
    }

    private func write() {
        while !outgoing.isEmpty {
            let count = outgoing.withUnsafeBytes {
                clinux_send(descriptor, $0.baseAddress, $0.count)
            }
            if count == -Int(EINTR) { continue }
            if count == -Int(EAGAIN) { return watch(.writable) }
            guard count > 0 else { return close() }
            outgoing = outgoing.dropFirst(count)
        }
        guard !closesWhenSent else { return close() }
        awaitLine()
        // What came behind the last line is not told by the poll again.
        if !incoming.isEmpty { takeLine() }
    }

    // MARK: Poll

    private func watch(_ interest: Interest?) {
        if let watch { reactor.unwatch(watch) }
        watch = interest.map { interest in
            reactor.watch(descriptor, interest) { [weak self] _ in
                interest == .writable ? self?.write() : self?.read()
            }
        }
    }

    private func startDeadline() {
        cancelDeadline()
        deadline = reactor.after(patience) { [weak self] in
            self?.deadline = nil
            self?.close()
        }
    }

    private func cancelDeadline() {
        if let deadline { reactor.cancel(deadline) }
        deadline = nil
    }
}
