package import KeeperCodec
package import KeeperEngine
package import KeeperFeeds
package import KeeperModel

/// The recording of a run: every event that the engine handled, outcomes and timers included, in
/// the order in which it handled them.
package final class RecordingStore: EventSink {
    private let writer: RecordingWriter
    private var exchangeCount: UInt64 = 0
    private var lastExchangeAt = Instant(nanoseconds: .min)
    private let checkpoints: CheckpointConfig
    private var eventsSinceCheckpoint = 0

    package init(_ writer: RecordingWriter, checkpoints: CheckpointConfig) {
        self.writer = writer
        self.checkpoints = checkpoints
    }

    /// Every so many events, and a little later while a set of accounts is half in.
    package func noteHandled(
        _ event: Event, by engine: Engine, adopted: SettingsTexts?
    ) throws(KeeperStop) {
        eventsSinceCheckpoint += 1
        guard checkpoints.everyEvents > 0, eventsSinceCheckpoint >= checkpoints.everyEvents,
            engine.load.accountCount <= checkpoints.accountsMax,
            let row = RecordedCheckpoint.row(engine, adopted: adopted, after: event)
        else { return }
        eventsSinceCheckpoint = 0
        do {
            try writer.append(row)
        } catch {
            throw KeeperStop(.recording, "writing the recording: \(error)")
        }
    }

    package func append(_ event: Event) throws(KeeperStop) {
        do {
            try writer.append(RecordingRow(event, eventAt: event.receivedAt))
        } catch {
            throw KeeperStop(.recording, "writing the recording: \(error)")
        }
    }

    /// What was said on the wire, as it was said: the truth that events are made from.
    package func append(
        _ exchange: RawExchange, startedAt: Instant, endedAt: Instant
    ) throws(KeeperStop) {
        exchangeCount += 1
        lastExchangeAt = max(lastExchangeAt, endedAt)
        do {
            try writer.append(
                RecordingRow(
                    exchange, availableAt: lastExchangeAt, eventAt: startedAt,
                    sequence: exchangeCount))
        } catch {
            throw KeeperStop(.recording, "writing the recording: \(error)")
        }
    }

    package func flush() throws(KeeperStop) {
        do {
            try writer.flush()
        } catch {
            throw KeeperStop(.recording, "writing the recording: \(error)")
        }
    }

    package func close() throws(KeeperStop) {
        do {
            try writer.close()
        } catch {
            throw KeeperStop(.recording, "finishing the recording: \(error)")
        }
    }
}
