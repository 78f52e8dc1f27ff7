package import KeeperModel

/// What has arrived and was not handled yet: bounded, with fixed priorities.
///
///     people · outcomes · timers · prices · everything else of the feeds
///
/// Outcomes and timers are bounded by the number of open intents and are never dropped. Where feeds
/// outrun the engine, account changes give way first, and visibly: what is dropped becomes a gap,
/// and a gap forces a resync.
///
/// Within a priority each domain has its turn, and the bound is each domain's own: a heap of one
/// takes nothing from another. Nor does a flood of prices: after so many of them somebody who has
/// no price waiting, but other news, has a turn.
package struct Inbox {
    private var shelves: [Shelf] = Array(repeating: Shelf(), count: Priority.allCases.count)
    private let feedLettersMax: Int
    private let pageRowsMax: Int
    private var pricesInARow = 0
    package private(set) var droppedCount: UInt64 = 0

    private static let pricesInARowMax = 32

    /// So many letters of each domain. A larger set of accounts is split into pages of so many
    /// rows, between which a price can be handled.
    package init(feedLettersMax: Int = 10_000, pageRowsMax: Int = 256) {
        precondition(feedLettersMax > 0 && pageRowsMax > 0, "A bound of nothing holds nothing")
        self.feedLettersMax = feedLettersMax
        self.pageRowsMax = pageRowsMax
    }

    package var count: Int { shelves.reduce(0) { $0 + $1.count } }
    package var isEmpty: Bool { shelves.allSatisfy(\.isEmpty) }

    package mutating func post(_ letter: FeedLetter) {
        if case .accountsReplaced(let market, let states) = letter.body,
            states.count > pageRowsMax
        {
            return post(states, of: market, letter)
        }
        let priority = Priority(letter.body)
        guard priority == .feed,
            shelves[priority.rawValue].count(of: letter.domain) >= feedLettersMax
        else { return shelves[priority.rawValue].append(letter) }
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
        shelves[Priority.prices.rawValue].append(gap)
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
            shelves[Priority.feed.rawValue].append(
                FeedLetter(
                    domain: letter.domain, receivedAt: letter.receivedAt, height: letter.height,
                    body: .accountsPaged(market, page)))
        }
    }

    /// What comes next of a domain, whoever else comes before.
    package func first(of domain: DomainID) -> FeedLetter? {
        for shelf in shelves { if let letter = shelf.first(of: domain) { return letter } }
        return nil
    }

    package mutating func next() -> FeedLetter? {
        if pricesInARow >= Self.pricesInARowMax, let letter = nextBesidePrices() { return letter }
        for index in shelves.indices {
            guard let letter = shelves[index].popFirst() else { continue }
            pricesInARow = index == Priority.prices.rawValue ? pricesInARow + 1 : 0
            return letter
        }
        return nil
    }

    /// Of a domain that waits behind the prices of others, and only of such a one.
    private mutating func nextBesidePrices() -> FeedLetter? {
        let prices = shelves[Priority.prices.rawValue]
        guard shelves[..<Priority.prices.rawValue].allSatisfy(\.isEmpty) else { return nil }
        let letter = shelves[Priority.feed.rawValue].popFirst { prices.count(of: $0) == 0 }
        if letter != nil { pricesInARow = 0 }
        return letter
    }

    private enum Priority: Int, CaseIterable {
        case people
        case outcomes
        case timers
        case prices
        case feed

        init(_ body: EventBody) {
            switch body {
            case .drainRequested, .killSwitchSet, .venuePauseSet, .approvalGiven,
                .transfersApproved, .settingsAdopted:
                self = .people
            case .pastDayRecalled, .strategiesRecalled, .intentRecovered, .intentDurable,
                .closeAnswered, .questionAnswered:
                self = .outcomes
            case .timerFired: self = .timers
            case .pricesPublished, .gapDetected, .venueDescribed, .marketSwitched,
                .chainReported, .callCostReported, .clocksParted, .reorganised:
                self = .prices
            default: self = .feed
            }
        }
    }
}

/// Letters of one priority: in order within a domain, and domain after domain.
private struct Shelf {
    private var domains: [DomainID] = []
    private var queues: [Deque] = []
    /// Whose turn it is.
    private var turn = 0

    var isEmpty: Bool { queues.allSatisfy(\.isEmpty) }
    var count: Int { queues.reduce(0) { $0 + $1.count } }

    func count(of domain: DomainID) -> Int {
        domains.firstIndex(of: domain).map { queues[$0].count } ?? 0
    }

    func first(of domain: DomainID) -> FeedLetter? {
        domains.firstIndex(of: domain).flatMap { queues[$0].first }
    }

    /// There are as many domains as the configuration names, and a few names for all of them.
    mutating func append(_ letter: FeedLetter) {
        if let index = domains.firstIndex(of: letter.domain) {
            return queues[index].append(letter)
        }
        domains.append(letter.domain)
        queues.append(Deque())
        queues[queues.count - 1].append(letter)
    }

    mutating func popFirst(where isMeant: (DomainID) -> Bool = { _ in true }) -> FeedLetter? {
        for step in queues.indices {
            let index = (turn + step) % queues.count
            guard isMeant(domains[index]), let letter = queues[index].popFirst() else { continue }
            turn = (index + 1) % queues.count
            return letter
        }
        return nil
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
