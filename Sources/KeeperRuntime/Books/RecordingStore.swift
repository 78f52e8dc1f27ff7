package import KeeperFeeds
package import KeeperModel

/// The recording of a run: every event that the engine handled, outcomes and timers included, in
/// the order in which it handled them.
package final class RecordingStore: EventSink {
    private let writer: RecordingWriter

    package init(_ writer: RecordingWriter) {
        self.writer = writer
    }

    package func append(_ event: Event) throws(KeeperStop) {
        do {
            try writer.append(RecordingRow(event, eventAt: event.receivedAt))
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
