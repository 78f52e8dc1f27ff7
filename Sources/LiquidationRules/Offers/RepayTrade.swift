package import KeeperModel
package import WideMath

/// A trade that repays a borrower's debt, of any protocol where that is how an account is closed.
package protocol RepayTrade: CollateralTrade {
    var account: AccountValues { get }
    /// What the protocol says each unit taken is worth, for the record.
    var mark: UInt256 { get }

    /// The amounts of such a close, and what it leaves.
    func close(payingAtMost amount: UInt256) throws(CloseObstacle) -> RepaidClose
}

extension RepayTrade {
    package var kind: CloseKind { .lending }
    package var ageSeconds: UInt64 { 0 }

    package func quote(payingAtMost amount: UInt256) throws(CloseObstacle) -> TradeQuote {
        try close(payingAtMost: amount).quote
    }

    /// The least payment D' after which the health is T: with weighted collateral W, debt D, and a
    /// share g of what is paid by which the weighted collateral falls, (W − g·D') / (D − D') = T.
    /// Nil where each unit paid lowers the health. Of the debt's worth, rounded up.
    package func worthRestoring(
        targetPpm: Int64, lossWad: UInt256
    ) throws(ArithmeticError) -> UInt256? {
        let targetWad = UInt256(targetPpm) * UInt256(1_000_000_000_000)
        let owed = try account.debt.checkedMultiply(targetWad)
        let held = try account.weighted.checkedMultiply(wad)
        guard targetWad > lossWad, owed > held else { return nil }
        return try (owed - held).divided(by: targetWad - lossWad, rounding: .up)
    }
}

/// A borrower's account in units of the quote currency.
package struct AccountValues: Hashable, Sendable {
    package let collateral: UInt256
    /// What of it counts against the debt.
    package let weighted: UInt256
    package let debt: UInt256

    package init(collateral: UInt256, weighted: UInt256, debt: UInt256) {
        self.collateral = collateral
        self.weighted = weighted
        self.debt = debt
    }
}

package struct RepaidClose: Hashable, Sendable {
    package let quote: TradeQuote
    /// Nil where nothing is left.
    package let position: AccountPosition?
    /// Debt that nobody is left to pay.
    package let writtenOff: [AssetAmount]
    /// The market's figures that the close changed.
    package let figures: [MarketFigure]

    package init(
        quote: TradeQuote, position: AccountPosition?, writtenOff: [AssetAmount],
        figures: [MarketFigure] = []
    ) {
        self.quote = quote
        self.position = position
        self.writtenOff = writtenOff
        self.figures = figures
    }
}
