import KeeperEngine
import KeeperJournal
import KeeperModel
import KeeperRuntime
import VenueSimulator
package import WideMath

/// One engine with its books and its rivals, fed letter by letter.
final class BacktestRun {
    let strategies: [StrategyName]
    let rivalCount: Int
    private let workplace: Workplace
    private let journal: Journal
    private let session: VirtualSession
    private let race: Race
    private let model: RivalModel

    init(
        _ strategies: [StrategyName], rivalCount: Int, model: RivalModel, workplace: Workplace,
        board: ConditionsBoard, followsPlaces: Bool, decisions: any DecisionSink,
        events: (any EventSink)?, witness: RunWitness?
    ) throws(KeeperStop) {
        self.strategies = strategies
        self.rivalCount = rivalCount
        self.workplace = workplace
        self.model = model
        let config = workplace.config
        journal = try stopping("books in memory") { () throws(JournalError) in
            try Journal(path: ":memory:")
        }
        race = Race(
            model, rivalCount: rivalCount,
            execution: ExecutionModel(latency: config.dryRun.latency), board: board,
            decisions: witness ?? decisions)
        session = VirtualSession(
            engine: Engine(
                settings: workplace.settings(keyPrefix: Backtest.keyPrefix, only: strategies)),
            books: SessionBooks(
                journal: JournalStore(journal), decisions: race, events: witness ?? events),
            venue: CounterfactualVenue(
                keeper: Backtest.keeper, wallet: config.venue.dryWallet,
                reserve: config.venue.dryReserve,
                followsPlaces: followsPlaces),
            domain: config.venue.domain, latency: config.dryRun.latency)
        race.join(session)
        witness?.watch(session.keeper)
    }

    func take(_ letter: FeedLetter) throws(KeeperStop) {
        guard model.mode == .historical, case .closesObserved(let closes) = letter.body else {
            try session.take(letter)
            if case .pricesPublished = letter.body { race.lookAtPlaces() }
            return
        }
        try session.take(closes, heardIn: letter)
    }

    func finish() throws(KeeperStop) -> BacktestLevel {
        try session.finish()
        let result = try Backtest.result(of: session, journal, workplace.config)
        return BacktestLevel(rivalCount: rivalCount, result: result, costs: race.costs)
    }
}

extension VirtualSession {
    /// Real closes of the past, each at its own time. What our own close came before is void; what
    /// our accounts do not know stays news and nothing more.
    fileprivate func take(
        _ closes: [ObservedClose], heardIn letter: FeedLetter
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
    package let costs: RaceCosts

    /// What is left when calls and bids are paid.
    package var netUnits: Int256 {
        result.revenue.netUnits - costs.gasUnits - costs.bidUnits
    }
}

/// A strategy over the whole band of rivals.
package struct BacktestBand {
    package let name: String
    package let levels: [BacktestLevel]

    /// From the worst to the best net, of those levels at which there is anybody else. Nil where
    /// there is no such level: without rivals there is no headline.
    package func headline(of model: RivalModel) -> ClosedRange<Int256>? {
        let nets = levels.filter { $0.rivalCount > 0 || model.mode == .historical }.map(\.netUnits)
        guard let low = nets.min(), let high = nets.max() else { return nil }
        return low...high
    }
}
