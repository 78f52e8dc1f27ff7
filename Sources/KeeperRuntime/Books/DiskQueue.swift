package import KeeperJournal
package import KeeperModel

/// Who waits until what was written is on disk. All that was written in one round waits together
/// for one sync; while that is under way rounds go on, and what they write waits for the next.
package final class DiskQueue {
    package typealias Action = (Instant) -> Void

    private let thread: SyncThread
    /// Written since the last sync began; bounded by the open intents.
    private var waiting: [Action] = []
    /// What the sync that is under way will have carried to disk.
    private var underWay: [Action] = []

    package init(_ thread: SyncThread) {
        self.thread = thread
    }

    func add(_ action: @escaping Action) {
        waiting.append(action)
    }

    /// Tells those whose rows have arrived, and begins the next sync where anybody waits for it. A
    /// sync that failed is not tried again: it would say success over pages that are gone.
    func endRound(at now: Instant) throws(KeeperStop) {
        let isOver = try stopping("carrying the journal to disk") { () throws(JournalError) in
            try thread.takeOutcome()
        }
        if isOver {
            CrashPoint.reached(.syncDone)
            let arrived = underWay
            underWay = []
            for action in arrived { action(now) }
        }
        // Those who were told may have written at once.
        guard !thread.isBusy, !waiting.isEmpty else { return }
        underWay = waiting
        waiting = []
        thread.start()
        CrashPoint.reached(.syncBegun)
    }
}
