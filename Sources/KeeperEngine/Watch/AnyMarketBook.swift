package import KeeperModel
package import KeeperStrategy
package import LiquidationRules
package import WideMath

/// A book of any kind of market. The kind is asked once per market and tick, never per account.
package enum AnyMarketBook {
    case lending(MarketBook<LendingMarket>)
    case margin(MarketBook<MarginMarket>)

    /// Nil for terms that no rules can be made of: such a market is watched by nobody.
    package init?(terms: MarketTerms) {
        switch terms {
        case .lending(let terms):
            self = .lending(MarketBook(rules: LendingMarket(terms: terms)))
        case .margin(let terms):
            guard let market = MarginMarket(terms: terms) else { return nil }
            self = .margin(MarketBook(rules: market))
        }
    }

    package var kind: MarketKind {
        switch self {
        case .lending: .lending
        case .margin: .margin
        }
    }

    package func state(of account: AccountID) -> AccountState? {
        switch self {
        case .lending(let book): book.state(of: account)
        case .margin(let book): book.state(of: account)
        }
    }

    package func isEligible(_ account: AccountID) -> Bool {
        switch self {
        case .lending(let book): book.isEligible(account)
        case .margin(let book): book.isEligible(account)
        }
    }

    package var eligibleAccounts: [AccountID] {
        switch self {
        case .lending(let book): book.eligibleAccounts
        case .margin(let book): book.eligibleAccounts
        }
    }

    package var accountCount: Int {
        switch self {
        case .lending(let book): book.accountCount
        case .margin(let book): book.accountCount
        }
    }

    package func healthWad(of account: AccountID) -> UInt256? {
        switch self {
        case .lending(let book): book.position(of: account).map { book.rules.healthWad($0) }
        case .margin(let book): book.position(of: account).map { book.rules.healthWad($0) }
        }
    }

    /// The accounts nearest to their lines, lowest health first, ties by id.
    package func nearest(_ count: Int) -> [(account: AccountID, healthWad: UInt256)] {
        switch self {
        case .lending(let book): book.nearest(count)
        case .margin(let book): book.nearest(count)
        }
    }

    /// The exact rule over every account, as a bench's yardstick.
    package func exactScanCount() -> Int {
        switch self {
        case .lending(let book): book.exactScanCount()
        case .margin(let book): book.exactScanCount()
        }
    }

    /// What watching cost so far.
    package var tally: WatchTally {
        switch self {
        case .lending(let book): book.tally
        case .margin(let book): book.tally
        }
    }

    package var isLagging: Bool {
        switch self {
        case .lending(let book): book.isLagging
        case .margin(let book): book.isLagging
        }
    }

    /// Triggers, and the bytes that a scan reads.
    package var sizes: (triggers: Int, scannedBytes: Int) {
        switch self {
        case .lending(let book): (book.triggerCount, book.scannedBytes)
        case .margin(let book): (book.triggerCount, book.scannedBytes)
        }
    }

    package func disagreements() -> [AccountID] {
        switch self {
        case .lending(let book): book.disagreements()
        case .margin(let book): book.disagreements()
        }
    }

    /// The prices on which the account's health rests.
    package func pricedAssets(of account: AccountID) -> [AssetID] {
        switch self {
        case .lending(let book):
            guard case .lending(let position) = book.state(of: account)?.position else { return [] }
            return Set((position.collateral + position.debts).map(\.asset)).sorted()
        case .margin(let book):
            return [book.rules.terms.asset]
        }
    }

    package func plan(
        _ account: AccountID, by strategy: Strategy, in context: PlanningContext
    ) -> PlanOutcome {
        switch self {
        case .lending(let book):
            guard let position = book.position(of: account) else {
                return .skipped(.notCloseable, facts: [])
            }
            return LendingPlanner(
                market: book.rules, position: position, strategy: strategy, context: context
            ).plan()
        case .margin(let book):
            guard let position = book.position(of: account) else {
                return .skipped(.notCloseable, facts: [])
            }
            return MarginPlanner(
                market: book.rules, account: account, position: position, strategy: strategy,
                context: context
            ).plan()
        }
    }

    // MARK: Changes, in place

    package mutating func publish(_ prices: [PriceUpdate]) -> [Crossing] {
        change({ $0.publish(prices) }, { $0.publish(prices) })
    }

    mutating func accrue(_ indexes: [ReserveIndexes]) -> [Crossing] {
        change({ $0.accrue(indexes) }, { $0.accrue(indexes) })
    }

    mutating func replaceAll(_ states: [AccountState]) -> [Crossing] {
        change({ $0.replaceAll(states) }, { $0.replaceAll(states) })
    }

    package mutating func change(_ states: [AccountState], removed: [AccountID]) -> [Crossing] {
        change(
            { $0.change(states, removed: removed) }, { $0.change(states, removed: removed) })
    }

    mutating func beginReplacing() {
        change({ $0.beginReplacing() }, { $0.beginReplacing() })
    }

    mutating func replacePage(_ states: [AccountState]) -> [Crossing] {
        change({ $0.replacePage(states) }, { $0.replacePage(states) })
    }

    mutating func endReplacing() -> [Crossing] {
        change({ $0.endReplacing() }, { $0.endReplacing() })
    }

    /// What a scan left, and the next rows of the round that asks the exact rule about everybody.
    mutating func lookAfter() -> [Crossing] {
        change({ $0.lookAfter() }, { $0.lookAfter() })
    }

    package mutating func catchUp(rowsMax: Int) -> [Crossing] {
        change({ $0.catchUp(rowsMax: rowsMax) }, { $0.catchUp(rowsMax: rowsMax) })
    }

    package mutating func rebuildIndex() {
        change({ $0.rebuildIndex() }, { $0.rebuildIndex() })
    }

    package mutating func scanCount(with kernel: ScanKernel) -> (below: Int, confirmed: Int)? {
        change({ $0.scanCount(with: kernel) }, { $0.scanCount(with: kernel) })
    }

    /// The book leaves the enum while it is changed, so that its storage has one owner and is not
    /// copied.
    private mutating func change<Result>(
        _ lending: (inout MarketBook<LendingMarket>) -> Result,
        _ margin: (inout MarketBook<MarginMarket>) -> Result
    ) -> Result {
        switch consume self {
        case .lending(var book):
            let result = lending(&book)
            self = .lending(book)
            return result
        case .margin(var book):
            let result = margin(&book)
            self = .margin(book)
            return result
        }
    }
}

extension MarketBook {
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
