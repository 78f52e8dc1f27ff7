package import KeeperModel
package import WideMath

/// One reserve as it stands now: its terms, its indexes and its price in base units per token.
package struct AaveReserve: Hashable, Sendable {
    package let terms: ReserveTerms
    package let liquidityIndexRay: UInt256
    package let variableBorrowIndexRay: UInt256
    package let price: UInt256

    package init(
        terms: ReserveTerms, liquidityIndexRay: UInt256, variableBorrowIndexRay: UInt256,
        price: UInt256
    ) {
        self.terms = terms
        self.liquidityIndexRay = liquidityIndexRay
        self.variableBorrowIndexRay = variableBorrowIndexRay
        self.price = price
    }

    /// One whole token in its smallest units.
    package var tokenUnit: UInt256 {
        get throws(ArithmeticError) { try UInt256.powerOfTen(Int(terms.decimals)) }
    }

    /// Worth in the base currency.
    package func value(
        of amount: UInt256, rounding: Rounding
    ) throws(ArithmeticError) -> UInt256 {
        try narrowMulDiv(amount, price, dividingBy: tokenUnit, rounding: rounding)
    }
}

/// A scaled balance in its reserve.
package struct AaveHolding: Hashable, Sendable {
    package let reserve: AaveReserve
    package var scaledAmount: UInt256

    package init(reserve: AaveReserve, scaledAmount: UInt256) {
        self.reserve = reserve
        self.scaledAmount = scaledAmount
    }

    package func collateralBalance(
        _ generation: AaveGeneration
    ) throws(ArithmeticError) -> UInt256 {
        try rayMul(
            scaledAmount, reserve.liquidityIndexRay,
            rounding: generation.collateralBalanceRounding)
    }

    package func debtBalance(_ generation: AaveGeneration) throws(ArithmeticError) -> UInt256 {
        try rayMul(
            scaledAmount, reserve.variableBorrowIndexRay,
            rounding: generation.debtBalanceRounding)
    }
}

/// A borrower's balances, each beside the reserve it lies in.
package struct AavePosition: Hashable, Sendable {
    package var collateral: [AaveHolding]
    package var debts: [AaveHolding]

    package init(collateral: [AaveHolding], debts: [AaveHolding]) {
        self.collateral = collateral
        self.debts = debts
    }
}
