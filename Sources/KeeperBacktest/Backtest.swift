import KeeperEngine
import KeeperFeeds
import KeeperJournal
package import KeeperModel
package import KeeperRuntime

/// One strategy over recordings: feeds as recorded, outcomes from the simulator on counterfactual
/// accounts, books in memory. Every venue of the configuration plays, each as recorded.
package struct Backtest {
    private let workplace: Workplace
    private let paths: [String]

    /// Of client ids: they never leave the simulator.
    package static let keyPrefix = "b"

    package init(_ workplace: Workplace, recording path: String) {
        self.init(workplace, recordings: [path])
    }

    /// Of one recording, or of several that are of a venue each.
    package init(_ workplace: Workplace, recordings paths: [String]) {
        self.workplace = workplace
        self.paths = paths
    }

    /// A witness stands before both sinks, and hands on what it gets to sinks of its own.
    package func run(
        _ strategies: [StrategyName], decisions: any DecisionSink,
        events: (any EventSink)? = nil, witness: RunWitness? = nil
    ) throws(KeeperStop) -> BacktestResult {
        let config = workplace.config
        var feed = try RecordedFeed.open(try opened(), config)
        let journal = try stopping("books in memory") { () throws(JournalError) in
            try Journal(path: ":memory:")
        }
        let session = VirtualSession(
            engine: Engine(
                settings: workplace.settings(keyPrefix: Self.keyPrefix, only: strategies)),
            books: SessionBooks(
                journal: JournalStore(journal),
                decisions: witness ?? decisions, events: witness ?? events),
            venues: config.venues.map { VirtualVenue($0, of: Self.keeper) })
        witness?.watch(session.keeper)
        while let event = try feed.next() { try session.take(FeedLetter(event)) }
        try session.finish()
        return try BacktestResult(session, journal, config)
    }

    static let keeper = "dry"

    private func opened() throws(KeeperStop) -> [OpenRecording] {
        try paths.map { path throws(KeeperStop) in
            do {
                return (path, try RecordingReader(path: path))
            } catch {
                throw KeeperStop(.recording, "\(path): \(error)")
            }
        }
    }
}

extension FeedLetter {
    /// As it was recorded.
    init(_ event: Event) {
        self.init(
            domain: event.domain, receivedAt: event.receivedAt, height: event.height,
            body: event.body)
    }
}
