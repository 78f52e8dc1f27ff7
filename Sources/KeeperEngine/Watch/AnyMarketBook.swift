package import KeeperModel
package import KeeperStrategy
package import LiquidationRules
package import WideMath

/// A book of any kind of market. The kind is asked once per market and tick, never per account.
package struct AnyMarketBook {
    private var book: any BookOfMarket

    /// Nil for terms that no rules can be made of: such a market is watched by nobody.
    package init?(terms: MarketTerms, moreLines lines: [AccountLine] = []) {
        func watch<Rules: PlannedRules>(_ rules: Rules) -> any BookOfMarket {
            MarketBook(rules: rules, moreLines: lines)
        }
        switch terms {
        case .lending(let terms): book = watch(LendingMarket(terms: terms))
        case .margin(let terms):
            guard let market = MarginMarket(terms: terms) else { return nil }
            book = watch(market)
        case .morphoBlue(let terms): book = watch(HostedMorpho(terms: terms))
        case .euler(let terms):
            guard let market = HostedEuler(terms: terms) else { return nil }
            book = watch(market)
        case .compound(let terms):
            guard let market = HostedComet(terms: terms) else { return nil }
            book = watch(market)
        case .maker(let terms):
            guard let market = HostedMaker(terms: terms) else { return nil }
            book = watch(market)
        case .offers(let terms):
            guard let market = HostedOffers(terms: terms) else { return nil }
            book = watch(market)
        case .liquity(let terms) where terms.version == .v1:
            book = watch(HostedLiquityV1(terms: terms))
        case .liquity(let terms): book = watch(HostedLiquityV2(terms: terms))
        }
    }

    package func state(of account: AccountID) -> AccountState? { book.state(of: account) }
    package func version(of account: AccountID) -> UInt64? { book.version(of: account) }
    /// Of every account, by id.
    var allStates: [AccountState] { book.allStates }
    package func isEligible(_ account: AccountID) -> Bool { book.isEligible(account) }
    package var eligibleAccounts: [AccountID] { book.eligibleAccounts }
    /// How many are below a line; nobody where the book does not watch it.
    package func count(below line: AccountLine) -> Int { book.count(below: line) }
    package var accountCount: Int { book.accountCount }
    package func healthWad(of account: AccountID) -> UInt256? { book.healthWad(of: account) }

    /// The accounts nearest to their lines, lowest health first, ties by id.
    package func nearest(_ count: Int) -> [(account: AccountID, healthWad: UInt256)] {
        book.nearest(count)
    }

    /// The exact rule over every account, as a bench's yardstick.
    package func exactScanCount() -> Int { book.exactScanCount() }
    /// What watching cost so far.
    package var tally: WatchTally { book.tally }
    package var isLagging: Bool { book.isLagging }
    /// Triggers, and the bytes that a scan reads.
    package var sizes: (triggers: Int, scannedBytes: Int) {
        (book.triggerCount, book.scannedBytes)
    }
    package func disagreements() -> [AccountID] { book.disagreements() }

    /// The kinds of close that the account may offer.
    func kinds(of account: AccountID) -> Set<CloseKind> { book.kinds(of: account) }

    /// The prices on which the account's health rests.
    package func pricedAssets(of account: AccountID) -> [AssetID] {
        book.pricedAssets(of: account)
    }

    func linePrice(of account: AccountID, _ asset: AssetID, from price: UInt256) -> UInt256? {
        book.linePrice(of: account, asset, from: price)
    }

    package func plan(
        _ account: AccountID, by strategy: Strategy, in context: PlanningContext
    ) -> PlanOutcome {
        book.plan(account, by: strategy, in: context)
    }

    // MARK: Changes, in place

    package mutating func publish(_ prices: [PriceUpdate]) -> [Crossing] { book.publish(prices) }
    mutating func take(_ figures: [MarketFigure]) -> [Crossing] { book.take(figures) }
    mutating func replaceAll(_ states: [AccountState]) -> [Crossing] { book.replaceAll(states) }

    package mutating func change(_ states: [AccountState], removed: [AccountID]) -> [Crossing] {
        book.change(states, removed: removed)
    }

    /// As if these prices were in force.
    mutating func beginAssuming(_ prices: [PriceUpdate]) -> [Crossing] {
        book.beginAssuming(prices)
    }
    mutating func endAssuming() { book.endAssuming() }

    /// A whole set in pages.
    mutating func beginReplacing() { book.beginReplacing() }
    mutating func replacePage(_ states: [AccountState]) -> [Crossing] { book.replacePage(states) }
    mutating func endReplacing() -> [Crossing] { book.endReplacing() }

    /// What a scan left, and the next rows of the round that asks the exact rule about everybody.
    mutating func lookAfter(sweeps: Bool) -> [Crossing] { book.lookAfter(sweeps: sweeps) }
    package mutating func catchUp(rowsMax: Int) -> [Crossing] { book.catchUp(rowsMax: rowsMax) }
    package mutating func rebuildIndex() { book.rebuildIndex() }

    package mutating func scanCount(with kernel: ScanKernel) -> (below: Int, confirmed: Int)? {
        book.scanCount(with: kernel)
    }
}

/// What every book can do, whatever its market's rules. Calls go through to the book in place: it
/// has one owner, so nothing is copied.
private protocol BookOfMarket {
    var eligibleAccounts: [AccountID] { get }
    func count(below line: AccountLine) -> Int
    var accountCount: Int { get }
    var tally: WatchTally { get }
    var isLagging: Bool { get }
    var triggerCount: Int { get }
    var scannedBytes: Int { get }

    var allStates: [AccountState] { get }
    func state(of account: AccountID) -> AccountState?
    func version(of account: AccountID) -> UInt64?
    func isEligible(_ account: AccountID) -> Bool
    func healthWad(of account: AccountID) -> UInt256?
    func nearest(_ count: Int) -> [(account: AccountID, healthWad: UInt256)]
    func exactScanCount() -> Int
    func disagreements() -> [AccountID]
    func kinds(of account: AccountID) -> Set<CloseKind>
    func pricedAssets(of account: AccountID) -> [AssetID]
    func linePrice(of account: AccountID, _ asset: AssetID, from price: UInt256) -> UInt256?
    func plan(
        _ account: AccountID, by strategy: Strategy, in context: PlanningContext
    ) -> PlanOutcome

    mutating func publish(_ prices: [PriceUpdate]) -> [Crossing]
    mutating func take(_ figures: [MarketFigure]) -> [Crossing]
    mutating func replaceAll(_ states: [AccountState]) -> [Crossing]
    mutating func change(_ states: [AccountState], removed: [AccountID]) -> [Crossing]
    mutating func beginAssuming(_ prices: [PriceUpdate]) -> [Crossing]
    mutating func endAssuming()
    mutating func beginReplacing()
    mutating func replacePage(_ states: [AccountState]) -> [Crossing]
    mutating func endReplacing() -> [Crossing]
    mutating func lookAfter(sweeps: Bool) -> [Crossing]
    mutating func catchUp(rowsMax: Int) -> [Crossing]
    mutating func rebuildIndex()
    mutating func scanCount(with kernel: ScanKernel) -> (below: Int, confirmed: Int)?
}

extension MarketBook: BookOfMarket where Rules: PlannedRules {
    func kinds(of account: AccountID) -> Set<CloseKind> {
        position(of: account).map { rules.kinds(of: $0) } ?? []
    }

    func pricedAssets(of account: AccountID) -> [AssetID] {
        position(of: account).map { rules.pricedAssets(of: $0) } ?? []
    }

    func plan(
        _ account: AccountID, by strategy: Strategy, in context: PlanningContext
    ) -> PlanOutcome {
        guard let position = position(of: account) else {
            return .skipped(.notCloseable, facts: [])
        }
        return rules.plan(account, position, by: strategy, in: context)
    }
}

extension MarketBook {
    func healthWad(of account: AccountID) -> UInt256? {
        position(of: account).map { rules.healthWad($0) }
    }

    /// Looks at every account: for a person's picture, not for a tick.
    package func nearest(_ count: Int) -> [(account: AccountID, healthWad: UInt256)] {
        let all = allPositions().map {
            (account: $0.account, healthWad: rules.healthWad($0.position))
        }
        let sorted = all.sorted {
            $0.healthWad != $1.healthWad ? $0.healthWad < $1.healthWad : $0.account < $1.account
        }
        return Array(sorted.prefix(count))
    }
}
