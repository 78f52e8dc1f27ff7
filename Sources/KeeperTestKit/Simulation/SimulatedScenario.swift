package import KeeperModel
package import VenueSimulator
import WideMath

/// A crash drawn from a seed: assets, paths, books and accounts, small enough to be run by the
/// thousand and nasty enough that most accounts are closed.
///
/// Where calls cost gas the keeper has some.
package func simulatedScenario(
    seed: UInt64, gasAsset: AssetID? = nil, heightSpan: TimeSpan = .seconds(1),
    heightCount: UInt64 = 80, hasThinBooks: Bool = false, reserve: [AssetAmount] = []
) -> Scenario {
    var generator = SeededGenerator(seed: seed)
    let quote = AssetDescription(asset: AssetID("USD"), decimals: 6)
    let eth = asset("ETH", decimals: 18, price: 2_500_000_000, levelUnits: 12, &generator)
    let btc = asset("WBTC", decimals: 8, price: 50_000_000_000, levelUnits: 1, &generator)
    // The smaller the lots, the coarser their price: then marks fall on lines exactly, and an end
    // that is one unit off shows.
    let lotsPerLot = [UInt64(1), 100, 2_500][Int(generator.next() % 3)]
    let lot = asset(
        "BTC-LOT", decimals: 0, price: 5_000_000 / lotsPerLot, levelUnits: 40_000 * lotsPerLot,
        &generator)
    let policy = simulatedPolicy(&generator)
    func terms(_ name: String, _ decimals: UInt8, threshold: UInt64) -> ReserveTerms {
        ReserveTerms(
            asset: AssetID(name), decimals: decimals, liquidationThresholdBps: threshold,
            liquidationBonusBps: 10_500, protocolFeeBps: 1_000)
    }
    let lending = BorrowerScenario(
        terms: .lending(
            LendingTerms(
                market: MarketID("lend"), generation: .v3_3, baseUnit: 1_000_000,
                reserves: [
                    terms("USD", 6, threshold: 0), terms("ETH", 18, threshold: 8_300),
                    terms("WBTC", 8, threshold: 7_800),
                ],
                policy: policy)),
        borrowRatePpmPerYear: generator.number(in: 0...400_000),
        accountCount: Int(generator.number(in: 4...24)), healthPpm: 1_005_000...1_350_000,
        collateralUnits: 400_000_000...60_000_000_000, twoCollateralsPpm: 300_000)
    let margin = MarginScenario(
        terms: MarginTerms(
            market: MarketID("perp"), asset: AssetID("BTC-LOT"), lotStep: 1, policy: policy),
        accountCount: Int(generator.number(in: 2...12)),
        lots: 40 * Int64(lotsPerLot)...9_000 * Int64(lotsPerLot),
        leveragePpm: 3_000_000...50_000_000)
    let fundUnits = Int64(generator.number(in: 0...50_000_000_000))
    // Drawn from a generator of its own, so that what else a seed means stays as it was.
    var more = SeededGenerator(seed: seed ^ 0x6d61_726b_6574_7321)
    let others = moreMarkets(quote: quote.asset, policy: policy, &more)
    return Scenario(
        name: "seed-\(seed)", seed: seed, heightSpan: heightSpan, heightCount: heightCount,
        quote: quote,
        assets: hasThinBooks ? thinned([eth, btc, lot], seed: seed) : [eth, btc, lot],
        hosted: [.borrowers(lending), .margin(margin)] + others, fundUnits: fundUnits,
        flashPool: FlashPool(
            asset: quote.asset, available: UInt256(generator.number(in: 0...200_000_000_000)),
            premiumBps: generator.number(in: 0...30)),
        keeperEndowment: [
            AssetAmount(
                asset: quote.asset, amount: UInt256(generator.number(in: 0...80_000_000_000)))
        ] + (gasAsset.map { [AssetAmount(asset: $0, amount: gasEndowment(seed: seed))] } ?? []),
        callsPerHeight: generator.number(in: 1...20), keeperReserve: reserve)
}

/// Each book by chance as it was, a hundredth of that to a tenth, or without a single level.
private func thinned(_ assets: [ScenarioAsset], seed: UInt64) -> [ScenarioAsset] {
    var generator = SeededGenerator(seed: seed ^ 0x7468_696E)
    return assets.map { asset in
        let model = asset.liquidity
        let kind = generator.number(in: 0...3)
        let part = UInt256(generator.number(in: 10...100))
        guard kind > 0 else { return asset }
        return ScenarioAsset(
            description: asset.description, path: asset.path,
            liquidity: LiquidityModel(
                levelCount: kind == 1 ? 0 : model.levelCount, spreadBps: model.spreadBps,
                stepBps: model.stepBps, quantityPerLevel: max(.one, model.quantityPerLevel / part),
                recoveryPpm: model.recoveryPpm))
    }
}

/// Falls by 5 to 45 %, in two legs with a bounce between them.
private func asset(
    _ name: String, decimals: UInt8, price: UInt64, levelUnits: UInt64,
    _ generator: inout SeededGenerator
) -> ScenarioAsset {
    func fallen(_ percent: ClosedRange<UInt64>) -> UInt64 {
        price / 100 * (100 - generator.number(in: percent))
    }
    let points = [
        PricePath.Point(height: 0, price: price),
        PricePath.Point(height: 10 + generator.number(in: 0...10), price: fallen(0...8)),
        PricePath.Point(height: 30 + generator.number(in: 0...8), price: fallen(5...30)),
        PricePath.Point(height: 45 + generator.number(in: 0...8), price: fallen(0...20)),
        PricePath.Point(height: 70, price: fallen(10...45)),
    ]
    guard let path = PricePath(points: points, noiseBps: generator.number(in: 0...60)) else {
        preconditionFailure("The drawn heights rise")
    }
    var unit = UInt256.one
    for _ in 0..<decimals { unit = unit * UInt256(10) }
    return ScenarioAsset(
        description: AssetDescription(asset: AssetID(name), decimals: decimals), path: path,
        liquidity: LiquidityModel(
            levelCount: 12, spreadBps: generator.number(in: 1...10),
            stepBps: generator.number(in: 2...30), quantityPerLevel: unit * UInt256(levelUnits),
            recoveryPpm: generator.number(in: 10_000...300_000)))
}

/// Bonus and refund, with deleveraging, a harm window and keeper's shares that differ by seed.
private func simulatedPolicy(_ generator: inout SeededGenerator) -> SettlementPolicy {
    let hasWindow = generator.chance(ppm: 500_000)
    return SettlementPolicy(
        name: "simulated", version: 1, fromHeight: 0,
        penalty: PenaltyRule(
            basePpm: 50_000, slopePpm: 0, capPpm: 50_000,
            keeperPpm: Int64(generator.number(in: 500_000...950_000)), keeperMinimum: 0,
            keeperMinimumNotional: 0, windowHeights: hasWindow ? 40 : 0,
            fundPpm: hasWindow ? 500_000 : 0, harmedPpm: hasWindow ? 300_000 : 0,
            treasuryPpm: hasWindow ? 200_000 : 1_000_000),
        surplus: SurplusShares(accountPpm: 1_000_000, fundPpm: 0, lpsPpm: 0, stakersPpm: 0),
        fund: FundRule(
            floor: 0, target: .max, feeSharePpm: 0, overflowLpsPpm: 0, overflowStakersPpm: 0,
            overflowTreasuryPpm: 1_000_000),
        backstops: [], adlMaxPositionPpm: generator.chance(ppm: 500_000) ? 1_000_000 : 0,
        socialiseMaxClaimPpm: 1_000_000,
        tiers: [
            MarginTier(upTo: 5_000_000_000, ratePpm: 4_000),
            MarginTier(upTo: 60_000_000_000, ratePpm: 8_000),
        ])
}
