/// Any position that a market of ours can hold.
package enum AccountPosition: Hashable, Sendable {
    case lending(LendingPosition)
    case margin(MarginPosition)
}

/// An account as the venue published it. The version rises with every change of the position.
package struct AccountState: Hashable, Sendable {
    package let account: AccountID
    package let version: UInt64
    package let position: AccountPosition

    package init(account: AccountID, version: UInt64, position: AccountPosition) {
        self.account = account
        self.version = version
        self.position = position
    }
}

/// The terms of any market of ours.
package enum MarketTerms: Hashable, Sendable {
    case lending(LendingTerms)
    case margin(MarginTerms)

    package var market: MarketID {
        switch self {
        case .lending(let terms): terms.market
        case .margin(let terms): terms.market
        }
    }

    package var policy: SettlementPolicy {
        switch self {
        case .lending(let terms): terms.policy
        case .margin(let terms): terms.policy
        }
    }
}
