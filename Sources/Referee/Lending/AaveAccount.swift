package import KeeperModel

// Aave, written from `protocols.md` A1. An amount is in the asset's smallest unit, a value in base
// units, a price in base units per whole token, a ratio in parts of 10,000.

let ray = Rational.powerOfTen(27)
let wad = Rational.powerOfTen(18)
let basisPoints: Rational = 10_000

/// A balance with everything that its reserve says of it.
package struct AaveBalance: Sendable {
    package let asset: String
    package let scaled: Rational
    /// The growth index of its side, in ray.
    package let index: Rational
    package let price: Rational
    /// How many smallest units one token has.
    package let tokenUnit: Rational
    package let thresholdBps: Rational
    /// Including the 100 %.
    package let bonusBps: Rational
    package let feeBps: Rational

    package init(
        asset: String, scaled: Rational, index: Rational, price: Rational, tokenUnit: Rational,
        thresholdBps: Rational, bonusBps: Rational, feeBps: Rational
    ) {
        self.asset = asset
        self.scaled = scaled
        self.index = index
        self.price = price
        self.tokenUnit = tokenUnit
        self.thresholdBps = thresholdBps
        self.bonusBps = bonusBps
        self.feeBps = feeBps
    }

    func exactValue(of amount: Rational) -> Rational { amount * price / tokenUnit }
}

extension AaveGeneration {
    /// From 3.5 on rounding no longer favours the borrower.
    var isDirected: Bool { self == .v3_5 || self == .v3_7 }
    var hasDustRule: Bool { self != .v3_0 }

    func held(_ balance: AaveBalance) -> Rational {
        let exact = balance.scaled * balance.index / ray
        return isDirected ? exact.floor : exact.halfUp
    }

    func owed(_ balance: AaveBalance) -> Rational {
        let exact = balance.scaled * balance.index / ray
        return isDirected ? exact.ceiling : exact.halfUp
    }

    func debtValue(_ amount: Rational, of balance: AaveBalance) -> Rational {
        let exact = balance.exactValue(of: amount)
        return isDirected ? exact.ceiling : exact.floor
    }
}

/// A borrower's account, and what its generation makes of it (A1.3).
package struct AaveAccount: Sendable {
    package let generation: AaveGeneration
    package let collateral: [AaveBalance]
    package let debts: [AaveBalance]

    package init(
        generation: AaveGeneration, collateral: [AaveBalance], debts: [AaveBalance]
    ) {
        self.generation = generation
        self.collateral = collateral
        self.debts = debts
    }

    /// Up to 3.5 a reserve whose threshold is 0 is no collateral at all.
    private var counted: [AaveBalance] {
        collateral.filter { generation == .v3_7 || !$0.thresholdBps.isZero }
    }

    private func collateralValue(_ balance: AaveBalance) -> Rational {
        balance.exactValue(of: generation.held(balance)).floor
    }

    package var collateralValue: Rational { counted.map(collateralValue).sum }

    package var debtValue: Rational {
        debts.map { generation.debtValue(generation.owed($0), of: $0) }.sum
    }

    private var weightedValue: Rational {
        counted.map { collateralValue($0) * $0.thresholdBps }.sum
    }

    package var averageThresholdBps: Rational {
        let value = collateralValue
        return value.isZero ? 0 : (weightedValue / value).floor
    }

    /// In wad; nil without debt, which is infinitely healthy.
    package var healthWad: Rational? {
        let owed = debtValue
        guard !owed.isZero else { return nil }
        guard generation.isDirected else {
            let weighted = (collateralValue * averageThresholdBps / basisPoints).halfUp
            return (weighted * wad / owed).halfUp
        }
        return ((weightedValue * wad / owed).halfUp / basisPoints).floor
    }

    /// Only below one: exactly one is healthy.
    package var isEligible: Bool { healthWad.map { $0 < wad } ?? false }
}
