import KeeperModel
import KeeperTransport
import Testing

/// A pool of endpoints `a`, `b`, `c` … over a script.
private final class PoolRig {
    let carrier: SimulatedCarrier
    let pool: ReadPool
    private(set) var ends: [(status: Int?, from: String, at: Int64)] = []

    init(
        _ names: [String] = ["a", "b", "c"],
        _ script: @escaping (SimulatedCarrier.Sent) -> SimulatedCarrier.Fate
    ) throws {
        carrier = SimulatedCarrier(from: Instant(milliseconds: 0), script: script)
        pool = ReadPool(
            try names.map {
                try Endpoint(name: EndpointName($0), baseURL: "http://127.0.0.1:1")
            }, carrier: carrier)
    }

    @discardableResult
    func read(hedged: Bool = true) throws -> PoolReadID {
        try pool.read(hedged: hedged) { endpoint throws(RequestProblem) in
            try ReadRequest(endpoint, path: "/x")
        } _: { [self] result, endpoint in
            ends.append(
                (
                    result.reply?.status, endpoint.name.text,
                    carrier.monotonicNow.nanoseconds / 1_000_000
                ))
        }
    }

    func run(_ milliseconds: Int64) { carrier.advance(by: .milliseconds(milliseconds)) }
    var asked: String { carrier.sent.map(\.endpoint.text).joined() }
}

@Suite struct ReadPoolTests {
    @Test func `the first endpoint is asked, and nobody else while it answers`() throws {
        let rig = try PoolRig { _ in .reply(200, "x") }
        for _ in 1...20 {
            try rig.read()
            rig.run(1_000)
        }
        #expect(rig.asked == String(repeating: "a", count: 20))
        #expect(rig.pool.hedgeCount == 0)
    }

    @Test(arguments: [
        SimulatedCarrier.Fate.failure(.refusedConnection, mayHaveBeenSent: false),
        .failure(.reset), .reply(503, ""), .reply(429, ""),
    ])
    func `an endpoint that fails is passed over within the same read`(
        fate: SimulatedCarrier.Fate
    ) throws {
        let rig = try PoolRig { $0.endpoint.text == "b" ? .reply(200, "x") : fate }
        try rig.read()
        rig.run(100)
        #expect(rig.asked == "ab")
        #expect(rig.ends.map(\.status) == [200])
        #expect(rig.ends.map(\.from) == ["b"])
    }

    @Test func `where all fail the read fails once, and nobody was asked twice`() throws {
        let rig = try PoolRig { _ in .failure(.reset) }
        try rig.read()
        rig.run(10_000)
        #expect(rig.asked == "abc")
        #expect(rig.ends.count == 1)
        #expect(rig.ends.first?.status == nil)
    }

    @Test func `a refusal that speaks of the request is an answer`() throws {
        let rig = try PoolRig { _ in .reply(404, "") }
        try rig.read()
        rig.run(100)
        #expect(rig.asked == "a")
        #expect(rig.ends.map(\.status) == [404])
    }

    @Test func `a late answer is hedged, the first good one counts, and the other is cancelled`()
        throws
    {
        let rig = try PoolRig { sent in
            .reply(200, "x", after: sent.endpoint.text == "a" ? .seconds(3) : .milliseconds(20))
        }
        try rig.read()
        rig.run(200)
        #expect(rig.asked == "a", "not before it is late")
        rig.run(4_000)
        #expect(rig.asked == "ab", "and never a third")
        #expect(rig.ends.map(\.from) == ["b"])
        #expect(rig.ends.map(\.at) == [270])
        #expect(rig.carrier.requestsOpen == 0)
        #expect((rig.pool.hedgeCount, rig.pool.hedgeWonCount) == (1, 1))
    }

    @Test func `a hedge that fails leaves the first to answer`() throws {
        let rig = try PoolRig { sent in
            sent.endpoint.text == "a" ? .reply(200, "x", after: .seconds(1)) : .failure(.reset)
        }
        try rig.read()
        rig.run(5_000)
        #expect(rig.ends.map(\.from) == ["a"])
        #expect(rig.ends.map(\.at) == [1_000])
    }

    @Test func `what is late follows from what is usual`() throws {
        let rig = try PoolRig { sent in
            let isUsual = sent.at.nanoseconds < 60_000_000_000
            return .reply(200, "x", after: isUsual ? .milliseconds(30) : .milliseconds(500))
        }
        for _ in 1...60 {
            try rig.read()
            rig.run(1_000)
        }
        #expect(rig.pool.hedgeCount == 0)
        try rig.read()
        rig.run(31)
        #expect(rig.pool.hedgeCount == 1, "after 30 ms, and no longer after 250")
    }

    @Test func `a long poll is not hedged, and passes over what fails`() throws {
        let rig = try PoolRig { sent in
            sent.endpoint.text == "a" ? .reply(200, "x", after: .seconds(4)) : .reply(200, "y")
        }
        try rig.read(hedged: false)
        rig.run(5_000)
        #expect(rig.asked == "a")
    }

    @Test func `an endpoint that failed three times rests, is tried once, and is back`() throws {
        let rig = try PoolRig { sent in
            let isDown = sent.at.nanoseconds < 5_000_000_000
            return sent.endpoint.text == "a" && isDown ? .failure(.reset) : .reply(200, "x")
        }
        for _ in 1...5 {
            try rig.read()
            rig.run(10)
        }
        #expect(rig.asked == "abababbb", "after three failures it is left alone")
        #expect(rig.pool.standings[0].isResting)
        rig.run(1_000)
        try rig.read()
        rig.run(10)
        #expect(rig.asked.hasSuffix("ab"), "tried once after a second")
        try rig.read()
        rig.run(10)
        #expect(rig.asked.hasSuffix("abb"), "and it rests again, for longer")
        rig.run(5_000)
        try rig.read()
        rig.run(10)
        #expect(rig.asked.hasSuffix("a"))
        #expect(!rig.pool.standings[0].isResting)
    }

    @Test func `where all rest somebody is asked all the same`() throws {
        let rig = try PoolRig(["a"]) { _ in .failure(.refusedConnection, mayHaveBeenSent: false) }
        for _ in 1...10 {
            try rig.read()
            rig.run(10)
        }
        #expect(rig.asked.count == 10)
        #expect(rig.ends.count == 10)
    }

    @Test func `row 23: an endpoint that stands still beside the others is not asked`() throws {
        let rig = try PoolRig { _ in .reply(200, "x") }
        let (a, b, c) = (rig.pool.endpoints[0], rig.pool.endpoints[1], rig.pool.endpoints[2])
        for (endpoint, height) in [(a, 100), (b, 103), (c, 104)] as [(Endpoint, UInt64)] {
            rig.pool.note(height: height, of: endpoint)
        }
        try rig.read()
        rig.run(10)
        #expect(rig.asked == "a", "three heights are a matter of time")
        rig.pool.note(height: 104, of: b)
        try rig.read()
        rig.run(10)
        #expect(rig.asked == "ab")
        #expect(rig.pool.standings.map(\.isBehind) == [true, false, false])
        // One alone that claims to be far ahead puts nobody out.
        rig.pool.note(height: 1_000_000, of: c)
        rig.pool.note(height: 104, of: a)
        #expect(rig.pool.standings.map(\.isBehind) == [false, false, false])
    }

    @Test func `a cancelled read ends once, as cancelled`() throws {
        let rig = try PoolRig { _ in .reply(200, "x", after: .seconds(1)) }
        let id = try rig.read()
        rig.run(300)
        #expect(rig.asked == "ab")
        rig.pool.cancel(id)
        #expect(rig.ends.isEmpty, "nobody is called back from inside a call")
        rig.run(5_000)
        #expect(rig.ends.map(\.status) == [nil])
        #expect(rig.carrier.requestsOpen == 0)
    }
}

/// The same over sockets.
@Suite struct ReadPoolOnTheWireTests {
    @Test func `row 17: with one way refused, the next answers within the same read`() throws {
        let gone = try ScriptedServer { _, _ in }
        gone.stop()
        let there = try ScriptedServer { connection, _ in
            connection.readHead()
            connection.reply("here")
        }
        let (result, reactor) = try read([gone, there])
        #expect(result.reply?.body == Array("here".utf8))
        #expect(reactor.requestsOpen == 0)
    }

    @Test func `row 18: with one way silent, the hedge answers long before the deadline`() throws {
        let silent = try ScriptedServer { connection, _ in
            connection.readHead()
            connection.waitForEnd()
        }
        let there = try ScriptedServer { connection, _ in
            connection.readHead()
            connection.reply("here")
        }
        let start = MonotonicTime.now()
        let (result, reactor) = try read([silent, there])
        #expect(result.reply?.body == Array("here".utf8))
        #expect((.now() - start).milliseconds < 4_000)
        #expect(silent.connectionCount == 1)
        reactor.runOnce(waitingAtMost: .zero)
        #expect(reactor.requestsOpen == 0, "the other request is cancelled")
    }

    /// What must not leave twice goes to the reactor itself: a pool takes reads only. The silence
    /// that makes a read be hedged leaves a send alone, and it ends as one that may have been sent.
    @Test func `a send is never hedged`() throws {
        let silent = try ScriptedServer { connection, _ in
            connection.readHead()
            connection.waitForEnd()
        }
        let other = try ScriptedServer { connection, _ in
            connection.readHead()
            connection.reply("here")
        }
        let endpoints = try [silent, other].enumerated().map {
            try Endpoint(name: EndpointName("way-\($0)"), baseURL: $1.url)
        }
        let reactor = Reactor()
        let pool = ReadPool(endpoints, carrier: reactor)
        var readEnd: Result<Reply, TransportError>?
        var sendEnd: Result<Reply, TransportError>?
        let head = try RequestHead(
            endpoints[0], path: "/send", limits: limits { $0.timeoutMilliseconds = 900 })
        reactor.start(Delicate(head: head, mayBeRepeated: false)) { sendEnd = $0 }
        _ = try pool.read(hedged: true) { endpoint throws(RequestProblem) in
            try ReadRequest(endpoint, path: "/read")
        } _: { result, _ in
            readEnd = result
        }
        reactor.run(until: { readEnd != nil && sendEnd != nil })
        #expect(readEnd?.reply?.body == Array("here".utf8))
        #expect(sendEnd?.error?.kind == .timedOut)
        #expect(sendEnd?.error?.mayHaveBeenSent == true)
        #expect(silent.heads.filter { $0.contains("/send") }.count == 1)
        #expect(other.heads.allSatisfy { !$0.contains("/send") })
        #expect(other.heads.count == 1)
    }

    private func read(
        _ servers: [ScriptedServer]
    ) throws -> (Result<Reply, TransportError>, Reactor) {
        let reactor = Reactor()
        let pool = ReadPool(
            try servers.enumerated().map {
                try Endpoint(name: EndpointName("way-\($0)"), baseURL: $1.url)
            }, carrier: reactor)
        var end: Result<Reply, TransportError>?
        _ = try pool.read(hedged: true) { endpoint throws(RequestProblem) in
            try ReadRequest(endpoint, path: "/x")
        } _: { result, _ in
            end = result
        }
        reactor.run(until: { end != nil })
        return (try #require(end), reactor)
    }
}
