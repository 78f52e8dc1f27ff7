import KeeperModel
import KeeperStrategy
import KeeperTestKit
import LiquidationRules
import WideMath

/// Candidates of each protocol, all of them under their lines.
extension SizingSampler {
    private typealias Held = (asset: AssetID, decimals: UInt8, price: UInt64)

    private mutating func held() -> (asset: AssetID, decimals: UInt8, price: UInt64) {
        let drawn = collateral()
        return (drawn.asset, drawn.decimals, number(20_000_000...60_000_000_000))
    }

    /// From accounts that are nearly dust to large ones.
    private mutating func debtUnits() -> UInt64 {
        chance(percent: 40)
            ? number(1_100_000_000...6_000_000_000) : number(6_000_000_000...90_000_000_000)
    }

    // MARK: Aave

    mutating func aave(_ generation: AaveGeneration) throws -> SizingCase<LendingMarket> {
        var first = held()
        let isTwofold = chance(percent: 30)
        var second = held()
        while second.asset == first.asset { second = held() }
        let debtUnits = debtUnits()
        let debt: Held =
            chance(percent: 15) ? (AssetID("DAI"), 18, 1_000_000) : (Self.quote, 6, 1_000_000)
        let threshold = number(7_000...8_400)
        let bonus = 10_000 + number(100...1_000)
        let terms = LendingTerms(
            market: MarketID("m"), generation: generation, baseUnit: 1_000_000,
            reserves: ([debt, first] + (isTwofold ? [second] : [])).map {
                ReserveTerms(
                    asset: $0.asset, decimals: $0.decimals,
                    liquidationThresholdBps: $0.asset == debt.asset ? 0 : threshold,
                    liquidationBonusBps: bonus, protocolFeeBps: 1_000)
            }, policy: .plain)
        let healthPpm = chance(percent: 50) ? number(951_000...999_000) : number(700_000...950_000)
        let weighted = debtUnits / 1_000_000 * healthPpm
        let collateralUnits = weighted / threshold * 10_000
        let firstUnits = isTwofold ? collateralUnits / 100 * number(5...95) : collateralUnits
        func market(_ ppm: UInt64) -> LendingMarket {
            var market = LendingMarket(terms: terms)
            _ = market.publish(eligible(debt.asset, debt.price))
            for held in [first, second] {
                _ = market.publish(eligible(held.asset, held.price / 1_000_000 * ppm))
            }
            return market
        }
        first.price = first.price / 1_000_000 * 1_000_000
        second.price = second.price / 1_000_000 * 1_000_000
        var balances = [
            ScaledBalance(
                asset: first.asset,
                scaledAmount: Self.amount(
                    worth: firstUnits, price: first.price, decimals: first.decimals))
        ]
        if isTwofold {
            balances.append(
                ScaledBalance(
                    asset: second.asset,
                    scaledAmount: Self.amount(
                        worth: collateralUnits - firstUnits, price: second.price,
                        decimals: second.decimals)))
        }
        let owed = Self.amount(worth: debtUnits, price: debt.price, decimals: debt.decimals)
        return try sizingCase(
            kind: .lending, notionalUnits: debtUnits, isTwofold ? [first, second] : [first],
            payAsset: debt.asset,
            position: .lending(
                LendingPosition(
                    collateral: balances,
                    debts: [ScaledBalance(asset: debt.asset, scaledAmount: owed)])),
            market: market)
    }

    private mutating func sizingCase<Rules: TradingRules>(
        kind: CloseKind, notionalUnits: UInt64,
        _ held: [(asset: AssetID, decimals: UInt8, price: UInt64)],
        payAsset: AssetID = SizingSampler.quote,
        position: AccountPosition, market: (_ pricePpm: UInt64) throws -> Rules
    ) throws -> SizingCase<Rules> {
        let strategy = try strategy(
            kind: kind, limitAsset: held[0].asset, notionalUnits: notionalUnits,
            mayFlash: payAsset == Self.quote)
        let rules = try market(1_000_000)
        guard let position = rules.position(from: position) else {
            throw SizingSamplerProblem("the sampled position does not fit its market")
        }
        return SizingCase(
            rules: rules, later: [try market(1_000_000 - strategy.testedDriftPpm)],
            position: position, strategy: strategy,
            context: context(notionalUnits: notionalUnits, held, payAsset: payAsset))
    }

    // MARK: Morpho and Euler

    mutating func morpho() throws -> SizingCase<HostedMorpho> {
        let held = held()
        let lltvPpm: UInt64 = [385_000, 770_000, 860_000, 945_000][Int(number(0...3))]
        let debtUnits = debtUnits()
        let healthPpm = number(600_000...999_000)
        let collateralUnits = debtUnits / lltvPpm * healthPpm
        let terms = MorphoBlueTerms(
            market: MarketID("m"), loan: Self.quote, collateral: held.asset,
            collateralDecimals: held.decimals, lltvWad: UInt256(lltvPpm) * 1_000_000_000_000,
            policy: .plain)
        let (assets, shares) = (number(1 << 40...1 << 45), number(1 << 58...1 << 62))
        let totals = (UInt256(assets), UInt256(shares))
        let position = AccountPosition.lending(
            LendingPosition(
                collateral: [
                    ScaledBalance(
                        asset: held.asset,
                        scaledAmount: Self.amount(
                            worth: collateralUnits, price: held.price, decimals: held.decimals))
                ],
                debts: [
                    ScaledBalance(
                        asset: Self.quote, scaledAmount: UInt256(debtUnits) * totals.1 / totals.0)
                ]))
        return try sizingCase(
            kind: .lending, notionalUnits: debtUnits, [held], position: position
        ) { ppm in
            var market = HostedMorpho(terms: terms)
            _ = market.take([
                MarketFigure(.borrowAssets, totals.0), MarketFigure(.borrowShares, totals.1),
            ])
            _ = market.publish(eligible(held.asset, held.price / 1_000_000 * ppm))
            return market
        }
    }

    mutating func euler() throws -> SizingCase<HostedEuler> {
        let held = held()
        let debtUnits = debtUnits()
        let healthPpm = number(600_000...999_000)
        let collateralUnits = debtUnits / 850_000 * healthPpm
        let terms = EulerVaultTerms(
            market: MarketID("m"), debt: Self.quote, debtDecimals: 6,
            collaterals: [
                EulerVaultTerms.Collateral(
                    asset: held.asset, decimals: held.decimals, initialBps: 8_500,
                    targetBps: 8_500, targetAtSeconds: 0, durationSeconds: 0)
            ], maxDiscountBps: number(500...2_000), policy: .plain)
        let shares = Self.amount(
            worth: collateralUnits, price: held.price, decimals: held.decimals)
        let position = AccountPosition.euler(
            EulerPosition(
                collateral: [ScaledBalance(asset: held.asset, scaledAmount: shares)],
                owedExact: UInt256(debtUnits) << 31, accumulatorRay: ray))
        return try sizingCase(
            kind: .lending, notionalUnits: debtUnits, [held], position: position
        ) { ppm in
            guard var market = HostedEuler(terms: terms) else {
                throw SizingSamplerProblem("the sampled vault has no rules")
            }
            _ = market.take([
                MarketFigure(.accumulatorRay, ray), MarketFigure(.seconds, 1_600_000_000),
                MarketFigure(.vaultAssets, of: held.asset, shares * 1_000),
            ])
            _ = market.publish(eligible(Self.quote, 1_000_000))
            _ = market.publish(eligible(held.asset, held.price / 1_000_000 * ppm))
            return market
        }
    }

    // MARK: Purchases

    mutating func compound() throws -> SizingCase<HostedComet> {
        let held = held()
        let notionalUnits = debtUnits()
        let terms = CompoundTerms(
            market: MarketID("m"), base: Self.quote, baseDecimals: 6,
            collaterals: [
                CompoundTerms.Collateral(
                    asset: held.asset, decimals: held.decimals,
                    liquidateFactorWad: 850_000_000_000_000_000,
                    liquidationFactorWad: UInt256(number(880...950)) * 1_000_000_000_000_000)
            ],
            storefrontPriceFactorWad: UInt256(number(400...1_000)) * 1_000_000_000_000_000)
        let quantity = Self.amount(
            worth: notionalUnits, price: held.price, decimals: held.decimals)
        return try sizingCase(
            kind: .purchase, notionalUnits: notionalUnits, [held],
            position: .goods(GoodsPosition(asset: held.asset, quantity: quantity))
        ) { ppm in
            guard var market = HostedComet(terms: terms) else {
                throw SizingSamplerProblem("the sampled storefront has no rules")
            }
            _ = market.take([MarketFigure(.borrowIndex, 1_000_000_000_000_000)])
            _ = market.publish(eligible(Self.quote, 1_000_000))
            _ = market.publish(eligible(held.asset, held.price / 1_000_000 * ppm))
            return market
        }
    }

    mutating func maker() throws -> SizingCase<HostedMaker> {
        let held = held()
        let notionalUnits = debtUnits()
        let tau = number(60...400)
        let terms = MakerVaultTerms(
            market: MarketID("m"), collateral: held.asset, collateralDecimals: held.decimals,
            debt: Self.quote, liquidationRatioRay: ray * UInt256(15) / UInt256(10),
            chopWad: 1_130_000_000_000_000_000, dustUnits: UInt256(number(100...3_000)) * 1_000_000,
            holeUnits: 1_000_000_000_000,
            auction: MakerVaultTerms.Auction(
                startFactorRay: ray, curve: .linear(tauSeconds: tau), tailSeconds: tau,
                cuspRay: ray / UInt256(5),
                tipUnits: .zero, chipWad: .zero))
        let unit = Self.unit(held.decimals)
        let lot = Self.amount(worth: notionalUnits, price: held.price, decimals: held.decimals)
        let tab = UInt256(notionalUnits / 100 * number(40...130)) * ray
        let top = UInt256(held.price) * ray / unit * UInt256(number(100...120)) / UInt256(100)
        let elapsed = number(0...tau / 2)
        return try sizingCase(
            kind: .purchase, notionalUnits: notionalUnits, [held],
            position: .auction(
                AuctionPosition(
                    tab: tab, lot: lot, topRay: top, startedAtSeconds: 1_600_000_000))
        ) { ppm in
            guard var market = HostedMaker(terms: terms) else {
                throw SizingSamplerProblem("the sampled auction has no rules")
            }
            _ = market.take([
                MarketFigure(.rateRay, ray),
                MarketFigure(.seconds, UInt256(1_600_000_000 + elapsed)),
            ])
            _ = market.publish(eligible(held.asset, held.price / 1_000_000 * ppm))
            return market
        }
    }
}

struct SizingSamplerProblem: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
