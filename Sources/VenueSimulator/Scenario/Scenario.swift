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
    package let hosted: [MarketScenario]
    /// What the insurance fund holds at the opening.
    package let fundUnits: Int64
    package let flashPool: FlashPool
    /// What a keeper that has never been seen before finds in its account.
    package let keeperEndowment: [AssetAmount]
    package let callsPerHeight: UInt64
    /// What its operator keeps aside there.
    package let keeperReserve: [AssetAmount]
    /// What the venue shows of accounts.
    package let disclosure: Disclosure
    /// Changes of markets' states, in the order in which they are told.
    package let switches: [ScheduledSwitch]

    package init(
        name: String, seed: UInt64, heightSpan: TimeSpan, heightCount: UInt64,
        quote: AssetDescription, assets: [ScenarioAsset], hosted: [MarketScenario],
        fundUnits: Int64, flashPool: FlashPool, keeperEndowment: [AssetAmount],
        callsPerHeight: UInt64, keeperReserve: [AssetAmount] = [], disclosure: Disclosure = .full,
        switches: [ScheduledSwitch] = []
    ) {
        self.name = name
        self.seed = seed
        self.heightSpan = heightSpan
        self.heightCount = heightCount
        self.quote = quote
        self.assets = assets
        self.hosted = hosted
        self.fundUnits = fundUnits
        self.flashPool = flashPool
        self.keeperEndowment = keeperEndowment
        self.callsPerHeight = callsPerHeight
        self.keeperReserve = keeperReserve
        self.disclosure = disclosure
        self.switches = switches
    }

    package var markets: [MarketID] { hosted.map(\.terms.market) }

    /// The same experiment under another settlement law, wherever a market has none of its own.
    package func settling(by policy: SettlementPolicy) -> Scenario {
        Scenario(
            name: name, seed: seed, heightSpan: heightSpan, heightCount: heightCount,
            quote: quote, assets: assets, hosted: hosted.map { $0.settling(by: policy) },
            fundUnits: fundUnits, flashPool: flashPool, keeperEndowment: keeperEndowment,
            callsPerHeight: callsPerHeight, keeperReserve: keeperReserve, disclosure: disclosure,
            switches: switches)
    }
}

/// A market and who is in it when the venue opens.
package enum MarketScenario: Hashable, Sendable {
    case borrowers(BorrowerScenario)
    case margin(MarginScenario)

    package var terms: MarketTerms {
        switch self {
        case .borrowers(let scenario): scenario.terms
        case .margin(let scenario): .margin(scenario.terms)
        }
    }

    fileprivate func settling(by policy: SettlementPolicy) -> MarketScenario {
        switch self {
        case .borrowers(let crowd):
            .borrowers(
                BorrowerScenario(
                    terms: crowd.terms.settling(by: policy),
                    borrowRatePpmPerYear: crowd.borrowRatePpmPerYear,
                    accountCount: crowd.accountCount, healthPpm: crowd.healthPpm,
                    collateralUnits: crowd.collateralUnits,
                    twoCollateralsPpm: crowd.twoCollateralsPpm, poolUnits: crowd.poolUnits))
        case .margin(let crowd):
            if case .margin(let terms) = terms.settling(by: policy) {
                .margin(
                    MarginScenario(
                        terms: terms, accountCount: crowd.accountCount, lots: crowd.lots,
                        leveragePpm: crowd.leveragePpm))
            } else {
                self
            }
        }
    }

    package var poolUnits: UInt64 {
        if case .borrowers(let scenario) = self { scenario.poolUnits } else { 0 }
    }

    package var borrowRatePpmPerYear: UInt64 {
        switch self {
        case .borrowers(let scenario): scenario.borrowRatePpmPerYear
        case .margin: 0
        }
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

/// A market of borrowers, of any protocol. Everybody owes the quote asset.
package struct BorrowerScenario: Hashable, Sendable {
    package let terms: MarketTerms
    package let borrowRatePpmPerYear: UInt64
    package let accountCount: Int
    /// Health is drawn evenly between these, in ppm.
    package let healthPpm: ClosedRange<UInt64>
    /// Value of the collateral, drawn evenly on a logarithmic scale, in units.
    package let collateralUnits: ClosedRange<UInt64>
    /// How many in a million accounts hold two kinds of collateral.
    package let twoCollateralsPpm: UInt64
    /// What a stability pool holds, where the protocol has one.
    package let poolUnits: UInt64

    package init(
        terms: MarketTerms, borrowRatePpmPerYear: UInt64, accountCount: Int,
        healthPpm: ClosedRange<UInt64>, collateralUnits: ClosedRange<UInt64>,
        twoCollateralsPpm: UInt64, poolUnits: UInt64 = 0
    ) {
        self.terms = terms
        self.borrowRatePpmPerYear = borrowRatePpmPerYear
        self.accountCount = accountCount
        self.healthPpm = healthPpm
        self.collateralUnits = collateralUnits
        self.twoCollateralsPpm = twoCollateralsPpm
        self.poolUnits = poolUnits
    }
}

package struct MarginScenario: Hashable, Sendable {
    package let terms: MarginTerms
    package let accountCount: Int
    package let lots: ClosedRange<Int64>
    /// Notional over margin, drawn evenly, in ppm: 10 is 10000000.
    package let leveragePpm: ClosedRange<UInt64>

    package init(
        terms: MarginTerms, accountCount: Int, lots: ClosedRange<Int64>,
        leveragePpm: ClosedRange<UInt64>
    ) {
        self.terms = terms
        self.accountCount = accountCount
        self.lots = lots
        self.leveragePpm = leveragePpm
    }
}
