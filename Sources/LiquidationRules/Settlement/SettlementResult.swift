package import KeeperModel
package import WideMath

/// One settlement: what it found, who gave and got, and the state after it.
package struct SettlementResult: Hashable, Sendable {
    package let surplus: Int256
    package let deficit: Int256
    package let breachPpm: Int64
    package let ratePpm: Int64
    package let penalty: Int256
    package let deleveraged: [Deleveraging]
    package let socialised: [SocialCharge]
    package let lines: [SettlementLine]
    package let state: SettlementState
}

/// What a position gave up because a loss had to be carried by its side.
package struct Deleveraging: Hashable, Sendable {
    package let account: AccountID
    package let lots: Int64
    package let amount: Int256
}

/// What a claim lost to a deficit that nothing else covered.
package struct SocialCharge: Hashable, Sendable {
    package let account: AccountID
    package let amount: Int256
}

/// What may be charged when a deficit is socialised: in lending a lender's balance.
package struct SocialClaim: Hashable, Sendable {
    package let account: AccountID
    package let amount: Int256

    package init(account: AccountID, amount: Int256) {
        self.account = account
        self.amount = amount
    }
}

/// Who carries a deficit that neither account, fund nor backstops cover.
package enum LossBearers: Hashable, Sendable {
    /// Margin: the other positions of the market, by deleveraging and by their profits.
    case market(ClosedMarket)
    /// Lending: the lenders.
    case claims([SocialClaim])
}

/// The market of a closed margin position, for the layers that other positions carry.
package struct ClosedMarket: Hashable, Sendable {
    package let closedSide: PositionSide
    package let closedLots: Int64
    /// Where the closed lots were worth nothing to their owner.
    package let bankruptcyPrice: Int64
    /// Of the settlement.
    package let mark: Int64
    package let positions: [MarketPosition]

    package init(
        closedSide: PositionSide, closedLots: Int64, bankruptcyPrice: Int64, mark: Int64,
        positions: [MarketPosition]
    ) {
        self.closedSide = closedSide
        self.closedLots = closedLots
        self.bankruptcyPrice = bankruptcyPrice
        self.mark = mark
        self.positions = positions
    }

    func validate() throws(SettlementError) {
        try require(closedLots, atLeast: 0, "market lots")
        try require(bankruptcyPrice, atLeast: 0, "market price")
        try require(mark, atLeast: 1, "market mark")
        try requireProduct(closedLots, mark, "market lots")
        try requireProduct(closedLots, bankruptcyPrice, "market lots")
        for item in positions {
            let position = item.position
            try require(position.lots, atLeast: 0, "lots of \(item.account)")
            try require(position.entryPrice, atLeast: 1, "entry of \(item.account)")
            try require(position.marginUnits, "margin of \(item.account)")
            try requireProduct(position.lots, position.entryPrice, "entry of \(item.account)")
            try requireProduct(position.lots, mark, "lots of \(item.account)")
            try requireProduct(position.lots, bankruptcyPrice, "lots of \(item.account)")
        }
        try requireDistinct(positions.map(\.account.text).sorted())
    }
}

package struct MarketPosition: Hashable, Sendable {
    package let account: AccountID
    package let position: MarginPosition

    package init(account: AccountID, position: MarginPosition) {
        self.account = account
        self.position = position
    }
}
