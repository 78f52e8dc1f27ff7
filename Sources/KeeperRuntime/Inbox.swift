package import KeeperModel

/// What has arrived and was not handled yet: bounded, with fixed priorities.
///
///     people · outcomes · timers · prices · everything else of the feeds
///
/// Outcomes and timers are bounded by the number of open intents and are never dropped. Where feeds
/// outrun the engine, account changes give way first, and visibly: what is dropped becomes a gap,
/// and a gap forces a resync.
package struct Inbox {
    private var queues: [Deque] = Array(repeating: Deque(), count: Priority.allCases.count)
    private let feedLettersMax: Int
    private let pageRowsMax: Int
    package private(set) var droppedCount: UInt64 = 0

    /// A larger set of accounts is split into pages of so many rows, between which a price can be
    /// handled.
    package init(feedLettersMax: Int = 10_000, pageRowsMax: Int = 256) {
        precondition(feedLettersMax > 0 && pageRowsMax > 0, "A bound of nothing holds nothing")
        self.feedLettersMax = feedLettersMax
        self.pageRowsMax = pageRowsMax
    }

    package var count: Int { queues.reduce(0) { $0 + $1.count } }
    package var isEmpty: Bool { queues.allSatisfy(\.isEmpty) }

    package mutating func post(_ letter: FeedLetter) {
        if case .accountsReplaced(let market, let states) = letter.body,
            states.count > pageRowsMax
        {
            return post(states, of: market, letter)
        }
        let priority = Priority(letter.body)
        guard priority == .feed, queues[priority.rawValue].count >= feedLettersMax else {
            return queues[priority.rawValue].append(letter)
        }
        droppedCount += 1
        let market: MarketID
        switch letter.body {
        case .accountsChanged(let changed, _, _): market = changed
        case .accountsReplaced(let replaced, _): market = replaced
        default: return
        }
        // The gap itself is small, is asked about once, and must not be lost.
        let gap = FeedLetter(
            domain: letter.domain, receivedAt: letter.receivedAt, height: letter.height,
            body: .gapDetected(market))
        queues[Priority.prices.rawValue].append(gap)
    }

    /// A whole set is one letter, however many pages it has: it is asked for seldom, and half of it
    /// would be worth nothing.
    private mutating func post(_ states: [AccountState], of market: MarketID, _ letter: FeedLetter)
    {
        let starts = stride(from: 0, to: states.count, by: pageRowsMax)
        for (number, start) in starts.enumerated() {
            let end = min(start + pageRowsMax, states.count)
            let page = AccountPage(
                number: UInt64(number), isLast: end == states.count,
                states: Array(states[start..<end]))
            queues[Priority.feed.rawValue].append(
                FeedLetter(
                    domain: letter.domain, receivedAt: letter.receivedAt, height: letter.height,
                    body: .accountsPaged(market, page)))
        }
    }

    /// What `next` would give.
    package var first: FeedLetter? {
        for queue in queues { if let letter = queue.first { return letter } }
        return nil
    }

    package mutating func next() -> FeedLetter? {
        for index in queues.indices {
            if let letter = queues[index].popFirst() { return letter }
        }
        return nil
    }

    private enum Priority: Int, CaseIterable {
        case people
        case outcomes
        case timers
        case prices
        case feed

        init(_ body: EventBody) {
            switch body {
            case .drainRequested, .killSwitchSet, .approvalGiven, .transfersApproved,
                .settingsAdopted:
                self = .people
            case .pastDayRecalled, .strategiesRecalled, .intentRecovered, .intentDurable,
                .closeAnswered, .questionAnswered:
                self = .outcomes
            case .timerFired: self = .timers
            case .pricesPublished, .gapDetected, .venueDescribed, .marketSwitched,
                .chainReported, .callCostReported, .reorganised:
                self = .prices
            default: self = .feed
            }
        }
    }
}

/// A queue whose front is taken in constant time.
private struct Deque {
    private var letters: [FeedLetter] = []
    private var head = 0

    var isEmpty: Bool { head == letters.count }
    var count: Int { letters.count - head }
    var first: FeedLetter? { isEmpty ? nil : letters[head] }

    mutating func append(_ letter: FeedLetter) {
        letters.append(letter)
    }

    mutating func popFirst() -> FeedLetter? {
        guard head < letters.count else { return nil }
        let letter = letters[head]
        head += 1
        if head > 1_024, head * 2 > letters.count {
            letters.removeFirst(head)
            head = 0
        }
        return letter
    }
}
