package import KeeperModel
import KeeperRisk
import KeeperStrategy
import VenueSimulator
package import WideMath

/// Thirty days at a chain where somebody crosses the line every few hours, a height every two.
///
/// Closes are paid from the purse, what they seize is held, and every call costs gas: so the purse
/// loses its money and its gas and fills with what nobody trades with. With a treasury it is kept
/// between floor and ceiling out of a reserve; without one it runs dry.
package struct MonthPlan: Hashable, Sendable {
    package let hasTreasury: Bool

    package init(hasTreasury: Bool) {
        self.hasTreasury = hasTreasury
    }

    static let heightSeconds: Int64 = 7_200
    static let heightSpan = TimeSpan.seconds(heightSeconds)
    static let heights: UInt64 = 360
    static let span = TimeSpan.seconds(Int64(heights) * heightSeconds)
    /// So many heights are waited for at the end, until everything is final.
    static let closingHeights: UInt64 = 24
    static let usd = AssetID("USD")
    static let ether = AssetID("ETH")
    static let bitcoin = AssetID("WBTC")

    /// Crashes, and a network and a chain that lose things.
    static let faults = FaultPlan([
        .crashes: 40_000, .lostRequests: 60_000, .lostReplies: 60_000,
        .duplicatedRequests: 60_000, .reorganisations: 30_000, .evictions: 40_000,
    ])

    var treasury: DrawnTreasury? {
        guard hasTreasury else { return nil }
        let (whole, coin) = (UInt256(1_000_000_000_000_000_000), UInt256(100_000_000))
        let dollars = UInt256(1_000_000)
        func rule(
            _ asset: AssetID, _ decimals: UInt8, _ unit: UInt256, _ band: [UInt64],
            perTransfer: UInt64, perDay: UInt64
        ) -> PurseRule {
            PurseRule(
                domain: DomainDraft.ids[0], asset: asset, decimals: decimals,
                floor: unit * UInt256(band[0]), target: unit * UInt256(band[1]),
                ceiling: unit * UInt256(band[2]), perTransferMax: unit * UInt256(perTransfer),
                perDayMax: unit * UInt256(perDay))
        }
        return DrawnTreasury(
            rules: TreasuryRules(
                isAutomatic: true, coolDown: .seconds(60),
                gasPerTransferMaxUnits: dollars * UInt256(300),
                purses: [
                    rule(
                        Self.usd, 6, dollars, [60_000, 120_000, 300_000], perTransfer: 100_000,
                        perDay: 300_000),
                    rule(Self.ether, 18, whole, [1, 2, 4], perTransfer: 2, perDay: 6),
                    rule(Self.bitcoin, 8, coin, [0, 0, 1], perTransfer: 2, perDay: 10),
                ]),
            reserve: [
                AssetAmount(asset: Self.usd, amount: dollars * UInt256(3_000_000)),
                AssetAmount(asset: Self.ether, amount: whole * UInt256(60)),
                AssetAmount(asset: Self.bitcoin, amount: .zero),
            ])
    }

    /// What the keeper begins with: enough for a few days.
    private static let endowment = [
        AssetAmount(asset: usd, amount: 80_000_000_000),
        AssetAmount(asset: ether, amount: 250_000_000_000_000_000),
    ]

    /// Tips do not fall, so gas costs something for all of the month.
    func chain(seed: UInt64) -> SimulatedChain {
        let gwei = UInt256(1_000_000_000)
        return SimulatedChain(
            terms: ChainTerms(
                gasAsset: Self.ether, finalityHeights: 3, bumpMinPpm: 125_000,
                gasPerClose: 500_000, gasPerCancel: 21_000,
                lanes: [Lane(name: LaneName("pool"), laneClass: .open)]),
            congestion: Congestion(
                baseFee: gwei * UInt256(10), calmTip: gwei * UInt256(25), callsPerBlock: 6,
                rush: 0..<0, generator: SeededGenerator(seed: seed ^ 0x6D6F_6E74_68)))
    }

    func scenario(seed: UInt64) -> Scenario {
        let quote = AssetDescription(asset: Self.usd, decimals: 6)
        let terms = LendingTerms(
            market: MarketID("lend"), generation: .v3_3, baseUnit: 1_000_000,
            reserves: [
                ReserveTerms(
                    asset: Self.usd, decimals: 6, liquidationThresholdBps: 0,
                    liquidationBonusBps: 10_500, protocolFeeBps: 1_000),
                ReserveTerms(
                    asset: Self.bitcoin, decimals: 8, liquidationThresholdBps: 7_800,
                    liquidationBonusBps: 10_800, protocolFeeBps: 1_000),
            ],
            policy: .plain)
        return Scenario(
            name: "month-\(seed)", seed: seed, heightSpan: Self.heightSpan,
            heightCount: Self.heights + Self.closingHeights, quote: quote,
            assets: [
                Self.asset(Self.ether, 18, from: 2_500_000_000, to: 2_400_000_000),
                Self.asset(Self.bitcoin, 8, from: 50_000_000_000, to: 31_000_000_000),
            ],
            hosted: [
                .borrowers(
                    BorrowerScenario(
                        terms: .lending(terms), borrowRatePpmPerYear: 40_000, accountCount: 48,
                        healthPpm: 1_010_000...1_550_000,
                        collateralUnits: 6_000_000_000...24_000_000_000, twoCollateralsPpm: 0))
            ],
            fundUnits: 0,
            flashPool: FlashPool(asset: quote.asset, available: .zero, premiumBps: 0),
            keeperEndowment: Self.endowment, callsPerHeight: 20,
            keeperReserve: treasury?.reserve ?? [])
    }

    private static func asset(
        _ asset: AssetID, _ decimals: UInt8, from: UInt64, to: UInt64
    ) -> ScenarioAsset {
        let points = [
            PricePath.Point(height: 0, price: from),
            PricePath.Point(height: heights - 12, price: to),
        ]
        guard let path = PricePath(points: points, noiseBps: 40) else {
            preconditionFailure("The month's path rises from height 0")
        }
        return ScenarioAsset(
            description: AssetDescription(asset: asset, decimals: decimals), path: path,
            liquidity: LiquidityModel(
                levelCount: 4, spreadBps: 5, stepBps: 10,
                quantityPerLevel: UInt256(1_000_000_000_000), recoveryPpm: 100_000))
    }

    /// Pays from the purse and keeps what it seizes.
    static let strategy: Strategy = {
        // The text is a constant of this file: an error in it stops the run at once.
        guard let condition = try? Condition("health < 1 && netProfit >= 1 usd") else {
            preconditionFailure("The month's condition compiles")
        }
        return Strategy(
            name: StrategyName("month"), version: 1, summary: "", markets: [.lending],
            condition: condition, sizing: .full, funding: .inventory, exit: .hold,
            bid: BidRule(
                laneClass: .open, offerPpm: 0, capPpm: 600_000, raiseEveryHeights: 2),
            validHeights: 12, coolDown: .seconds(60))
    }()
}

/// What a month was like for the purse that is traded with.
package struct MonthResult: Hashable, Sendable {
    package let violations: [String]
    package let lives: Int
    package let wonCount: UInt64
    /// How often an account was left alone because the purse held too little money, or gas.
    package let shortCount: UInt64
    /// Of each asset the least that was ever in the purse, from the second day on.
    package let lowest: [AssetID: UInt256]
    package let topUpCount: UInt64
    package let sweepCount: UInt64
}

extension SimulatedWorld {
    /// Thirty days, with everything checked that is checked in every run.
    package static func month(seed: UInt64, hasTreasury: Bool) -> MonthResult {
        var options = SimulationOptions()
        options.month = MonthPlan(hasTreasury: hasTreasury)
        options.heights = MonthPlan.heights
        options.isReplayed = true
        do {
            let world = try SimulatedWorld(
                seed: seed, strategies: [MonthPlan.strategy], options: options)
            try world.run()
            let transfers = Dictionary(
                world.coverage.rows(of: .transfers).map { ($0.name, $0.count) }
            ) { first, _ in first }
            return MonthResult(
                violations: world.violations, lives: world.lives,
                wonCount: world.coverage.count(.ownCloses, "lending lending"),
                shortCount: world.shortCount, lowest: world.lowest,
                topUpCount: transfers[TransferDirection.topUp.rawValue] ?? 0,
                sweepCount: transfers[TransferDirection.sweep.rawValue] ?? 0)
        } catch {
            return MonthResult(
                violations: ["the keeper stopped: \(error)"], lives: 0, wonCount: 0,
                shortCount: 0, lowest: [:], topUpCount: 0, sweepCount: 0)
        }
    }

    /// Whether a decision says that the purse held too little.
    func noteShortage(_ decision: Decision) {
        guard !decision.target.isTreasury else { return }
        let isShort =
            switch decision.verdict {
            case .skipped(.noFunds): true
            case .skipped(.refusedByRisk):
                decision.facts.contains(DecisionFact("limit", RiskRefusal.inventory.rawValue))
            default: false
            }
        if isShort { shortCount += 1 }
    }
}

extension SimulatedDomain {
    /// The least that is in the purse, once the first transfers had a day to become final.
    func notePurse() {
        guard world.options.month != nil, venue.height > 12 else { return }
        let held = venue.balances(of: SimulatedWorld.keeper)
        for asset in [MonthPlan.usd, MonthPlan.ether] {
            let amount = held.first { $0.asset == asset }?.amount ?? .zero
            world.lowest[asset] = min(world.lowest[asset] ?? amount, amount)
        }
    }
}
