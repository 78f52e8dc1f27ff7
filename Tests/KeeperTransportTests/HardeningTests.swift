import Foundation
import Glibc
import KeeperModel
import KeeperTransport
import Testing

/// What every exchange is dressed in, seen from the other side.
@Suite struct HardeningTests {
    @Test(arguments: [301, 302, 303, 307, 308])
    func `a redirection is an answer and is not followed`(status: Int) throws {
        let elsewhere = try ScriptedServer { connection, _ in
            connection.readHead()
            connection.reply("elsewhere")
        }
        let place = elsewhere.url
        let server = try ScriptedServer { connection, _ in
            connection.readHead()
            connection.send(
                "HTTP/1.1 \(status) Moved\r\nLocation: \(place)/x\r\nContent-Length: 0\r\n\r\n")
        }
        #expect(try Reactor().get(server.url)?.reply?.status == status)
        #expect(elsewhere.connectionCount == 0)
    }

    /// A proxy would see every request; a `.netrc` would add a password to one.
    @Test func `the environment's proxy and the user's passwords are not used`() throws {
        let server = try ScriptedServer { connection, _ in
            connection.readHead()
            connection.reply("")
        }
        let trap = try ScriptedServer { _, _ in }
        let names = ["http_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"]
        for name in names { setenv(name, trap.url, 1) }
        defer { for name in names { unsetenv(name) } }
        #expect(try Reactor().get(server.url)?.reply?.status == 200)
        #expect(trap.connectionCount == 0)
        let head = try #require(server.heads.first).lowercased()
        #expect(!head.contains("authorization"))
        #expect(!head.contains("cookie"))
        #expect(!head.contains("referer"))
        #expect(!head.contains("accept-encoding"), "compression is asked for by who can take it")
    }

    @Test func `a cookie that was set is not sent back`() throws {
        let server = try ScriptedServer { connection, _ in
            while !connection.readHead().isEmpty {
                connection.reply("", headers: "Set-Cookie: id=1; Path=/\r\n")
            }
        }
        let reactor = Reactor()
        for _ in 1...2 { #expect(try reactor.get(server.url)?.reply?.status == 200) }
        #expect(server.heads.count == 2)
        #expect(server.heads.allSatisfy { !$0.lowercased().contains("cookie") })
    }

    /// The name of a file in a gzip header may be of any length, and inflates to nothing: only what
    /// comes over the wire can be bounded.
    @Test func `what is compressed is bounded before it is inflated, too`() throws {
        let server = try ScriptedServer { connection, _ in
            connection.readHead()
            connection.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n")
            connection.send([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3])
            while connection.send([UInt8](repeating: 0x61, count: 16_384)) { usleep(1_000) }
        }
        let bounds = limits {
            $0.replyBytesMax = 4_096
            $0.headerBytesMax = 1_024
            $0.acceptsGzip = true
        }
        let start = MonotonicTime.now()
        #expect(try Reactor().get(server.url, limits: bounds)?.error?.kind == .tooLarge)
        #expect((.now() - start).milliseconds < 4_000, "not its deadline ended it")
    }

    @Test(arguments: ["https://169.254.169.254", "https://[fe80::1]", "https://0.0.0.0"])
    func `a service of metadata is never dialled, whatever its name`(url: String) throws {
        for reach in [Reach.publicInternet, .privateNetwork, .anywhere] {
            let endpoint = try loopback(url) { $0.reach = reach }
            let error = Reactor().finish(try ReadRequest(endpoint, path: "/latest"))?.error
            #expect(error?.kind == .forbiddenAddress)
            #expect(error?.mayHaveBeenSent == false)
        }
    }

    @Test func `a connection is kept and used again`() throws {
        let server = try ScriptedServer { connection, _ in
            while !connection.readHead().isEmpty { connection.reply("") }
        }
        let reactor = Reactor()
        for _ in 1...5 { #expect(try reactor.get(server.url)?.reply?.status == 200) }
        #expect(server.connectionCount == 1)
    }

    @Test func `an interim reply is not the reply`() throws {
        let server = try ScriptedServer { connection, _ in
            connection.readHead()
            connection.send("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n")
            connection.reply("late")
        }
        let reply = try Reactor().get(server.url)?.reply
        #expect(reply?.status == 200)
        #expect(reply?.header("x-early") == nil)
    }

    /// The loop does not sleep while such a request is on the wire, and sleeps again after it.
    @Test func `rounds spin while something is being sent, where that is wanted`() throws {
        let server = try ScriptedServer { connection, _ in
            connection.readHead()
            usleep(200_000)
            connection.reply("")
        }
        let roundCount = { (spins: Bool) in
            let reactor = Reactor()
            reactor.spinsWhileWriting = spins
            var isDone = false
            let head = try RequestHead(try loopback(server.url), path: "/")
            reactor.start(Delicate(head: head, mayBeRepeated: false)) { _ in isDone = true }
            var count = 0
            reactor.run(until: {
                count += 1
                return isDone
            })
            let start = MonotonicTime.now()
            reactor.runOnce(waitingAtMost: .milliseconds(50))
            #expect((.now() - start).milliseconds >= 40, "with nothing to send it sleeps")
            return count
        }
        let (sleeping, spinning) = (try roundCount(false), try roundCount(true))
        #expect(spinning > 10 * sleeping, "\(spinning) rounds beside \(sleeping)")
    }
}

/// The reactor and its twin end the same exchanges with the same words.
@Suite struct SimulatedCarrierTests {
    private enum Case: CaseIterable {
        case answers, refuses, resets, saysNothing, isTooLarge
    }

    private func real(_ one: Case) throws -> Result<Reply, TransportError>? {
        let server = try ScriptedServer { connection, _ in
            connection.readHead()
            switch one {
            case .answers: connection.reply("x")
            case .resets: connection.reset()
            case .saysNothing: connection.waitForEnd()
            case .isTooLarge: connection.reply(String(repeating: "x", count: 100))
            case .refuses: break
            }
        }
        if one == .refuses { server.stop() }
        return try Reactor().get(server.url, limits: bounds)
    }

    private func simulated(_ one: Case) throws -> Result<Reply, TransportError>? {
        let carrier = SimulatedCarrier(from: Instant(milliseconds: 0)) { _ in
            switch one {
            case .answers: .reply(200, "x")
            case .resets: .failure(.reset)
            case .saysNothing: .silence
            case .isTooLarge: .reply(200, String(repeating: "x", count: 100))
            case .refuses: .failure(.refusedConnection, mayHaveBeenSent: false)
            }
        }
        var result: Result<Reply, TransportError>?
        carrier.start(
            try ReadRequest(try loopback("http://127.0.0.1:1"), path: "/x", limits: bounds)
        ) { result = $0 }
        #expect(result == nil)
        carrier.advance(by: .seconds(10))
        return result
    }

    private var bounds: ExchangeLimits {
        limits {
            $0.timeoutMilliseconds = 200
            $0.replyBytesMax = 50
        }
    }

    @Test func `twin and reactor say the same of the same fault`() throws {
        for one in Case.allCases {
            let (real, simulated) = (try real(one), try simulated(one))
            #expect(real != nil)
            #expect(real?.reply?.status == simulated?.reply?.status, "\(one)")
            #expect(real?.reply?.body == simulated?.reply?.body, "\(one)")
            #expect(real?.error?.kind == simulated?.error?.kind, "\(one)")
            #expect(real?.error?.mayHaveBeenSent == simulated?.error?.mayHaveBeenSent, "\(one)")
        }
    }

    @Test func `timers of the twin fire in order and time moves only when told`() {
        let carrier = SimulatedCarrier(from: Instant(milliseconds: 5)) { _ in .silence }
        var fired: [Int64] = []
        for milliseconds in [30, 10, 20] as [Int64] {
            carrier.after(.milliseconds(milliseconds)) {
                fired.append(carrier.clock.now().nanoseconds / 1_000_000)
            }
        }
        let never = carrier.after(.milliseconds(15)) { fired.append(-1) }
        carrier.cancel(never)
        #expect(fired.isEmpty)
        carrier.advance(by: .milliseconds(25))
        #expect(fired == [15, 25])
        carrier.advance(by: .milliseconds(25))
        #expect(fired == [15, 25, 35])
    }
}
