import KeeperModel
import KeeperRuntime
import VenueSimulator

/// A recorded keeper's own closes, taken out of what its feeds said of accounts: the venue told of
/// them as of anybody's, and a simulator that is told too would take them for somebody who was
/// faster, and lose to itself.
///
/// Of an account that the keeper closed, the first change that looks like a close once the bytes of
/// that close may have left is its own, and is left out. Whatever is said later is the same change
/// made to the account as it would be. So the recording is as if it had been made beside no keeper.
struct OwnCloses: Sendable {
    private struct Holder: Hashable {
        let domain: DomainID
        /// A settlement names its account and not the market.
        let account: AccountID
    }

    private struct Place: Hashable {
        let domain: DomainID
        let market: MarketID
    }

    private struct Standing {
        /// As the feed said last; nil where our close left nothing.
        var recorded: AccountPosition?
        /// As it would be.
        var kept: AccountState
    }

    private var durableAt: [ClientID: Instant] = [:]
    /// From when on each of our closes may show, the first first.
    private var due: [Holder: [Instant]] = [:]
    /// Of those whom we close, what the feed said last.
    private var last: [Target: AccountState] = [:]
    /// Of those whom we have closed.
    private var standing: [Target: Standing] = [:]
    /// Who of them was in the pages of a set so far.
    private var paged: [Place: Set<AccountID>] = [:]

    init() {}

    var isEmpty: Bool { due.isEmpty }

    // MARK: Which they were

    /// Of every event, before the first one is read again.
    mutating func note(_ event: Event) {
        switch event.body {
        case .intentDurable(let clientID): durableAt[clientID] = event.receivedAt
        case .closeAnswered(let clientID, let answer):
            guard let receipt = answer.settledReceipt,
                let since = durableAt.removeValue(forKey: clientID)
            else { return }
            for account in Set(receipt.settlements.map(\.account)) {
                let holder = Holder(domain: event.domain, account: AccountID(account))
                due[holder, default: []].append(since)
                due[holder]?.sort()
            }
        default: break
        }
    }

    private static let words = ["intentDurable", "closeAnswered"].map { Array("\"\($0)\"".utf8) }

    /// False for a text that cannot be of an event to note. Most are long and are not.
    static func mayBeNoted(_ text: [UInt8]) -> Bool {
        text.withUnsafeBufferPointer { text in
            let quote = UInt8(ascii: "\"")
            var index = 0
            while index + 1 < text.count {
                defer { index += 1 }
                guard text[index] == quote,
                    let word = words.first(where: { $0[1] == text[index + 1] }),
                    index + word.count <= text.count
                else { continue }
                if word.indices.allSatisfy({ text[index + $0] == word[$0] }) { return true }
            }
            return false
        }
    }

    // MARK: Taken out

    /// The event without what we did ourselves.
    mutating func taken(from event: Event) -> Event {
        guard !due.isEmpty else { return event }
        let body: EventBody
        switch event.body {
        case .accountsChanged(let market, let changed, let removed):
            body = .accountsChanged(
                market, changed: changed.compactMap { take($0, market, event, inSet: false) },
                removed: removed.filter { !takeRemoval($0, market, event) })
        case .accountsReplaced(let market, let states):
            body = .accountsReplaced(
                market,
                states.compactMap { take($0, market, event, inSet: true) }
                    + missing(Set(states.map(\.account)), market, event))
        case .accountsPaged(let market, let page):
            body = .accountsPaged(market, take(page, market, event))
        default: return event
        }
        return Event(
            sequence: event.sequence, domain: event.domain, receivedAt: event.receivedAt,
            height: event.height, body: body, moreFollows: event.moreFollows)
    }

    /// Nil for a change that is nothing but our own close; in a set the account stays in its place.
    private mutating func take(
        _ state: AccountState, _ market: MarketID, _ event: Event, inSet: Bool
    ) -> AccountState? {
        let holder = Holder(domain: event.domain, account: state.account)
        guard due[holder] != nil else { return state }
        let target = Target(domain: event.domain, market: market, account: state.account)
        guard let before = standing[target]?.recorded ?? last[target]?.position else {
            // Nobody knew it, or it was gone: what is said now is all there is.
            standing[target] = nil
            last[target] = state
            return state
        }
        if PositionChange.isClose(from: before, to: state.position), consume(holder, event) {
            let kept = standing[target]?.kept ?? last[target] ?? state
            standing[target] = Standing(recorded: state.position, kept: kept)
            return inSet ? kept : nil
        }
        guard var own = standing[target] else {
            last[target] = state
            return state
        }
        if before != state.position {
            let moved = PositionChange.moved(own.kept.position, from: before, to: state.position)
            own.recorded = state.position
            own.kept = AccountState(
                account: state.account, version: own.kept.version + 1,
                position: moved ?? state.position)
            standing[target] = own
        }
        return own.kept
    }

    /// Whether it was our close that left nothing.
    private mutating func takeRemoval(
        _ account: AccountID, _ market: MarketID, _ event: Event
    ) -> Bool {
        let holder = Holder(domain: event.domain, account: account)
        let target = Target(domain: event.domain, market: market, account: account)
        guard let kept = standing[target]?.kept ?? last[target] else { return false }
        guard consume(holder, event) else {
            (standing[target], last[target]) = (nil, nil)
            return false
        }
        standing[target] = Standing(recorded: nil, kept: kept)
        return true
    }

    private mutating func consume(_ holder: Holder, _ event: Event) -> Bool {
        guard let since = due[holder]?.first, since <= event.receivedAt else { return false }
        due[holder]?.removeFirst()
        return true
    }

    // MARK: Whole sets

    /// Those of a market that a set lacks because we closed them.
    private mutating func missing(
        _ told: Set<AccountID>, _ market: MarketID, _ event: Event
    ) -> [AccountState] {
        let known = Set(standing.keys).union(last.keys).filter {
            $0.domain == event.domain && $0.market == market && !told.contains($0.account)
        }
        return known.sorted().compactMap { target in
            if let own = standing[target], own.recorded == nil { return own.kept }
            return takeRemoval(target.account, market, event) ? standing[target]?.kept : nil
        }
    }

    private mutating func take(
        _ page: AccountPage, _ market: MarketID, _ event: Event
    ) -> AccountPage {
        let place = Place(domain: event.domain, market: market)
        if page.number == 0 { paged[place] = [] }
        let ours = page.states.map(\.account).filter {
            due[Holder(domain: event.domain, account: $0)] != nil
        }
        paged[place, default: []].formUnion(ours)
        var states = page.states.compactMap { take($0, market, event, inSet: true) }
        if page.isLast { states += missing(paged.removeValue(forKey: place) ?? [], market, event) }
        return AccountPage(number: page.number, isLast: page.isLast, states: states)
    }
}

extension CloseAnswer {
    fileprivate var settledReceipt: CloseReceipt? {
        switch self {
        case .settled(let receipt): receipt
        case .included(let inclusion, _):
            inclusion.result == .settled ? inclusion.receipt : nil
        case .refused, .unknown, .notFound, .voided, .accepted: nil
        }
    }
}
