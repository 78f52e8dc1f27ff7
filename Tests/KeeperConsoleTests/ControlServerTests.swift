import CLinux
import Foundation
import Glibc
import KeeperCommands
import KeeperConsole
import KeeperModel
import KeeperRuntime
import KeeperTransport
import Testing

/// A server on a reactor and clients on plain sockets, all on one thread.
@Suite struct ControlServerTests {
    private final class Rig {
        let reactor = Reactor()
        let path = NSTemporaryDirectory() + "bailiff-\(UUID().uuidString.prefix(8)).sock"
        private(set) var lines: [String] = []
        private var server: ControlServer?

        init(patience: TimeSpan = .seconds(10)) throws {
            server = try ControlServer(
                path: path, isForOthers: false, reactor: reactor, patience: patience
            ) { [weak self] peer, line, reply in
                #expect(peer.user == geteuid())
                self?.lines.append(String(decoding: line, as: UTF8.self))
                reply(ControlAnswer(lines: ["heard"], json: "{}"))
            }
        }

        deinit { server?.close() }

        var connectionCount: Int { server?.connectionCount ?? 0 }

        func connect() throws -> Int32 {
            let descriptor = clinux_connect_locally(path, path.utf8.count, 5)
            try #require(descriptor >= 0)
            turn()
            return descriptor
        }

        func send(_ text: String, _ descriptor: Int32) {
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes {
                    clinux_send(descriptor, $0.baseAddress, $0.count)
                }
                guard count > 0 else { return }
                rest = rest.dropFirst(count)
            }
        }

        func turn(_ rounds: Int = 10) {
            for _ in 0..<rounds { reactor.runOnce(waitingAtMost: .milliseconds(5)) }
        }

        /// What has come; empty where the other end hung up, nil where nothing came.
        func receive(_ descriptor: Int32) -> String? {
            turn()
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            return count < 0 ? nil : String(decoding: buffer.prefix(count), as: UTF8.self)
        }
    }

    private static let answer = """
        {"schemaVersion":1,"exitCode":0,"lines":["heard"],"result":{}}\n
        """

    @Test func `each line is answered by a line, in order`() throws {
        let rig = try Rig()
        let client = try rig.connect()
        defer { close(client) }
        rig.send("first\nsec", client)
        #expect(rig.receive(client) == Self.answer)
        rig.send("ond\nthird\n", client)
        rig.turn()
        #expect(rig.receive(client) == Self.answer + Self.answer)
        #expect(rig.lines == ["first", "second", "third"])
    }

    @Test func `a line without end is refused at its bound`() throws {
        let rig = try Rig()
        let client = try rig.connect()
        defer { close(client) }
        rig.send(String(repeating: "x", count: ControlRequest.byteCountMax * 2), client)
        let said = try #require(rig.receive(client))
        #expect(said.contains("a request has at most 4096 bytes"))
        #expect(said.contains("\"exitCode\":64"))
        #expect(rig.connectionCount == 0)
        #expect(rig.lines.isEmpty)
    }

    @Test func `who says nothing is hung up on`() throws {
        let rig = try Rig(patience: .milliseconds(30))
        let client = try rig.connect()
        defer { close(client) }
        rig.send("half", client)
        for _ in 0..<40 where rig.connectionCount > 0 { rig.turn(1) }
        #expect(rig.connectionCount == 0)
        #expect(rig.receive(client) == "")
    }

    @Test func `one more than can be served is hung up on, and the others are not`() throws {
        let rig = try Rig()
        var clients = try (0..<ControlServer.connectionsMax).map { _ in try rig.connect() }
        let late = try rig.connect()
        defer { for client in clients + [late] { close(client) } }
        #expect(rig.connectionCount == ControlServer.connectionsMax)
        #expect(rig.receive(late) == "")
        rig.send("still here\n", clients[0])
        #expect(rig.receive(clients[0]) == Self.answer)
        // Closed twice it would be somebody else's the second time: tests share their descriptors.
        close(clients.remove(at: 1))
        rig.turn()
        #expect(rig.connectionCount == ControlServer.connectionsMax - 1)
    }

    @Test func `nobody but the owner may connect unless others are named`() throws {
        let rig = try Rig()
        var status = stat()
        #expect(stat(rig.path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test func `where another keeper listens, or something else lies, no socket is made`() throws {
        let rig = try Rig()
        let taken = #expect(throws: StartProblem.self) {
            try ControlServer(path: rig.path, isForOthers: false, reactor: rig.reactor) {
                _, _, _ in
            }
        }
        #expect(taken?.code == .tryLater)
        let folder = try TestFolder()
        defer { folder.remove() }
        let file = folder.path + "/file.json"
        try Data("{}".utf8).write(to: URL(filePath: file))
        let problem = #expect(throws: StartProblem.self) {
            try ControlServer(path: file, isForOthers: false, reactor: rig.reactor) { _, _, _ in }
        }
        #expect(problem?.code == .configuration)
        #expect(FileManager.default.fileExists(atPath: file))
    }

    @Test func `what a keeper left that died is in nobody's way`() throws {
        let path = NSTemporaryDirectory() + "bailiff-\(UUID().uuidString.prefix(8)).sock"
        let left = clinux_listen_locally(path, path.utf8.count, 0o600, 1)
        close(left)
        let server = try ControlServer(path: path, isForOthers: true, reactor: Reactor()) {
            _, _, _ in
        }
        defer { server.close() }
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o666, "others are named, so others may connect")
    }

    @Test func `a path that no address holds is a problem of the configuration`() throws {
        let path = "/tmp/" + String(repeating: "p", count: 120)
        let problem = #expect(throws: StartProblem.self) {
            try ControlServer(path: path, isForOthers: false, reactor: Reactor()) { _, _, _ in }
        }
        #expect(problem?.code == .configuration)
        #expect(problem?.description.contains("control.socket") == true)
    }
}
