import KeeperModel
import KeeperTestKit
import LiquidationRules
import WideMath

/// Draws lending markets and positions near their lines, and moves markets inside enclosures.
struct LendingSampler {
    private var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    /// Three reserves of 6, 8 and 18 decimals with prices from dust to fortunes and grown indexes.
    mutating func market(_ generation: AaveGeneration) -> LendingMarket {
        let reserves = [6, 8, 18].enumerated().map { number, decimals in
            ReserveTerms(
                asset: AssetID("A\(number)"), decimals: UInt8(decimals),
                liquidationThresholdBps: generator.number(in: 5_000...9_500),
                liquidationBonusBps: 10_500, protocolFeeBps: 1_000)
        }
        var market = LendingMarket(
            terms: LendingTerms(
                market: MarketID("m"), generation: generation, baseUnit: 1_000_000,
                reserves: reserves, policy: .plain))
        var values: [UInt128] = []
        for _ in reserves {
            values.append(UInt128(generator.number(in: 1...(1 << generator.number(in: 3...44)))))
            values.append(rayGrown(byPerMilleUpTo: 500))
            values.append(rayGrown(byPerMilleUpTo: 900))
        }
        market.set(values)
        return market
    }

    /// One or two collaterals against a debt worth 0.5 to 1.1 of them.
    mutating func position(in market: LendingMarket) -> LendingMarket.Position {
        let debtUnits = UInt256(generator.number(in: 1...(1 << generator.number(in: 8...45))))
        let worth =
            debtUnits * UInt256(generator.number(in: 900_000...2_000_000)) / UInt256(1_000_000)
        let collateral = generator.chance(ppm: 500_000) ? [0, 1] : [0]
        let published = LendingPosition(
            collateral: collateral.map { number in
                balance(number, worth: worth / UInt256(UInt64(collateral.count)), market)
            },
            debts: [balance(2, worth: debtUnits, market)])
        guard let position = market.position(from: .lending(published)) else {
            preconditionFailure("The sampled position fits its market")
        }
        return position
    }

    /// The last debt that is safe, or the first that is not: one unit apart.
    mutating func positionNearLine(of market: LendingMarket) -> LendingMarket.Position? {
        guard case .lending(let published) = market.published(position(in: market)) else {
            return nil
        }
        func owing(_ scaledAmount: UInt256) -> LendingMarket.Position? {
            market.position(
                from: .lending(
                    LendingPosition(
                        collateral: published.collateral,
                        debts: [ScaledBalance(asset: AssetID("A2"), scaledAmount: scaledAmount)])))
        }
        var safe = UInt256.zero
        var unsafe = UInt256(1) << 100
        while unsafe - safe > .one {
            let middle = safe + (unsafe - safe) / 2
            guard let position = owing(middle) else { return nil }
            if market.isLiquidatable(position) { unsafe = middle } else { safe = middle }
        }
        return owing(generator.chance(ppm: 500_000) ? safe : unsafe)
    }

    /// How often the rule answers otherwise than at the centre, over random moves inside.
    mutating func flips(
        of position: LendingMarket.Position, in market: LendingMarket, moves: Int
    ) -> Int {
        let isLiquidatable = market.isLiquidatable(position)
        let watches = market.watches(for: position)
        return (0..<moves).count { _ in
            var moved = market
            moved.set(values(of: market, within: watches))
            return moved.isLiquidatable(position) != isLiquidatable
        }
    }

    /// Every watched variable somewhere inside its interval, half of the time on an end.
    private mutating func values(of market: LendingMarket, within watches: [Watch]) -> [UInt128] {
        var values = (0..<market.variableCount).map { market.value(ofVariable: $0) }
        for variable in values.indices {
            let own = watches.filter { $0.variable == variable }
            let low = own.map(\.low).max() ?? 0
            // What a market takes in has at most 96 bits.
            let high = min(own.map(\.high).min() ?? .max, 1 << 96 - 1)
            let bits = generator.number(in: 0...95)
            values[variable] =
                switch generator.next() % 4 {
                case 0: low
                case 1: high
                case 2: low + UInt128(generator.next()) % (high - low + 1)
                default: min(high, low + (UInt128(generator.next()) << bits) >> 64)
                }
        }
        return values
    }

    private mutating func rayGrown(byPerMilleUpTo most: UInt64) -> UInt128 {
        let grown = ray + ray / UInt256(1_000) * UInt256(generator.number(in: 0...most))
        return grown.asUInt128 ?? .max
    }

    private func balance(_ number: Int, worth: UInt256, _ market: LendingMarket) -> ScaledBalance {
        let asset = AssetID("A\(number)")
        // The sampler draws at most 18 decimals, so the unit always fits.
        guard let reserve = market.reserve(of: asset), let unit = try? reserve.tokenUnit else {
            preconditionFailure("Every asset of the sampler has a reserve")
        }
        let index = number == 2 ? reserve.variableBorrowIndexRay : reserve.liquidityIndexRay
        return ScaledBalance(asset: asset, scaledAmount: worth * unit / reserve.price * ray / index)
    }
}

extension LendingMarket {
    /// Price, liquidity index and borrow index of each reserve, in the order of the variables.
    fileprivate mutating func set(_ values: [UInt128]) {
        for (number, terms) in terms.reserves.enumerated() {
            _ = publish(
                PriceUpdate(
                    asset: terms.asset, kind: .eligible, price: UInt256(values[3 * number]),
                    round: 1, sourceAt: Instant(nanoseconds: 0)))
            _ = take(
                .indexes(
                    of: terms.asset, liquidityRay: UInt256(values[3 * number + 1]),
                    variableBorrowRay: UInt256(values[3 * number + 2])))
        }
    }
}
