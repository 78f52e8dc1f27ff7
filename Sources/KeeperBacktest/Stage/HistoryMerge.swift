import KeeperFeeds
package import KeeperModel
package import KeeperRuntime

/// Several recordings as one stream, in the order in which things became available; at the same
/// instant in the order of the files.
package struct HistoryMerge {
    private var sources: [EventSource]
    private var heads: [Event?] = []

    package init(_ sources: [EventSource]) throws(KeeperStop) {
        self.sources = sources
        for index in self.sources.indices { heads.append(try self.sources[index].next()) }
    }

    /// Everything of the next instant.
    package mutating func nextInstant() throws(KeeperStop) -> (at: Instant, events: [Event])? {
        guard let first = heads.earliestHead(at: \.receivedAt),
            let instant = heads[first]?.receivedAt
        else { return nil }
        var events: [Event] = []
        while let number = heads.earliestHead(at: \.receivedAt), let head = heads[number],
            head.receivedAt == instant
        {
            events.append(head)
            heads[number] = try sources[number].next()
        }
        return (instant, events)
    }
}
