import KeeperEngine
import KeeperJournal
import KeeperModel
import KeeperRuntime
import VenueSimulator
package import WideMath

/// One engine with its books and its rivals at every venue, fed letter by letter.
final class BacktestRun {
    let strategies: [StrategyName]
    let rivalCount: Int
    private let workplace: Workplace
    private let journal: Journal
    private let session: VirtualSession
    private let races: Races
    private let model: RivalModel

    init(
        _ strategies: [StrategyName], rivalCount: Int, model: RivalModel, workplace: Workplace,
        boards: ConditionsBoards, decisions: any DecisionSink, events: (any EventSink)?,
        witness: RunWitness?
    ) throws(KeeperStop) {
        self.strategies = strategies
        self.rivalCount = rivalCount
        self.workplace = workplace
        self.model = model
        let config = workplace.config
        journal = try stopping("books in memory") { () throws(JournalError) in
            try Journal(path: ":memory:")
        }
        var byDomain: [DomainID: Race] = [:]
        for venue in config.venues {
            byDomain[venue.domain] = Race(
                model, rivalCount: rivalCount,
                execution: ExecutionModel(latency: venue.dryLatency),
                board: boards.board(of: venue.domain))
        }
        races = Races(byDomain, decisions: witness ?? decisions)
        session = VirtualSession(
            engine: Engine(
                settings: workplace.settings(keyPrefix: Backtest.keyPrefix, only: strategies)),
            books: SessionBooks(
                journal: JournalStore(journal), decisions: races, events: witness ?? events),
            venues: config.venues.map {
                VirtualVenue($0, of: Backtest.keeper, followsPlaces: boards.followsPlaces)
            })
        races.join(session)
        witness?.watch(session.keeper)
    }

    func take(_ letter: FeedLetter) throws(KeeperStop) {
        guard model.mode == .historical, case .closesObserved(let closes) = letter.body,
            let desk = session.desk(of: letter.domain)
        else {
            try session.take(letter)
            if case .pricesPublished = letter.body {
                races.race(at: letter.domain)?.lookAtPlaces()
            }
            return
        }
        try session.take(closes, at: desk, heardIn: letter)
    }

    func finish() throws(KeeperStop) -> BacktestLevel {
        try session.finish()
        let result = try BacktestResult(session, journal, workplace.config)
        let costs = result.venues.map { races.race(at: $0.domain)?.costs ?? RaceCosts() }
        return BacktestLevel(rivalCount: rivalCount, result: result, venueCosts: costs)
    }
}

extension VirtualSession {
    /// Real closes of the past, each at its own time. What our own close came before is void; what
    /// our accounts do not know stays news and nothing more.
    fileprivate func take(
        _ closes: [ObservedClose], at desk: VirtualDesk, heardIn letter: FeedLetter
    ) throws(KeeperStop) {
        // Whatever of ours is included before them comes first.
        try take(
            FeedLetter(
                domain: letter.domain, receivedAt: letter.receivedAt, height: letter.height,
                body: .closesObserved([])))
        var unknown: [ObservedClose] = []
        for close in closes {
            let isOurs = desk.venue.forks.hasEarned(close.target.market, close.target.account)
            let hasClosed = desk.closeByOther(
                close.target, named: close.keeper, gainMinUnits: .min, real: close)
            if !hasClosed, !isOurs { unknown.append(close) }
        }
        try take(
            FeedLetter(
                domain: letter.domain, receivedAt: letter.receivedAt, height: letter.height,
                body: .closesObserved(unknown)))
    }
}

/// A strategy against so many rivals.
package struct BacktestLevel {
    package let rivalCount: Int
    package let result: BacktestResult
    /// Of each venue, in the order of the result's.
    package let venueCosts: [RaceCosts]

    /// Of all venues together.
    package var costs: RaceCosts { venueCosts.reduce(RaceCosts(), +) }

    /// What is left when calls and bids are paid. Means nothing where the units differ.
    package var netUnits: Int256 { Self.net(result.revenue, costs) }

    /// One venue's part in it.
    package struct AtVenue {
        package let result: VenueResult
        package let costs: RaceCosts
        package var netUnits: Int256 { BacktestLevel.net(result.revenue, costs) }
    }

    package var venues: [AtVenue] {
        zip(result.venues, venueCosts).map { AtVenue(result: $0, costs: $1) }
    }

    private static func net(_ revenue: RevenueReport, _ costs: RaceCosts) -> Int256 {
        revenue.netUnits - costs.gasUnits - costs.bidUnits
    }
}

/// A strategy over the whole band of rivals.
package struct BacktestBand {
    package let name: String
    package let levels: [BacktestLevel]

    /// Whether the venues' amounts may be added up.
    package var hasOneUnit: Bool { levels.allSatisfy(\.result.hasOneUnit) }

    /// From the worst to the best net, of those levels at which there is anybody else. Nil where
    /// there is no such level: without rivals there is no headline. Nor is there one where venues
    /// count in different units: only each has its own.
    package func headline(of model: RivalModel) -> ClosedRange<Int256>? {
        guard hasOneUnit else { return nil }
        return range(of: model, \.netUnits)
    }

    /// The same of one venue, by its place in the configuration.
    package func headline(of model: RivalModel, atVenue index: Int) -> ClosedRange<Int256>? {
        range(of: model) { $0.venues[index].netUnits }
    }

    private func range(
        of model: RivalModel, _ net: (BacktestLevel) -> Int256
    ) -> ClosedRange<Int256>? {
        let nets = levels.filter { $0.rivalCount > 0 || model.mode == .historical }.map(net)
        guard let low = nets.min(), let high = nets.max() else { return nil }
        return low...high
    }
}
