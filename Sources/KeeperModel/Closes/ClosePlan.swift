package import WideMath

/// The economic content of an intent: everything that every attempt of it says to the venue.
package struct ClosePlan: Hashable, Sendable {
    package let clientID: ClientID
    package let target: Target
    /// The version of the account that the plan was made on; the venue refuses another.
    package let accountVersion: UInt64
    package let action: CloseAction
    /// The last height at which the venue may still settle it.
    package let validUntilHeight: UInt64

    package init(
        clientID: ClientID, target: Target, accountVersion: UInt64, action: CloseAction,
        validUntilHeight: UInt64
    ) {
        self.clientID = clientID
        self.target = target
        self.accountVersion = accountVersion
        self.action = action
        self.validUntilHeight = validUntilHeight
    }
}

package enum CloseAction: Hashable, Sendable {
    case lending(LendingClose)
    case margin(MarginClose)
    /// The same as a close of a borrower, but what is paid buys collateral that the protocol took
    /// over.
    case purchase(LendingClose)
    case push(PushClose)
    /// Several closes of one borrower in their order, settled together or not at all.
    case sequence([LendingClose])
    /// Closes nothing: moves something between the keeper's own two purses.
    case transfer(ReserveTransfer)

    package var kind: CloseKind {
        switch self {
        case .lending, .sequence: .lending
        case .margin: .margin
        case .purchase: .purchase
        case .push: .push
        case .transfer: .transfer
        }
    }

    /// What a venue counts and a chain charges for: one call may carry several closes.
    package var closeCount: UInt64 {
        if case .sequence(let steps) = self { UInt64(steps.count) } else { 1 }
    }
}

/// Repay a borrower's debt, take collateral with the bonus, and perhaps sell it in the same breath.
/// A purchase has the same form: so much paid at most, so much taken at least.
package struct LendingClose: Hashable, Sendable {
    package let repayAsset: AssetID
    package let repayAmountMax: UInt256
    package let seizeAsset: AssetID
    /// Net of the protocol's fee.
    package let seizeAmountMin: UInt256
    package let funding: Funding
    package let exit: Exit

    package init(
        repayAsset: AssetID, repayAmountMax: UInt256, seizeAsset: AssetID, seizeAmountMin: UInt256,
        funding: Funding, exit: Exit
    ) {
        self.repayAsset = repayAsset
        self.repayAmountMax = repayAmountMax
        self.seizeAsset = seizeAsset
        self.seizeAmountMin = seizeAmountMin
        self.funding = funding
        self.exit = exit
    }
}

/// Have the protocol close an account, for what it gives to whoever asks it to.
package struct PushClose: Hashable, Sendable {
    /// The least of each asset that is still worth it.
    package let rewardMin: [AssetAmount]
    /// What becomes of a reward in kind.
    package let exit: Exit

    package init(rewardMin: [AssetAmount], exit: Exit) {
        self.rewardMin = rewardMin
        self.exit = exit
    }
}

/// Where the repayment comes from.
package enum Funding: Hashable, Sendable {
    case inventory
    /// Borrowed inside the close and paid back from the exit, premium at most this.
    case flash(premiumMax: UInt256)
}

/// What becomes of seized collateral.
package enum Exit: Hashable, Sendable {
    case hold
    /// Sold into the venue's book inside the close, for at least this much quote in all.
    case sell(proceedsMin: UInt256)
}

/// Have the venue sell or buy back lots of a position in breach; the keeper's pay is its incentive.
package struct MarginClose: Hashable, Sendable {
    package let lots: Int64
    /// The worst price, in units per lot, at which a lot may be sold or bought back.
    package let limitPrice: Int64
    package let incentiveMin: Int64

    package init(lots: Int64, limitPrice: Int64, incentiveMin: Int64) {
        self.lots = lots
        self.limitPrice = limitPrice
        self.incentiveMin = incentiveMin
    }
}
