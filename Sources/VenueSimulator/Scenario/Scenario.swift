package import KeeperModel

/// A complete experiment: what exists at the venue at height 0 and what prices do after it. With
/// its seed it says everything; two runs of one scenario are the same run.
package struct Scenario: Hashable, Sendable {
    package let name: String
    package let seed: UInt64
    /// Venue time from one height to the next.
    package let heightSpan: TimeSpan
    package let heightCount: UInt64
    package let quote: AssetDescription
    package let assets: [ScenarioAsset]
    package let lending: LendingScenario
    package let margin: MarginScenario
    package let flashPool: FlashPool
    /// What a keeper that has never been seen before finds in its account.
    package let keeperEndowment: [AssetAmount]
    package let callsPerHeight: UInt64

    package init(
        name: String, seed: UInt64, heightSpan: TimeSpan, heightCount: UInt64,
        quote: AssetDescription, assets: [ScenarioAsset], lending: LendingScenario,
        margin: MarginScenario, flashPool: FlashPool, keeperEndowment: [AssetAmount],
        callsPerHeight: UInt64
    ) {
        self.name = name
        self.seed = seed
        self.heightSpan = heightSpan
        self.heightCount = heightCount
        self.quote = quote
        self.assets = assets
        self.lending = lending
        self.margin = margin
        self.flashPool = flashPool
        self.keeperEndowment = keeperEndowment
        self.callsPerHeight = callsPerHeight
    }
}

/// An asset with its price over time and its book.
package struct ScenarioAsset: Hashable, Sendable {
    package let description: AssetDescription
    package let path: PricePath
    package let liquidity: LiquidityModel

    package init(description: AssetDescription, path: PricePath, liquidity: LiquidityModel) {
        self.description = description
        self.path = path
        self.liquidity = liquidity
    }
}

package struct LendingScenario: Hashable, Sendable {
    package let terms: LendingTerms
    package let borrowRatePpmPerYear: UInt64
    package let accountCount: Int
    /// Health is drawn evenly between these, in ppm.
    package let healthPpm: ClosedRange<UInt64>
    /// Value of the collateral, drawn evenly on a logarithmic scale, in units.
    package let collateralUnits: ClosedRange<UInt64>
    /// How many in a million accounts hold two kinds of collateral.
    package let twoCollateralsPpm: UInt64

    package init(
        terms: LendingTerms, borrowRatePpmPerYear: UInt64, accountCount: Int,
        healthPpm: ClosedRange<UInt64>, collateralUnits: ClosedRange<UInt64>,
        twoCollateralsPpm: UInt64
    ) {
        self.terms = terms
        self.borrowRatePpmPerYear = borrowRatePpmPerYear
        self.accountCount = accountCount
        self.healthPpm = healthPpm
        self.collateralUnits = collateralUnits
        self.twoCollateralsPpm = twoCollateralsPpm
    }
}

package struct MarginScenario: Hashable, Sendable {
    package let terms: MarginTerms
    package let accountCount: Int
    package let lots: ClosedRange<Int64>
    /// Notional over margin, drawn evenly, in ppm: 10 is 10000000.
    package let leveragePpm: ClosedRange<UInt64>
    /// What the insurance fund holds at the opening.
    package let fundUnits: Int64

    package init(
        terms: MarginTerms, accountCount: Int, lots: ClosedRange<Int64>,
        leveragePpm: ClosedRange<UInt64>, fundUnits: Int64
    ) {
        self.terms = terms
        self.accountCount = accountCount
        self.lots = lots
        self.leveragePpm = leveragePpm
        self.fundUnits = fundUnits
    }
}
