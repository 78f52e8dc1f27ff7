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
        guard let instant = heads.compactMap({ $0?.receivedAt }).min() else { return nil }
        var events: [Event] = []
        for index in heads.indices {
            while let head = heads[index], head.receivedAt == instant {
                events.append(head)
                heads[index] = try sources[index].next()
            }
        }
        return (instant, events)
    }
}
