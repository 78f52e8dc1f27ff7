import KeeperFeeds
package import KeeperModel
package import KeeperRuntime

/// Copies of a recording with one thing about time changed, for checks that ask what a run would
/// have been had it known less.
package struct RecordingEdit {
    private let reader: RecordingReader
    private let path: String

    package init(_ path: String) throws(KeeperStop) {
        self.path = path
        reader = try Self.reading(path) { () throws(RecordingError) in
            try RecordingReader(path: path)
        }
    }

    /// From the first event to the last; nil where there is none.
    package var extent: (first: Instant, last: Instant)? {
        let frames = reader.frames.filter { $0.header.kind == .rows(.event) }
        guard let first = frames.first, let last = frames.last else { return nil }
        return (first.header.firstAvailableAt, last.header.lastAvailableAt)
    }

    /// What was available before an instant and nothing else. Returns when its last event came.
    package func truncated(at end: Instant, to copy: String) throws(KeeperStop) -> Instant? {
        try Self.reading(path) { () throws(RecordingError) in
            try RecordingTrim(reader, from: nil, before: end).write(to: copy).lastAvailableAt
        }
    }

    /// With every price later by a span, source time and all: what was known at an instant is then
    /// known a bar later. Everything else keeps its time, and what would come behind the last event
    /// is not known any more.
    package func delayingPrices(by span: TimeSpan, to copy: String) throws(KeeperStop) {
        var waiting: [Event] = []
        try write(to: copy) { (event, writer) throws(KeeperStop) in
            while let next = waiting.first, next.receivedAt <= event.receivedAt {
                try writer.append(next)
                waiting.removeFirst()
            }
            if let late = event.delayingPrices(by: span) {
                waiting.append(late)
            } else {
                try writer.append(event)
            }
            return true
        }
    }

    private func write(
        to copy: String,
        _ take: (Event, EventCopy) throws(KeeperStop) -> Bool
    ) throws(KeeperStop) {
        let writer = try Self.reading(copy) { () throws(RecordingError) in
            try RecordingWriter(path: copy, header: reader.header)
        }
        let events = EventCopy(writer)
        var source = EventSource(reader, path: path)
        while let event = try source.next(), try take(event, events) {}
        try Self.reading(copy) { () throws(RecordingError) in try writer.close() }
    }

    fileprivate static func reading<Result>(
        _ path: String, _ body: () throws(RecordingError) -> Result
    ) throws(KeeperStop) -> Result {
        do {
            return try body()
        } catch {
            throw KeeperStop(.recording, "\(path): \(error)")
        }
    }
}

/// Events into a new recording, numbered anew.
package final class EventCopy {
    private let writer: RecordingWriter
    private var sequence: UInt64 = 0

    fileprivate init(_ writer: RecordingWriter) {
        self.writer = writer
    }

    fileprivate func append(_ event: Event) throws(KeeperStop) {
        sequence += 1
        let numbered = Event(
            sequence: sequence, domain: event.domain, receivedAt: event.receivedAt,
            height: event.height, body: event.body, moreFollows: event.moreFollows)
        do {
            try writer.append(RecordingRow(numbered, eventAt: event.receivedAt))
        } catch {
            throw KeeperStop(.recording, "copying a recording: \(error)")
        }
    }
}

extension Event {
    /// Nil for everything but prices that decide who may be closed.
    fileprivate func delayingPrices(by span: TimeSpan) -> Event? {
        guard case .pricesPublished(let updates) = body,
            updates.contains(where: { $0.kind == .eligible })
        else { return nil }
        let late = updates.map { update in
            PriceUpdate(
                asset: update.asset, kind: update.kind, price: update.price, round: update.round,
                sourceAt: update.sourceAt + span)
        }
        return Event(
            sequence: sequence, domain: domain, receivedAt: receivedAt + span, height: height,
            body: .pricesPublished(late))
    }
}
