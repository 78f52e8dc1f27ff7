import KeeperBacktest
import KeeperFeeds
import KeeperModel
import KeeperRuntime
import Testing
import WideMath

/// A recording of a keeper has in it what its own closes did to the accounts.
@Suite struct OwnClosesTests {
    typealias Bench = SeveralVenuesBench
    private static let domains = [Bench.north, Bench.south]
    private static let alone = RivalModel(mode: .firstCome, counts: [0], seed: 5)
    private static let repeated = AccountID("borrower-0")

    /// The same feeds twice: beside no keeper, and beside one whose closes the venue told of as it
    /// would of anybody's. In both, an owner brings five coins later.
    private func recordings(
        _ bench: Bench, tellingOf ending: Ending
    ) throws -> (feeds: String, run: String) {
        let stories = try Self.domains.map { try bench.story(at: $0) }
        let bare = Bench.woven(stories[0], stories[1])
        let events = EventList()
        let plain = try bench.record(bare, of: Self.domains, to: "bare-\(ending)")
        let workplace = try bench.workplace(of: Self.domains)
        _ = try Backtest(workplace, recording: plain).run(
            [Bench.strategy], decisions: DecisionStore(nil), events: events)
        let known = Self.accounts(of: bare)
        let run =
            events.events.map { told($0, ending, known) } + [
                Self.deposit(ending, known), Self.resync(ending, known),
            ]
        let header = Bench.header(of: Self.domains, keyPrefix: Backtest.keyPrefix)
        return (
            feeds: try bench.record(
                Bench.woven(bare, [Self.deposit(.nothing, known), Self.resync(.nothing, known)]),
                of: Self.domains,
                to: "feeds-\(ending)"),
            run: try bench.record(Bench.woven(run), header: header, to: "run-\(ending)")
        )
    }

    enum Ending { case nothing, half, gone }

    /// The house's own simulator hides an account that it closed; a venue tells what is left of it.
    private func told(
        _ event: Event, _ ending: Ending, _ known: [Target: AccountState]
    ) -> Event {
        guard ending == .half,
            case .accountsChanged(let market, let changed, let removed) = event.body
        else { return event }
        let left = removed.compactMap { account in
            known[Target(domain: event.domain, market: market, account: account)]?.halved
        }
        return event.saying(.accountsChanged(market, changed: changed + left, removed: []))
    }

    private static func accounts(of events: [Event]) -> [Target: AccountState] {
        var known: [Target: AccountState] = [:]
        for event in events {
            guard case .accountsReplaced(let market, let states) = event.body else { continue }
            for state in states {
                known[
                    Target(domain: event.domain, market: market, account: state.account)] = state
            }
        }
        return known
    }

    /// Of an account in the south, long after it was closed.
    private static func deposit(_ ending: Ending, _ known: [Target: AccountState]) -> Event {
        let target = known.keys.first { $0.domain == Bench.south && $0.account == repeated }
        guard let target, let state = known[target] else {
            preconditionFailure("The stories have this borrower")
        }
        let before = ending == .half ? state.halved : state
        return Event(
            sequence: 1, domain: Bench.south, receivedAt: EvidenceBench.start + .seconds(60),
            height: 35,
            body: .accountsChanged(target.market, changed: [before.withCoins(5)], removed: []))
    }

    /// Everybody in the south is told of anew: whom our closes left nothing is not among them.
    private static func resync(_ ending: Ending, _ known: [Target: AccountState]) -> Event {
        let own = known.keys.filter { $0.domain == Bench.south }.sorted()
        let states = own.compactMap { target -> AccountState? in
            guard let state = known[target] else { return nil }
            let left = ending == .half ? state.halved : state
            guard target.account == repeated else { return ending == .gone ? nil : left }
            return left.withCoins(5)
        }
        return Event(
            sequence: 1, domain: Bench.south, receivedAt: EvidenceBench.start + .seconds(105),
            height: 61, body: .accountsReplaced(own[0].market, states))
    }

    @Test(arguments: [Ending.half, .gone])
    func `a run is backtested as if it had been recorded beside no keeper`(
        ending: Ending
    ) throws {
        let bench = try Bench()
        let (feeds, run) = try recordings(bench, tellingOf: ending)
        // Slower than the keeper was: whoever is told of its closes comes too late for them.
        let slow = try bench.workplace(
            of: Self.domains, replacing: "50 ms", with: "90 ms")
        let expected = try bench.pass([feeds], slow, rivals: Self.alone)
        let found = try bench.pass([run], slow, rivals: Self.alone)
        for domain in Self.domains {
            let lines = try #require(expected.decisions[0]).lines(at: domain)
            #expect(lines.count > 15)
            #expect(try #require(found.decisions[0]).lines(at: domain) == lines, "\(domain)")
        }
        let level = found.bands[0].levels[0]
        #expect(level.result.tally.wonCount == 13)
        #expect(level.netUnits == expected.bands[0].levels[0].netUnits)
        #expect(try positions(run, slow) == positions(feeds, slow))
    }

    /// As the feed leaves them behind.
    private func positions(
        _ path: String, _ workplace: Workplace
    ) throws -> [Target: AccountPosition] {
        var feed = try RecordedFeed.open(
            [(path, try RecordingReader(path: path))], workplace.config)
        var positions: [Target: AccountPosition] = [:]
        while let event = try feed.next() {
            func target(_ market: MarketID, _ account: AccountID) -> Target {
                Target(domain: event.domain, market: market, account: account)
            }
            switch event.body {
            case .accountsReplaced(let market, let states):
                positions = positions.filter {
                    $0.key.domain != event.domain || $0.key.market != market
                }
                for state in states { positions[target(market, state.account)] = state.position }
            case .accountsPaged(let market, let page):
                for state in page.states {
                    positions[target(market, state.account)] = state.position
                }
            case .accountsChanged(let market, let changed, let removed):
                for state in changed { positions[target(market, state.account)] = state.position }
                for account in removed { positions[target(market, account)] = nil }
            default: break
            }
        }
        return positions
    }
}

extension Event {
    fileprivate func saying(_ body: EventBody) -> Event {
        Event(
            sequence: sequence, domain: domain, receivedAt: receivedAt, height: height, body: body)
    }
}

extension AccountState {
    /// Half of it was closed.
    fileprivate var halved: AccountState { changed { $0 / UInt256(2) } }

    fileprivate func withCoins(_ count: UInt64) -> AccountState {
        guard case .lending(var position) = position else { return self }
        position.collateral = position.collateral.map {
            ScaledBalance(
                asset: $0.asset,
                scaledAmount: $0.scaledAmount + UInt256(count)
                    * UInt256(1_000_000_000_000_000_000))
        }
        return AccountState(account: account, version: version + 1, position: .lending(position))
    }

    private func changed(_ amount: (UInt256) -> UInt256) -> AccountState {
        guard case .lending(var position) = position else { return self }
        func each(_ balances: [ScaledBalance]) -> [ScaledBalance] {
            balances.map {
                ScaledBalance(asset: $0.asset, scaledAmount: amount($0.scaledAmount))
            }
        }
        (position.collateral, position.debts) = (each(position.collateral), each(position.debts))
        return AccountState(account: account, version: version + 1, position: .lending(position))
    }
}
