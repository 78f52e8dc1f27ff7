import KeeperCodec
package import KeeperJournal
package import KeeperModel

/// Decisions in their own SQLite file, gathered and written a batch at a time, and on request also
/// as lines of text, in the order in which they were made.
package final class DecisionStore: DecisionSink {
    private let log: DecisionLog?
    private let writeLine: (([UInt8]) throws(KeeperStop) -> Void)?
    /// Told of each decision, for a log: never for another decision.
    package var observe: ((Decision) -> Void)?
    private var pending: [Decision] = []
    private var trimAt = Instant(nanoseconds: .min)
    private static let batchMax = 256

    package init(
        _ log: DecisionLog?, writeLine: (([UInt8]) throws(KeeperStop) -> Void)? = nil
    ) {
        self.log = log
        self.writeLine = writeLine
    }

    package func append(_ decision: Decision) throws(KeeperStop) {
        try writeLine?(decision.jsonBytes + [UInt8(ascii: "\n")])
        observe?(decision)
        guard log != nil else { return }
        pending.append(decision)
        if pending.count >= Self.batchMax { try flush() }
    }

    package func flush() throws(KeeperStop) {
        guard let log, !pending.isEmpty else { return }
        let batch = pending
        pending = []
        try stopping("recording decisions") { () throws(JournalError) in try log.append(batch) }
    }

    /// Keeps decisions within their time and their room on disk: the oldest go first. Looks no more
    /// than once a minute, and where there is too much takes away one part in ten.
    package func trim(
        keeping span: TimeSpan, byteCountMax: UInt64, at now: Instant
    ) throws(KeeperStop) {
        guard let log, now >= trimAt else { return }
        trimAt = now + .seconds(60)
        try stopping("forgetting old decisions") { () throws(JournalError) in
            _ = try log.forget(before: Instant(nanoseconds: now.nanoseconds - span.nanoseconds))
            while try log.byteCount() > byteCountMax, try log.forgetOldest(onePartIn: 10) > 0 {}
        }
    }
}
