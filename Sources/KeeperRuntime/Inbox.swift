package import KeeperModel

/// What has arrived and was not handled yet: bounded, with fixed priorities.
///
///     people · outcomes · timers · prices · everything else of the feeds
///
/// Outcomes and timers are bounded by the number of open intents and are never dropped. Where feeds
/// outrun the engine, account changes give way first, and visibly: what is dropped becomes a gap,
/// and a gap forces a resync.
package struct Inbox {
    package struct Letter: Hashable, Sendable {
        package let domain: DomainID
        package let receivedAt: Instant
        package let height: UInt64
        package let body: EventBody

        package init(domain: DomainID, receivedAt: Instant, height: UInt64, body: EventBody) {
            self.domain = domain
            self.receivedAt = receivedAt
            self.height = height
            self.body = body
        }
    }

    private var queues: [Deque] = Array(repeating: Deque(), count: Priority.allCases.count)
    private let feedLettersMax: Int
    package private(set) var droppedCount: UInt64 = 0

    package init(feedLettersMax: Int = 10_000) {
        self.feedLettersMax = feedLettersMax
    }

    package var isEmpty: Bool { queues.allSatisfy(\.isEmpty) }

    package mutating func post(_ letter: Letter) {
        let priority = Priority(letter.body)
        guard priority == .feed, queues[priority.rawValue].count >= feedLettersMax else {
            return queues[priority.rawValue].append(letter)
        }
        droppedCount += 1
        guard case .accountsChanged(let market, _, _) = letter.body else { return }
        // The gap itself is small, is asked about once, and must not be lost.
        let gap = Letter(
            domain: letter.domain, receivedAt: letter.receivedAt, height: letter.height,
            body: .gapDetected(market))
        queues[Priority.prices.rawValue].append(gap)
    }

    package mutating func next() -> Letter? {
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
            case .drainRequested, .killSwitchSet: self = .people
            case .intentRecovered, .intentDurable, .closeAnswered: self = .outcomes
            case .timerFired: self = .timers
            case .pricesPublished, .gapDetected, .venueDescribed: self = .prices
            default: self = .feed
            }
        }
    }
}

/// A queue whose front is taken in constant time.
private struct Deque {
    private var letters: [Inbox.Letter] = []
    private var head = 0

    var isEmpty: Bool { head == letters.count }
    var count: Int { letters.count - head }

    mutating func append(_ letter: Inbox.Letter) {
        letters.append(letter)
    }

    mutating func popFirst() -> Inbox.Letter? {
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
