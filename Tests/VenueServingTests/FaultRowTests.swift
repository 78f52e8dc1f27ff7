import KeeperCodec
import KeeperModel
import KeeperTransport
import Testing
import VenueREST
import VenueServing
import VenueSimulator
import VenueWriters

/// What a way to a venue can do to its keeper: rows of the table in docs/faults.md. In each the
/// feed says what is wrong and hands on nothing, and a close ends as unknown; when the fault is
/// over the feed is whole and the same close is settled exactly once.
@Suite struct FaultRowTests {
    @Test func `row 17: a venue that refuses is asked again, and nothing was sent`()
        throws
    {
        let road = try FaultRoad()
        let evidence = try road.meet(.refuse, until: { $0.count(of: .transport) >= 3 })
        #expect(evidence.contains("nothing was sent"))
        try road.recover()
    }

    @Test func `row 18: a venue that takes a request and says nothing meets the deadline`() throws {
        let road = try FaultRoad()
        let evidence = try road.meet(.silence, until: { $0.count(of: .transport) >= 2 })
        #expect(evidence.contains("timedOut"))
        #expect(evidence.contains("may have been sent"))
        try road.recover()
    }

    @Test func `row 19: a venue that drips is given up before its deadline`() throws {
        let road = try FaultRoad(timeoutMilliseconds: 4_000, bytesPerSecondMin: 2_000)
        let evidence = try road.meet(.drip, until: { $0.count(of: .transport) >= 1 })
        #expect(evidence.contains("tooSlow"))
        try road.recover()
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"height\":1,",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    ])
    func `row 20: half a reply is no reply`(reply: String) throws {
        let road = try FaultRoad()
        let evidence = try road.meet(.say(reply), until: { $0.replyless >= 2 })
        #expect(evidence.contains("may have been sent") || evidence.contains("unreadable"))
        try road.recover()
    }

    @Test(arguments: [
        #"{"error":{"code":-32000,"message":"busy"}}"#, "<html>busy</html>", "", "null", "0x",
        #"{"height":0,"serverTime":"0"}"#,
    ])
    func `row 21: a 200 that says nothing is counted and never read as nothing owed`(
        body: String
    ) throws {
        let road = try FaultRoad()
        let reply =
            "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n"
            + body
        let evidence = try road.meet(.say(reply), until: { $0.replyless >= 2 })
        #expect(evidence.contains("status 200, unreadable"))
        try road.recover()
    }

    @Test(arguments: ["429 Too Many Requests", "503 Service Unavailable"])
    func `row 22: a venue that has too much is asked less, as often as it says`(
        status: String
    ) throws {
        let road = try FaultRoad()
        let head = "HTTP/1.1 \(status)\r\nContent-Length: 0\r\nConnection: close\r\n"
        let evidence = try road.meet(.say(head + "\r\n"), until: { $0.count(of: .status) >= 5 })
        #expect(evidence.contains("unreadable"))
        // Ten channels that each wait for a second and more ask no more than twice in the next.
        road.gate.set(.say(head + "Retry-After: 2\r\n\r\n"))
        road.run(for: .milliseconds(900))
        let told = road.feed.tally.count(of: .status)
        road.run(for: .milliseconds(900))
        #expect(road.feed.tally.count(of: .status) <= told + 2)
        try road.recover()
    }

    @Test func `row 23: a venue that stands still answers, and what it says stays as old as it is`()
        throws
    {
        let road = try FaultRoad()
        let height = road.rig.server.venue.height
        road.run(for: .milliseconds(600))
        let prices = road.letters.filter { letter in
            if case .pricesPublished = letter.body { true } else { false }
        }
        // Heartbeats are no prices: no age begins anew, so the price guard sees the first one's.
        #expect(prices.count == 1)
        #expect(prices.allSatisfy { $0.height == height })
        #expect(road.feed.tally.replyCount > 10, "it answered all the while")
        #expect(road.feed.tally.lastTrouble == nil)
    }
}

/// Venue, gate, feed and desk.
private final class FaultRoad {
    let rig: VenueRig
    let gate: FaultGate
    let feed: RESTFeed
    private let heard: Heard
    private let desk: RESTCloseDesk
    private let plan: ClosePlan

    private final class Heard {
        var letters: [FeedLetter] = []
        var answers: [CloseAnswer] = []
    }

    var letters: [FeedLetter] { heard.letters }

    init(timeoutMilliseconds: Int = 1_500, bytesPerSecondMin: Int = 1) throws {
        rig = try VenueRig()
        gate = try FaultGate(before: rig.server.port)
        plan = try rig.plan("k1")
        let endpoint = try Endpoint(
            name: EndpointName("gate"), baseURL: "http://127.0.0.1:\(gate.port)")
        var settings = RESTFeedSettings()
        settings.pollWaitMilliseconds = 100
        settings.timeoutMilliseconds = timeoutMilliseconds
        let heard = Heard()
        self.heard = heard
        feed = RESTFeed(
            domain: VenueRig.domain, endpoint: endpoint, reactor: rig.reactor, settings: settings,
            sign: rig.signer.headers, sink: { heard.letters.append($0) })
        var limits = ExchangeLimits()
        limits.timeoutMilliseconds = timeoutMilliseconds
        // libcurl counts what goes out as well, and looks at the last seconds together.
        limits.lowSpeed = .init(bytesPerSecond: bytesPerSecondMin, seconds: 1)
        desk = RESTCloseDesk(
            endpoint: endpoint, reactor: rig.reactor, signer: rig.signer, limits: limits,
            willSend: { _, _, send in send() },
            sink: { _, _, answer, _ in heard.answers.append(answer) })
        feed.start()
        rig.run { feed.isReady }
        guard feed.isReady else { throw RigProblem("a feed is ready while nothing fails") }
    }

    deinit { feed.stop() }

    func run(for span: TimeSpan) {
        let end = MonotonicTime.now() + span
        rig.run { MonotonicTime.now() >= end }
    }

    /// The fault comes, the feed notices, a close is sent into it. Returns why it is unknown.
    func meet(_ fault: FaultGate.Fault, until isNoticed: (FeedTally) -> Bool) throws -> String {
        gate.set(fault)
        // What had arrived before is still handed on.
        run(for: .milliseconds(100))
        let known = heard.letters.count
        rig.run { isNoticed(feed.tally) }
        #expect(isNoticed(feed.tally), "\(feed.tally)")
        let said = heard.letters.dropFirst(known).filter { !$0.isGap }
        #expect(said.isEmpty, "nothing was made of nothing")
        guard case .unknown(let evidence) = try submit() else {
            throw RigProblem("nobody knows what became of it: \(heard.answers)")
        }
        return evidence
    }

    /// The fault is over: the same close is settled once, and the feed shows it.
    func recover() throws {
        gate.set(.none)
        guard case .settled = try submit() else {
            throw RigProblem("not settled: \(heard.answers)")
        }
        #expect(rig.server.venue.closes.settledCount == 1)
        rig.run { heard.letters.contains { $0.shows(plan.target.account) } }
        #expect(heard.letters.contains { $0.shows(plan.target.account) })
    }

    private func submit() throws -> CloseAnswer? {
        let count = heard.answers.count
        desk.submit(try rig.approve(plan))
        rig.run { heard.answers.count > count }
        return heard.answers.count > count ? heard.answers.last : nil
    }
}

extension FeedTally {
    /// Whatever came instead of a reply that could be read.
    fileprivate var replyless: UInt64 {
        [FeedTrouble.transport, .malformed, .unexpected, .gap].reduce(0) { $0 + count(of: $1) }
    }
}

extension FeedLetter {
    fileprivate var isGap: Bool {
        if case .gapDetected = body { true } else { false }
    }

    /// As changed by a delta, or missing from a fresh snapshot or in it with a new version.
    fileprivate func shows(_ account: AccountID) -> Bool {
        switch body {
        case .accountsChanged(_, let changed, let removed):
            (changed.map(\.account) + removed).contains(account)
        case .accountsReplaced(VenueRig.lending, let states):
            !states.contains { $0.account == account && $0.version == 1 }
        default: false
        }
    }
}
