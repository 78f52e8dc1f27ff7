package import KeeperModel
package import LiquidationRules

/// All accounts of one market, and which of them are below which line: exact after every tick.
///
/// A price moves and the index names the rows whose safe interval it left. Whoever an outward bound
/// cannot clear is asked about by the protocol's own rule at full width; then the row is registered
/// again. Nothing else is touched. Where a tick names more rows than a scan of all would cost, it
/// scans, and the rows are registered later, in pieces: until then every tick scans.
///
/// A row's number is its dense id. Balances are kept where the bounds are (`LinearField`), or whole
/// for accounts that have no linear bound, which are watched by the intervals of their rules.
package struct MarketBook<Rules: PublishedMarketRules> {
    package internal(set) var rules: Rules
    var names = NameTable()
    var versions: ContiguousArray<UInt64> = []
    var places: ContiguousArray<Place> = []
    /// A bit for each line that the row is below of.
    var below: ContiguousArray<UInt8> = []
    /// The same by line.
    var belowRows: [Set<Int>]
    var field: LinearField
    var raw = RawPositions<Rules.Position>()
    var index: WatchIndex
    var lag: IndexLag
    /// What the venue published about accounts that do not fit the rules; of all others it is made
    /// from the position.
    var unreadable: [Int: AccountPosition] = [:]
    package internal(set) var tally = WatchTally()
    var sweepRow = 0
    /// While prices are assumed: what to go back to.
    var standing: Standing<Rules>?
    /// While a whole set comes in pages: the rows that were in one.
    private var seenRows: [Bool] = []

    // Kept for their storage.
    var watches: [Watch] = []
    var legs: [LinearLeg] = []

    /// The first line is that of eligibility, always.
    package init(rules: Rules, moreLines: [AccountLine] = []) {
        precondition(moreLines.count < 8, "A row has a byte for its lines")
        self.rules = rules
        field = LinearField(
            reserveCount: rules.linearReserveCount, lines: [.eligible] + moreLines)
        belowRows = Array(repeating: [], count: field.lines.count)
        index = WatchIndex(variableCount: rules.variableCount)
        lag = IndexLag(reserveCount: rules.linearReserveCount)
        for number in 0..<rules.linearReserveCount { set(number) }
    }

    package var accountCount: Int { names.count }

    /// How often the exact rule was asked: the cost of a tick, for the bench.
    package var confirmationCount: UInt64 { tally.confirmations }

    package func state(of account: AccountID) -> AccountState? {
        guard let row = names.row(of: account) else { return nil }
        return (position(row).map { rules.published($0) } ?? unreadable[row]).map {
            AccountState(account: account, version: versions[row], position: $0)
        }
    }

    /// Of every account, by id.
    var allStates: [AccountState] {
        names.allAccounts.sorted().compactMap { state(of: $0) }
    }

    /// Of the account's last word; nil for an account that is not there.
    package func version(of account: AccountID) -> UInt64? {
        names.row(of: account).map { versions[$0] }
    }

    package func position(of account: AccountID) -> Rules.Position? {
        names.row(of: account).flatMap { position($0) }
    }

    package func isEligible(_ account: AccountID) -> Bool { isBelow(.eligible, account) }

    /// False for a line that this book does not watch.
    package func isBelow(_ line: AccountLine, _ account: AccountID) -> Bool {
        guard let number = field.lines.firstIndex(of: line), let row = names.row(of: account) else {
            return false
        }
        return below[row] >> number & 1 == 1
    }

    /// Every account that may be closed now, by id.
    package var eligibleAccounts: [AccountID] { accounts(below: .eligible) }

    package func count(below line: AccountLine) -> Int {
        field.lines.firstIndex(of: line).map { belowRows[$0].count } ?? 0
    }

    package func accounts(below line: AccountLine) -> [AccountID] {
        guard let number = field.lines.firstIndex(of: line) else { return [] }
        return belowRows[number].map { names.account($0) }.sorted()
    }

    /// Accounts that do not fit this market's rules: watched by nobody, so they are counted.
    package var unreadableAccounts: [AccountID] {
        unreadable.keys.map { names.account($0) }.sorted()
    }

    func position(_ row: Int) -> Rules.Position? {
        let place = places[row]
        if place.isRaw { return raw[place.slot] }
        guard place.isLinear else { return nil }
        var legs: [LinearLeg] = []
        field.read(place, into: &legs)
        return rules.position(ofLegs: legs)
    }

    // MARK: Changes

    /// All prices of one tick come into force together; returns who crossed, by id.
    package mutating func publish(_ prices: [PriceUpdate]) -> [Crossing] {
        var moved: [Int] = []
        for price in prices {
            moved += rules.publish(price)
        }
        return takeIn(moved)
    }

    package mutating func take(_ figures: [MarketFigure]) -> [Crossing] {
        takeIn(rules.take(figures))
    }

    package mutating func replaceAll(_ states: [AccountState]) -> [Crossing] {
        let kept = Set(states.map(\.account))
        let gone = names.allAccounts.filter { !kept.contains($0) }.sorted()
        return change(states, removed: gone)
    }

    // MARK: A whole set in pages

    /// Whoever is in no page until `endReplacing` is gone then.
    package mutating func beginReplacing() {
        seenRows = Array(repeating: false, count: places.count)
    }

    package mutating func replacePage(_ states: [AccountState]) -> [Crossing] {
        let crossings = change(states, removed: [])
        for state in states {
            guard let row = names.row(of: state.account) else { continue }
            while seenRows.count <= row { seenRows.append(false) }
            seenRows[row] = true
        }
        return crossings
    }

    package mutating func endReplacing() -> [Crossing] {
        let gone = seenRows.indices.filter { !seenRows[$0] && names.isTaken($0) }
            .map { names.account($0) }.sorted()
        seenRows = []
        return change([], removed: gone)
    }

    package mutating func change(
        _ states: [AccountState], removed: [AccountID]
    ) -> [Crossing] {
        var crossings: [Crossing] = []
        for account in removed {
            remove(account, into: &crossings)
        }
        // The order of many new triggers is cheaper made at once.
        let isMany = 4 * states.count > accountCount
        if isMany { field.beginBuilding() }
        for state in states {
            put(state, into: &crossings)
        }
        if isMany { field.endBuilding() }
        return crossings.sorted { $0.isBefore($1) }
    }
}

/// An account that went over one of its lines, in either direction.
package struct Crossing: Hashable, Sendable {
    package let account: AccountID
    package let line: AccountLine
    package let isBelow: Bool

    package init(account: AccountID, line: AccountLine, isBelow: Bool) {
        self.account = account
        self.line = line
        self.isBelow = isBelow
    }

    package init(account: AccountID, isEligible: Bool) {
        self.init(account: account, line: .eligible, isBelow: isEligible)
    }

    /// For crossings of the line of eligibility.
    package var isEligible: Bool { line == .eligible && isBelow }

    package var isOfEligibility: Bool { line == .eligible }

    /// It came close to the line of eligibility.
    var isArming: Bool {
        if case .armed = line { isBelow } else { false }
    }

    func isBefore(_ other: Crossing) -> Bool {
        account != other.account ? account < other.account : line.order < other.line.order
    }
}

/// What watching cost so far.
package struct WatchTally: Hashable, Sendable {
    /// How often the exact rule was asked.
    package var confirmations: UInt64 = 0
    /// How often a row was looked at by its bound.
    package var looks: UInt64 = 0
    package var scans: UInt64 = 0
    /// Rows on which index and exact rule disagreed. Zero, or an alarm.
    package var disagreements: UInt64 = 0
}

extension AccountLine {
    fileprivate var order: UInt64 {
        switch self {
        case .eligible: 0
        case .insolvent: 1
        case .armed(let marginPpm): 2 + UInt64(marginPpm)
        }
    }
}
