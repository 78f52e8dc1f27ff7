// Compound III, written from `protocols.md` A2. Indexes are scaled by 1e15, factors by 1e18.

package struct CometCollateral: Sendable {
    package let balance: Rational
    package let price: Rational
    package let scale: Rational
    package let liquidateFactor: Rational
    /// What a seized unit counts for.
    package let liquidationFactor: Rational

    package init(
        balance: Rational, price: Rational, scale: Rational, liquidateFactor: Rational,
        liquidationFactor: Rational
    ) {
        self.balance = balance
        self.price = price
        self.scale = scale
        self.liquidateFactor = liquidateFactor
        self.liquidationFactor = liquidationFactor
    }

    package var value: Rational { (balance * price / scale).floor }

    func value(by factor: Rational) -> Rational { (value * factor / wad).floor }
}

package struct CometAccount: Sendable {
    private static let indexScale = Rational.powerOfTen(15)
    /// Negative for a borrower.
    package let principal: Rational
    package let supplyIndex: Rational
    package let borrowIndex: Rational
    package let basePrice: Rational
    package let baseScale: Rational
    /// In the order of the market's list.
    package let collateral: [CometCollateral]

    package init(
        principal: Rational, supplyIndex: Rational, borrowIndex: Rational, basePrice: Rational,
        baseScale: Rational, collateral: [CometCollateral]
    ) {
        self.principal = principal
        self.supplyIndex = supplyIndex
        self.borrowIndex = borrowIndex
        self.basePrice = basePrice
        self.baseScale = baseScale
        self.collateral = collateral
    }

    package var balance: Rational {
        let index = principal.isNegative ? borrowIndex : supplyIndex
        return (principal * index / Self.indexScale).towardZero
    }

    /// Where the account stands when the walk over its collateral ends; nil without debt.
    package var liquidity: Rational? {
        guard principal.isNegative else { return nil }
        var level = (balance * basePrice / baseScale).towardZero
        for asset in collateral where level.isNegative {
            level += asset.value(by: asset.liquidateFactor)
        }
        return level
    }

    package var isEligible: Bool { liquidity?.isNegative ?? false }
}

/// Everything is taken, always.
package struct CometAbsorption: Sendable {
    package let deltaValue: Rational
    package let deltaBalance: Rational
    package let balanceAfter: Rational
    package let principalAfter: Rational
    package let basePaidOut: Rational
    package let valuePaidOut: Rational
    package let isBadDebt: Bool

    package init(of account: CometAccount) {
        deltaValue = account.collateral.map { $0.value(by: $0.liquidationFactor) }.sum
        deltaBalance = (deltaValue * account.baseScale / account.basePrice).floor
        let exact = account.balance + deltaBalance
        isBadDebt = exact.isNegative
        balanceAfter = max(0, exact)
        principalAfter = (balanceAfter * Rational.powerOfTen(15) / account.supplyIndex).floor
        basePaidOut = balanceAfter - account.balance
        valuePaidOut = (basePaidOut * account.basePrice / account.baseScale).floor
    }
}

/// What the storefront gives for base tokens.
package struct CometQuote: Sendable {
    package let discount: Rational
    package let discountedPrice: Rational
    package let amount: Rational

    package init(
        baseAmount: Rational, basePrice: Rational, baseScale: Rational, assetPrice: Rational,
        assetScale: Rational, liquidationFactor: Rational, storeFrontFactor: Rational
    ) {
        discount = (storeFrontFactor * (wad - liquidationFactor) / wad).floor
        discountedPrice = (assetPrice * (wad - discount) / wad).floor
        amount =
            ((basePrice * baseAmount * assetScale / discountedPrice).floor / baseScale).floor
    }
}
