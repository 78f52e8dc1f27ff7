import KeeperEngine
import KeeperFeeds
package import KeeperJournal
package import KeeperModel
package import KeeperRuntime
import VenueSimulator
import WideMath

/// One strategy over one recording: feeds as recorded, outcomes from the simulator on
/// counterfactual accounts, books in memory.
package struct Backtest {
    private let workplace: Workplace
    private let path: String

    /// Of client ids: they never leave the simulator.
    package static let keyPrefix = "b"
    private static let closesMax = 10_000_000

    package init(_ workplace: Workplace, recording path: String) {
        self.workplace = workplace
        self.path = path
    }

    /// A witness stands before both sinks, and hands on what it gets to sinks of its own.
    package func run(
        _ strategies: [StrategyName], decisions: any DecisionSink,
        events: (any EventSink)? = nil, witness: RunWitness? = nil
    ) throws(KeeperStop) -> BacktestResult {
        let reader = try opened()
        let config = workplace.config
        let journal = try stopping("books in memory") { () throws(JournalError) in
            try Journal(path: ":memory:")
        }
        let session = VirtualSession(
            engine: Engine(
                settings: workplace.settings(keyPrefix: Self.keyPrefix, only: strategies)),
            books: SessionBooks(
                journal: JournalStore(journal),
                decisions: witness ?? decisions, events: witness ?? events),
            venue: CounterfactualVenue(
                keeper: Self.keeper, wallet: config.venue.dryWallet,
                reserve: config.venue.dryReserve),
            domain: config.venue.domain, latency: config.dryRun.latency)
        witness?.watch(session.keeper)
        var source = EventSource(reader, path: path)
        try session.run(&source)
        return try Self.result(of: session, journal, config)
    }

    static let keeper = "dry"

    /// What the books say at the end, held against the venue's own.
    static func result(
        of session: VirtualSession, _ journal: Journal, _ config: Config
    ) throws(KeeperStop) -> BacktestResult {
        let settlements = session.desk.venue.settlements?.records.map(\.record) ?? []
        return try stopping("reading the books") { () throws(JournalError) in
            BacktestResult(
                tally: session.keeper.tally,
                revenue: try RevenueReport(journal, unit: config.unitOfAccount),
                closes: try ClosesReport(journal, unit: config.unitOfAccount),
                journaled: try journal.closes(CloseFilter(countMax: Self.closesMax)).reversed(),
                settlements: settlements,
                reconciliation: try journal.reconcile(
                    against: VenueStatement(
                        domain: config.venue.domain, keeper: keeper, settlements: settlements,
                        balances: session.desk.venue.balances)),
                voidedRivalCloses: session.desk.venue.forks.voidedCount)
        }
    }

    private func opened() throws(KeeperStop) -> RecordingReader {
        do {
            return try RecordingReader(path: path)
        } catch {
            throw KeeperStop(.recording, "\(path): \(error)")
        }
    }
}

package struct BacktestResult {
    package let tally: KeeperTally
    package let revenue: RevenueReport
    package let closes: ClosesReport
    /// The same as values, the earliest first.
    package let journaled: [JournaledClose]
    /// The simulated venue's own records of our closes.
    package let settlements: [SettlementRecord]
    package let reconciliation: Reconciliation
    /// Recorded closes by others on accounts that we would have closed before them.
    package let voidedRivalCloses: UInt64
}
