import KeeperModel
import VenueSimulator
import WideMath

/// Which other protocols a seed's venue hosts, each by chance, with terms of its own.
func moreMarkets(
    quote: AssetID, policy: SettlementPolicy, _ generator: inout SeededGenerator
) -> [MarketScenario] {
    var drawing = MarketDrawing(quote: quote, policy: policy, generator: generator)
    defer { generator = drawing.generator }
    return [
        drawing.morphoBlue(), drawing.euler(), drawing.compound(), drawing.liquity(.v1),
        drawing.liquity(.v2), drawing.maker(),
    ].compactMap { $0 }
}

private struct MarketDrawing {
    let quote: AssetID
    let policy: SettlementPolicy
    var generator: SeededGenerator

    /// A crowd not far above its lines, or nil where the seed's venue has no such market.
    private mutating func crowd(
        _ terms: (inout SeededGenerator) -> MarketTerms, twoCollateralsPpm: UInt64 = 0,
        poolUnits: UInt64 = 0
    ) -> MarketScenario? {
        guard generator.chance(ppm: 400_000) else { return nil }
        return .borrowers(
            BorrowerScenario(
                terms: terms(&generator), borrowRatePpmPerYear: generator.number(in: 0...400_000),
                accountCount: Int(generator.number(in: 3...12)), healthPpm: 1_005_000...1_350_000,
                collateralUnits: 3_000_000_000...60_000_000_000,
                twoCollateralsPpm: twoCollateralsPpm, poolUnits: poolUnits))
    }

    mutating func morphoBlue() -> MarketScenario? {
        let lltvs: [UInt256] = [
            385_000_000_000_000_000, 625_000_000_000_000_000, 770_000_000_000_000_000,
            860_000_000_000_000_000, 915_000_000_000_000_000, 965_000_000_000_000_000,
        ]
        let (quote, policy) = (quote, policy)
        return crowd { generator in
            let (name, decimals) = Self.collateral(&generator)
            return .morphoBlue(
                MorphoBlueTerms(
                    market: MarketID("morpho"), loan: quote, collateral: name,
                    collateralDecimals: decimals,
                    lltvWad: lltvs[Int(generator.next() % UInt64(lltvs.count))], policy: policy))
        }
    }

    /// A collateral's ratio may be on its way down while the seed runs.
    mutating func euler() -> MarketScenario? {
        let (quote, policy) = (quote, policy)
        return crowd(
            { generator in
                func collateral(_ name: String, _ decimals: UInt8) -> EulerVaultTerms.Collateral {
                    let isRamped = generator.chance(ppm: 400_000)
                    return EulerVaultTerms.Collateral(
                        asset: AssetID(name), decimals: decimals, initialBps: 8_500,
                        targetBps: isRamped ? 8_000 : 8_500, targetAtSeconds: 1_600_000_060,
                        durationSeconds: 50)
                }
                return .euler(
                    EulerVaultTerms(
                        market: MarketID("euler"), debt: quote, debtDecimals: 6,
                        collaterals: [collateral("ETH", 18), collateral("WBTC", 8)],
                        maxDiscountBps: generator.number(in: 500...2_000), policy: policy))
            }, twoCollateralsPpm: 300_000)
    }

    mutating func compound() -> MarketScenario? {
        let quote = quote
        return crowd(
            { generator in
                func collateral(_ name: String, _ decimals: UInt8) -> CompoundTerms.Collateral {
                    CompoundTerms.Collateral(
                        asset: AssetID(name), decimals: decimals,
                        liquidateFactorWad: 850_000_000_000_000_000,
                        liquidationFactorWad: UInt256(generator.number(in: 880...950))
                            * 1_000_000_000_000_000)
                }
                return .compound(
                    CompoundTerms(
                        market: MarketID("comet"), base: quote, baseDecimals: 6,
                        collaterals: [collateral("ETH", 18), collateral("WBTC", 8)],
                        storefrontPriceFactorWad: UInt256(generator.number(in: 400...1_000))
                            * 1_000_000_000_000_000))
            }, twoCollateralsPpm: 400_000)
    }

    /// Auctions fall fast, so that some are taken, some in parts, and some have to be restarted.
    mutating func maker() -> MarketScenario? {
        let quote = quote
        return crowd { generator in
            let (name, decimals) = Self.collateral(&generator)
            return .maker(
                MakerVaultTerms(
                    market: MarketID("maker"), collateral: name, collateralDecimals: decimals,
                    debt: quote,
                    liquidationRatioRay: UInt256(generator.number(in: 130...170))
                        * 10_000_000_000_000_000_000_000_000,
                    chopWad: 1_130_000_000_000_000_000, dustUnits: 500_000_000,
                    holeUnits: UInt256(generator.number(in: 5...100)) * 1_000_000_000,
                    auction: MakerVaultTerms.Auction(
                        startFactorRay: UInt256(generator.number(in: 105...120))
                            * 10_000_000_000_000_000_000_000_000,
                        curve: Self.curve(&generator),
                        tailSeconds: generator.number(in: 10...60),
                        cuspRay: 400_000_000_000_000_000_000_000_000,
                        tipUnits: UInt256(generator.number(in: 0...100)) * 1_000_000,
                        chipWad: 1_000_000_000_000_000)))
        }
    }

    /// Of each kind, such that an auction is worth restarting while the seed runs.
    private static func curve(_ generator: inout SeededGenerator) -> MakerPriceCurve {
        let tau = generator.number(in: 60...400)
        func cutRay(_ thousandths: ClosedRange<UInt64>) -> UInt256 {
            UInt256(generator.number(in: thousandths)) * 1_000_000_000_000_000_000_000_000
        }
        switch generator.number(in: 0...2) {
        case 0: return .linear(tauSeconds: tau)
        case 1:
            return .stairstep(
                cutRay: cutRay(900...995), stepSeconds: generator.number(in: 1...10))
        default: return .exponential(cutRay: cutRay(970...999))
        }
    }

    /// Pools from none to more than all debt, so that some seeds redistribute.
    mutating func liquity(_ version: LiquityTerms.Version) -> MarketScenario? {
        let quote = quote
        let isV1 = version == .v1
        let poolUnits =
            generator.chance(ppm: 300_000) ? 0 : generator.number(in: 0...80_000_000_000)
        return crowd(
            { generator in
                .liquity(
                    LiquityTerms(
                        market: MarketID("liquity-v\(version.rawValue)"), version: version,
                        collateral: AssetID("ETH"), debt: quote,
                        minimumRatioWad: isV1
                            ? 1_100_000_000_000_000_000
                            : UInt256(generator.number(in: 110...120)) * 10_000_000_000_000_000,
                        gasReserve: isV1 ? 200_000_000 : 37_500_000_000_000_000,
                        poolPenaltyWad: isV1 ? .zero : 50_000_000_000_000_000,
                        redistributionPenaltyWad: isV1 ? .zero : 100_000_000_000_000_000))
            }, poolUnits: poolUnits)
    }

    private static func collateral(
        _ generator: inout SeededGenerator
    ) -> (AssetID, decimals: UInt8) {
        generator.chance(ppm: 500_000) ? (AssetID("ETH"), 18) : (AssetID("WBTC"), 8)
    }
}
