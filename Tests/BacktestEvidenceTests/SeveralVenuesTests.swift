import KeeperBacktest
import KeeperFeeds
import KeeperJournal
import KeeperModel
import KeeperRuntime
import Testing
import WideMath

/// One engine over several venues in one pass: alone each is the same, and together they share what
/// is said to be shared.
@Suite struct SeveralVenuesBacktestTests {
    typealias Bench = SeveralVenuesBench

    /// The strongest oracle there is: nothing is shared here but the engine.
    @Test func `each venue of a run decides and earns what it would alone`() throws {
        let bench = try Bench()
        let both = try bench.pass(
            [try bench.both()], try bench.workplace(of: [Bench.north, Bench.south]))
        for (index, domain) in [Bench.north, Bench.south].enumerated() {
            let alone = try bench.pass([try bench.alone(domain)], try bench.workplace(of: [domain]))
            for (level, own) in zip(both.bands[0].levels, alone.bands[0].levels) {
                let count = level.rivalCount
                let lines = try #require(both.decisions[count]).lines(at: domain)
                #expect(lines.count > 15, "\(domain) against \(count)")
                #expect(lines == alone.decisions[count]?.lines(at: domain))
                let part = level.venues[index]
                #expect(part.netUnits == own.netUnits)
                #expect(part.costs == own.costs)
                #expect(part.result.revenue.bonusUnits == own.result.revenue.bonusUnits)
                #expect(part.result.settlements == own.result.settlements)
                #expect(part.result.wonCount == own.result.tally.wonCount)
                #expect(part.result.notWonCount == own.result.tally.notWonCount)
            }
        }
        let levels = both.bands[0].levels
        #expect(levels[0].venues.map(\.result.wonCount) == [8, 5])
        for level in levels {
            #expect(level.result.isReconciled)
            #expect(level.netUnits == level.venues.reduce(.zero) { $0 + $1.netUnits })
            #expect(level.costs.missedCount == level.venues.reduce(0) { $0 + $1.costs.missedCount })
        }
        #expect(levels[2].costs.missedCount > 0)
    }

    @Test func `a recording of each venue is the same as one of both`() throws {
        let bench = try Bench()
        let workplace = try bench.workplace(of: [Bench.north, Bench.south])
        let one = try bench.pass([try bench.both()], workplace)
        let two = try bench.pass(
            [try bench.alone(Bench.south), try bench.alone(Bench.north)], workplace)
        for domain in [Bench.north, Bench.south] {
            #expect(one.decisions[1]?.lines(at: domain) == two.decisions[1]?.lines(at: domain))
        }
        #expect(one.bands[0].levels.map(\.netUnits) == two.bands[0].levels.map(\.netUnits))
    }

    /// Each venue has a wallet; the limits are one for all.
    @Test func `limits are shared, and a close at one venue takes room from another`() throws {
        let bench = try Bench()
        let both = [Bench.north, Bench.south]
        let path = try bench.record(
            Bench.woven(try bench.crowd(at: Bench.north), try bench.crowd(at: Bench.south)),
            of: both, to: "crowds")
        let limit = (old: "\"openIntents\": 40", new: "\"openIntents\": 3")
        let alone = RivalModel(mode: .firstCome, counts: [0], seed: 5)
        let wide = try bench.pass([path], try bench.workplace(of: both), rivals: alone)
        let tight = try bench.pass(
            [path], try bench.workplace(of: both, replacing: limit.old, with: limit.new),
            rivals: alone)
        #expect(Self.mostOpen(try #require(wide.decisions[0])) > 3)
        #expect(Self.mostOpen(try #require(tight.decisions[0])) == 3)
        // Alone each has the whole of it; together whoever is heard first has it first.
        for domain in both {
            let own = try bench.pass(
                [try bench.record(try bench.crowd(at: domain), of: [domain], to: "c-\(domain)")],
                try bench.workplace(of: [domain], replacing: limit.old, with: limit.new),
                rivals: alone)
            let shared = tight.decisions[0]?.lines(at: domain)
            #expect((own.decisions[0]?.lines(at: domain) == shared) == (domain == Bench.north))
        }
    }

    private static func mostOpen(_ decisions: [Decision]) -> Int {
        var (open, most) = (0, 0)
        for decision in decisions {
            switch decision.verdict {
            case .proposed: open += 1
            case .ended: open -= 1
            default: break
            }
            most = max(most, open)
        }
        return most
    }

    @Test func `a venue that falls silent holds nobody up, and what it decided stays`() throws {
        let bench = try Bench()
        let both = [Bench.north, Bench.south]
        let half = try bench.story(at: Bench.south).filter {
            $0.receivedAt < EvidenceBench.start + .seconds(40)
        }
        let workplace = try bench.workplace(of: both)
        let cut = try bench.pass(
            [
                try bench.record(
                    Bench.woven(try bench.story(at: Bench.north), half), of: both, to: "cut")
            ], workplace)
        let whole = try bench.pass([try bench.both()], workplace)
        let last = try #require(half.last?.receivedAt)
        for count in [0, 1, 3] {
            let (cut, whole) = (try #require(cut.decisions[count]), whole.decisions[count] ?? [])
            #expect(cut.lines(at: Bench.north) == whole.lines(at: Bench.north))
            let before = whole.filter { $0.decidedAt <= last }.lines(at: Bench.south)
            #expect(before.count > 5)
            #expect(
                cut.filter { $0.decidedAt <= last }.lines(at: Bench.south) == before)
            #expect(cut.lines(at: Bench.south).count < whole.lines(at: Bench.south).count)
        }
        #expect(cut.bands[0].levels.count(where: \.result.isReconciled) == 3)
    }

    @Test func `a venue without accounts has nothing, and takes nothing`() throws {
        let bench = try Bench()
        let both = [Bench.north, Bench.south]
        let empty = try bench.story(at: Bench.south).map { event in
            guard case .accountsReplaced(let market, _) = event.body else { return event }
            return Event(
                sequence: event.sequence, domain: event.domain, receivedAt: event.receivedAt,
                height: event.height, body: .accountsReplaced(market, []))
        }
        let run = try bench.pass(
            [
                try bench.record(
                    Bench.woven(try bench.story(at: Bench.north), empty), of: both, to: "empty")
            ], try bench.workplace(of: both))
        let alone = try bench.pass(
            [try bench.alone(Bench.north)], try bench.workplace(of: [Bench.north]))
        for (level, own) in zip(run.bands[0].levels, alone.bands[0].levels) {
            #expect(level.netUnits == own.netUnits)
            #expect(level.venues[1].netUnits.isZero)
            #expect(level.venues[1].result.reconciliation.isClean)
        }
        #expect(run.decisions[1]?.lines(at: Bench.south) == [])
    }

    /// Both stories have a borrower-0 in the same market; a rival's draws hang on that name.
    @Test func `the same account at both venues is two accounts`() throws {
        let bench = try Bench()
        let run = try bench.pass(
            [try bench.both()], try bench.workplace(of: [Bench.north, Bench.south]))
        let closed = try #require(run.decisions[0]).filter { $0.verdict.label == "ended-won" }
            .filter { $0.target.account == AccountID("borrower-0") }
        #expect(closed.map(\.target.domain) == [Bench.north, Bench.south])
    }

    @Test func `what does not fit the configuration is refused by name`() throws {
        let bench = try Bench()
        let (north, south) = (Bench.north, Bench.south)
        func refusal(_ paths: [String], _ domains: [DomainID]) throws -> String {
            let workplace = try bench.workplace(of: domains)
            let stop = #expect(throws: KeeperStop.self) {
                _ = try bench.pass(paths, workplace)
            }
            return stop?.description ?? ""
        }
        let both = try bench.both()
        let unnamed = try refusal([both], [north])
        #expect(
            unnamed.hasSuffix(
                "is of 'south', and the configuration names north; "
                    + "give it a configuration that names it"))
        let silent = try refusal([try bench.alone(north)], [north, south])
        #expect(silent.hasPrefix("no recording is of 'south', which the configuration names"))
        let twice = try refusal([both, try bench.alone(south)], [north, south])
        #expect(twice.contains("is of 'south', and so is \(both)"))
    }
}
