import KeeperEngine
import KeeperFeeds
import KeeperJournal
package import KeeperModel

/// A second keeper beside the one that runs: other settings, the same letters from the feeds, and a
/// desk behind which only the simulator stands. It is put together in this room, which is linked
/// with nothing that could send.
///
/// It begins like a dry run, with a wallet of its own and empty books, and lives in memory but for
/// its decisions. Whatever goes wrong with it ends it and not the keeper that it stands beside.
package final class Shadow {
    package let keeper: Keeper
    private let desks: VirtualDesks
    private let lines: LineFile
    private let comparison: ShadowComparison
    private var hasBegun = false
    /// Why it is not there any more.
    package private(set) var problem: String?

    init(
        _ workplace: Workplace, journal: Journal, decisions: LineFile,
        comparison: ShadowComparison, timetable: any Timetable
    ) {
        let config = workplace.config
        let mailbox = LetterBox()
        desks = VirtualDesks(
            config.venues.map { venue in
                VirtualDesk(
                    venue, of: "shadow", timetable: timetable, post: mailbox.post)
            })
        keeper = Keeper(
            engine: Engine(settings: workplace.settings(keyPrefix: "s")),
            parts: KeeperParts(
                desk: desks.board, journal: JournalStore(journal),
                decisions: ComparedDecisions(
                    DecisionStore(nil, writeLine: decisions.append), comparison, .shadow),
                alarm: TimetableAlarm(timetable, post: mailbox.post), events: nil,
                resyncing: nil))
        mailbox.keeper = keeper
        lines = decisions
        self.comparison = comparison
    }

    package var counts: ShadowComparison.Counts { comparison.counts }

    /// A letter of the feeds, as the other keeper gets it.
    package func pass(_ letter: FeedLetter) {
        guard problem == nil else { return }
        desks.pass(letter)
    }

    /// Handles one letter. False where there was none.
    package func turn(now: Instant) -> Bool {
        guard problem == nil else { return false }
        do {
            if !hasBegun {
                hasBegun = true
                try keeper.recover(now: now)
            }
            return try keeper.turn()
        } catch {
            problem = error.description
            return false
        }
    }

    package func save() {
        guard problem == nil else { return }
        do {
            try lines.flush()
        } catch {
            problem = error.description
        }
    }

    package func close() {
        guard problem == nil else { return }
        do {
            try lines.close()
        } catch {
            problem = error.description
        }
    }

    /// For whoever reads the end of a run.
    package var summary: String {
        let counts = counts
        return "\(counts.both) closes proposed by both, \(counts.onlyLive) by the keeper alone, "
            + "\(counts.onlyShadow) by the shadow alone"
            + (problem.map { "; it ended early: \($0)" } ?? "")
    }
}

/// Who proposed to close what: an account in a version, by each side or by both.
package final class ShadowComparison {
    package enum Side: Hashable, Sendable {
        case live
        case shadow
    }

    package struct Counts: Hashable, Sendable {
        package fileprivate(set) var both: UInt64 = 0
        package fileprivate(set) var onlyLive: UInt64 = 0
        package fileprivate(set) var onlyShadow: UInt64 = 0
    }

    private struct Subject: Hashable {
        let target: Target
        let version: UInt64
    }

    package private(set) var counts = Counts()
    private var proposed: [Subject: Set<Side>] = [:]
    /// Bounds memory: what is forgotten stays counted as it was.
    private let subjectsMax: Int

    package init(subjectsMax: Int = 100_000) {
        precondition(subjectsMax > 0, "A comparison remembers something")
        self.subjectsMax = subjectsMax
    }

    package func note(_ decision: Decision, by side: Side) {
        guard case .proposed = decision.verdict else { return }
        let subject = Subject(target: decision.target, version: decision.accountVersion)
        if proposed[subject] == nil, proposed.count >= subjectsMax { proposed = [:] }
        let before = proposed[subject] ?? []
        guard proposed[subject, default: []].insert(side).inserted else { return }
        switch (side, before.isEmpty) {
        case (.live, true): counts.onlyLive += 1
        case (.shadow, true): counts.onlyShadow += 1
        case (.live, false):
            counts.onlyShadow -= 1
            counts.both += 1
        case (.shadow, false):
            counts.onlyLive -= 1
            counts.both += 1
        }
    }
}

/// Notes what one side decides, on its way to where it is kept.
final class ComparedDecisions: DecisionSink {
    private let sink: any DecisionSink
    private let comparison: ShadowComparison
    private let side: ShadowComparison.Side

    init(
        _ sink: any DecisionSink, _ comparison: ShadowComparison, _ side: ShadowComparison.Side
    ) {
        self.sink = sink
        self.comparison = comparison
        self.side = side
    }

    func append(_ decision: Decision) throws(KeeperStop) {
        comparison.note(decision, by: side)
        try sink.append(decision)
    }
}
