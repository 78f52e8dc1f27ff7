import KeeperFeeds
package import KeeperModel
package import KeeperRuntime

/// Imported history as the venues of a run hear it, in the order in which things are said.
///
/// Stages know nothing of each other, and each reads the recordings by itself: what is said at one,
/// and the conditions that hold there between two words, are the same with others beside it.
package struct HistoryFeed {
    private var histories: [StageHistory]
    /// What each stage says next.
    private var heads: [[FeedLetter]?]
    /// Whose word was told last: its conditions move on only when that was handled.
    private var told: [Int]

    /// In the order of the configuration's venues.
    package init(_ stages: [StageFeed], sources: [EventSource]) throws(KeeperStop) {
        precondition(!stages.isEmpty, "History happens somewhere")
        histories = try stages.map { stage throws(KeeperStop) in
            try StageHistory(stage, sources)
        }
        heads = Array(repeating: nil, count: stages.count)
        told = Array(stages.indices)
    }

    package var stages: [StageFeed] { histories.map(\.stage) }

    /// The letters of one stage at the next instant at which there are any; nil behind the last. At
    /// the same instant stages speak in their order.
    package mutating func next() throws(KeeperStop) -> [FeedLetter]? {
        for index in told { heads[index] = try histories[index].next() }
        told = []
        let instants = heads.map { $0?.first?.receivedAt }
        guard let source = instants.earliest?.source else { return nil }
        told = [source]
        return heads[source]
    }

    /// A stage that never opened shows nothing.
    func requireOpened() throws(KeeperStop) {
        guard let closed = stages.first(where: { $0.openedAt == nil }) else { return }
        let whose = histories.count == 1 ? "" : " of '\(closed.domain)'"
        throw KeeperStop(
            .recording, "no recording has a price of each asset of the stage" + whose)
    }
}

/// One stage with a reading of history of its own.
private struct StageHistory {
    private(set) var stage: StageFeed
    private var merge: HistoryMerge
    private var held: (at: Instant, events: [Event])?

    init(_ stage: StageFeed, _ sources: [EventSource]) throws(KeeperStop) {
        self.stage = stage
        merge = try HistoryMerge(sources)
    }

    mutating func next() throws(KeeperStop) -> [FeedLetter]? {
        while true {
            if held == nil { held = try merge.nextInstant() }
            if let letters = try stage.happening(until: held?.at) {
                if letters.isEmpty { continue }
                return letters
            }
            guard let (instant, events) = held else { return nil }
            held = nil
            let letters = try stage.take(events, at: instant)
            if !letters.isEmpty { return letters }
        }
    }
}
