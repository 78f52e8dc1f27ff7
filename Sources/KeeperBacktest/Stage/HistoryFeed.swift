package import KeeperModel
package import KeeperRuntime

/// Imported history as the venues of a run hear it: one reading of the recordings for all stages,
/// each of which makes of it what a keeper there would have heard. Stages know nothing of each
/// other, so what is said at one is the same with others beside it.
package struct HistoryFeed {
    /// In the order of the configuration's venues.
    package private(set) var stages: [StageFeed]
    private var merge: HistoryMerge
    private var held: (at: Instant, events: [Event])?

    package init(_ stages: [StageFeed], sources: [EventSource]) throws(KeeperStop) {
        precondition(!stages.isEmpty, "History happens somewhere")
        self.stages = stages
        merge = try HistoryMerge(sources)
    }

    /// The letters of the next instant at which there are any; nil behind the last.
    package mutating func next() throws(KeeperStop) -> [FeedLetter]? {
        while true {
            if held == nil { held = try merge.nextInstant() }
            if let letters = try happening(until: held?.at) {
                if letters.isEmpty { continue }
                return letters
            }
            guard let (instant, events) = held else { return nil }
            held = nil
            var letters: [FeedLetter] = []
            for index in stages.indices {
                letters += try stages[index].take(events, at: instant)
            }
            if !letters.isEmpty { return letters }
        }
    }

    /// Where something happens first; at the same instant in the order of the stages.
    private mutating func happening(until end: Instant?) throws(KeeperStop) -> [FeedLetter]? {
        guard stages.count > 1 else { return try stages[0].happening(until: end) }
        let due = stages.indices.compactMap { index in
            stages[index].dueAt(until: end).map { (at: $0, index: index) }
        }.sorted { ($0.at, $0.index) < ($1.at, $1.index) }
        for (_, index) in due {
            if let letters = try stages[index].happening(until: end) { return letters }
        }
        return nil
    }

    /// A stage that never opened shows nothing.
    func requireOpened() throws(KeeperStop) {
        guard let closed = stages.first(where: { $0.openedAt == nil }) else { return }
        let whose = stages.count == 1 ? "" : " of '\(closed.domain)'"
        throw KeeperStop(
            .recording, "no recording has a price of each asset of the stage" + whose)
    }
}
