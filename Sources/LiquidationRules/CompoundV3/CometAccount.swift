package import WideMath

/// Compound III (Comet): one base asset borrowed against many collaterals (`protocols.md` A2).
///
/// The contract keeps principals, signed, and reads present values through an index of 1e15.
package struct CometLoanAsset: Hashable, Sendable {
    package let price: UInt256
    package let scale: UInt256
    package let borrowIndex: UInt256

    package init(price: UInt256, scale: UInt256, borrowIndex: UInt256) {
        self.price = price
        self.scale = scale
        self.borrowIndex = borrowIndex
    }

    /// What a negative principal owes now, as a positive amount.
    package func presentDebt(_ principal: Int256) throws(ArithmeticError) -> UInt256 {
        precondition(principal.isNegative, "Only a negative principal is a debt")
        return try narrowMulDiv(
            principal.magnitude, borrowIndex, dividingBy: cometIndexScale, rounding: .down)
    }

    package func value(ofBase amount: UInt256) throws(ArithmeticError) -> UInt256 {
        try narrowMulDiv(amount, price, dividingBy: scale, rounding: .down)
    }
}

/// One collateral of an account, in the order of the market's assets.
package struct CometCollateral: Hashable, Sendable {
    package let balance: UInt256
    package let price: UInt256
    package let scale: UInt256
    /// 1e18: how much of the value counts against the debt.
    package let factor: UInt256

    package init(balance: UInt256, price: UInt256, scale: UInt256, factor: UInt256) {
        self.balance = balance
        self.price = price
        self.scale = scale
        self.factor = factor
    }

    package var value: UInt256 {
        get throws(ArithmeticError) {
            try narrowMulDiv(balance, price, dividingBy: scale, rounding: .down)
        }
    }

    package var countedValue: UInt256 {
        get throws(ArithmeticError) {
            try narrowMulDiv(value, factor, dividingBy: wad, rounding: .down)
        }
    }
}

let cometIndexScale: UInt256 = 1_000_000_000_000_000

/// Growth of an index by a per-second rate of 1e18.
package func cometAccruedIndex(
    _ index: UInt256, ratePerSecond: UInt256, elapsedSeconds: UInt64
) throws(ArithmeticError) -> UInt256 {
    let growth = try ratePerSecond.checkedMultiply(UInt256(elapsedSeconds))
    return try index.checkedAdd(
        narrowMulDiv(index, growth, dividingBy: wad, rounding: .down))
}
