import KeeperFeeds
package import KeeperModel
package import KeeperRuntime

/// Several recordings as one stream, in the order in which things became available; at the same
/// instant in the order of the files.
package struct HistoryMerge {
    private var sources: [EventSource]
    private var heads: [Event?] = []
    /// When each head is due.
    private var instants: [Instant?] = []

    package init(_ sources: [EventSource]) throws(KeeperStop) {
        self.sources = sources
        for index in self.sources.indices {
            let head = try self.sources[index].next()
            heads.append(head)
            instants.append(head?.receivedAt)
        }
    }

    package mutating func next() throws(KeeperStop) -> Event? {
        guard let next = instants.earliest else { return nil }
        return try take(next.source)
    }

    private mutating func take(_ source: Int) throws(KeeperStop) -> Event? {
        let event = heads[source]
        heads[source] = try sources[source].next()
        instants[source] = heads[source]?.receivedAt
        return event
    }

    /// Everything of the next instant.
    package mutating func nextInstant() throws(KeeperStop) -> (at: Instant, events: [Event])? {
        guard let instant = instants.earliest?.at else { return nil }
        var events: [Event] = []
        while let next = instants.earliest, next.at == instant, let event = try take(next.source) {
            events.append(event)
        }
        return (instant, events)
    }
}
