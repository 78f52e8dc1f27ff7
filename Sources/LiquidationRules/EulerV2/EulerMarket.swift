package import KeeperModel
package import WideMath

/// What an Euler vault lends, what it takes for it and how much of that counts.
package struct EulerTerms: Hashable, Sendable {
    package struct Collateral: Hashable, Sendable {
        /// The asset under the collateral vault's shares.
        package let asset: AssetID
        package let unit: UInt256
        package let ramp: EulerRamp

        package init(asset: AssetID, unit: UInt256, ramp: EulerRamp) {
            self.asset = asset
            self.unit = unit
            self.ramp = ramp
        }
    }

    package let market: MarketID
    package let debtAsset: AssetID
    package let debtUnit: UInt256
    package let collaterals: [Collateral]

    package init(
        market: MarketID, debtAsset: AssetID, debtUnit: UInt256, collaterals: [Collateral]
    ) {
        self.market = market
        self.debtAsset = debtAsset
        self.debtUnit = debtUnit
        self.collaterals = collaterals
    }
}

/// A liquidation loan-to-value on its way down to its target.
package struct EulerRamp: Hashable, Sendable {
    package let initialBps: UInt64
    package let targetBps: UInt64
    package let targetAtSeconds: UInt64
    package let durationSeconds: UInt64

    /// Ratios of at most 10,000 basis points.
    package init?(
        initialBps: UInt64, targetBps: UInt64, targetAtSeconds: UInt64, durationSeconds: UInt64
    ) {
        guard max(initialBps, targetBps) <= 10_000 else { return nil }
        self.initialBps = initialBps
        self.targetBps = targetBps
        self.targetAtSeconds = targetAtSeconds
        self.durationSeconds = durationSeconds
    }

    /// A raised ratio holds at once. Before the ramp's own start the initial one holds.
    package func bps(atSeconds seconds: UInt64) -> UInt64 {
        guard seconds < targetAtSeconds, targetBps < initialBps, durationSeconds > 0 else {
            return targetBps
        }
        let left = min(targetAtSeconds - seconds, durationSeconds)
        let fall = UInt128(initialBps - targetBps) * UInt128(left) / UInt128(durationSeconds)
        return targetBps + (UInt64(exactly: fall) ?? 0)
    }
}

/// Totals of a collateral vault, by which its shares are worth assets.
package struct EulerVaultTotals: Hashable, Sendable {
    package let assets: UInt128
    package let shares: UInt128

    package init(assets: UInt128, shares: UInt128) {
        self.assets = assets
        self.shares = shares
    }
}

/// One Euler v2 vault with its present prices, interest and time (`protocols.md` A6). Prices are
/// mid-point quotes in the unit of account of one whole token.
///
/// Variables are the price of the debt, the interest accumulator, the time, which moves the ramps,
/// and for each collateral its price and its vault's totals.
package struct EulerMarket: MonotoneRules {
    package let terms: EulerTerms
    package private(set) var values: [UInt128]

    enum Variable {
        static let debtPrice = 0
        static let accumulatorRay = 1
        static let seconds = 2

        static func price(_ number: Int) -> Int { 3 + 3 * number }
        static func totalAssets(_ number: Int) -> Int { 4 + 3 * number }
        static func totalShares(_ number: Int) -> Int { 5 + 3 * number }
    }

    /// Below 2^95, so that a debt of 112 bits fits one word with the price and, before that, with
    /// the accumulator.
    private static let factorMax: UInt128 = 1 << 95

    package init(terms: EulerTerms) {
        self.terms = terms
        values = Array(repeating: 0, count: Variable.price(terms.collaterals.count))
    }

    // MARK: Intake

    package mutating func publish(_ update: PriceUpdate) -> [Int] {
        guard let price = update.price.asUInt128, price > 0, price < Self.factorMax else {
            return []
        }
        // One asset may be lent and, in other vaults, be taken as collateral more than once.
        let debt = update.asset == terms.debtAsset ? [Variable.debtPrice] : []
        let collateral = terms.collaterals.indices
            .filter { terms.collaterals[$0].asset == update.asset }.map(Variable.price)
        return (debt + collateral).flatMap { set($0, to: price) }
    }

    package mutating func accrue(accumulatorRay: UInt128, toSeconds seconds: UInt64) -> [Int] {
        guard accumulatorRay < Self.factorMax else { return [] }
        return set(Variable.accumulatorRay, to: accumulatorRay)
            + set(Variable.seconds, to: UInt128(seconds))
    }

    /// Totals of at most 112 bits, as a vault keeps them.
    package mutating func take(_ totals: EulerVaultTotals, ofCollateral number: Int) -> [Int] {
        guard terms.collaterals.indices.contains(number),
            max(totals.assets, totals.shares) < 1 << 112
        else { return [] }
        return set(Variable.totalAssets(number), to: totals.assets)
            + set(Variable.totalShares(number), to: totals.shares)
    }

    private mutating func set(_ variable: Int, to value: UInt128) -> [Int] {
        guard values[variable] != value else { return [] }
        values[variable] = value
        return [variable]
    }
}
