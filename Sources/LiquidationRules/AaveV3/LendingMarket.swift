package import KeeperModel
package import WideMath

/// A lending market by the rules of Aave v3, with its present prices and indexes.
///
/// Each reserve is three variables: its price, its liquidity index and its borrow index. Numbers
/// are bounded at the door, so that the arithmetic of health never leaves 256 bits.
package struct LendingMarket: PublishedMarketRules {
    package let terms: LendingTerms
    private(set) var reserves: [AaveReserve]
    /// The same numbers as `reserves`, laid out for every account of every tick.
    private(set) var factors: [ReserveFactors]
    let reserveNumbers: [AssetID: Int]
    /// Whether the terms are such that bounds can be made of them.
    let isLinear: Bool

    /// Prices and indexes stay below 2^96, as balances do below 2^128.
    private static let factorBitsMax = 96

    package init(terms: LendingTerms) {
        self.terms = terms
        reserves = terms.reserves.map {
            AaveReserve(
                terms: $0, liquidityIndexRay: ray, variableBorrowIndexRay: ray, price: .zero)
        }
        factors = terms.reserves.map { ReserveFactors($0) }
        var numbers: [AssetID: Int] = [:]
        for (number, reserve) in terms.reserves.enumerated() {
            numbers[reserve.asset] = number
        }
        reserveNumbers = numbers
        isLinear =
            terms.reserves.count <= LinearLeg.reserveCountMax
            && terms.reserves.allSatisfy {
                $0.liquidationThresholdBps <= LinearReserve.thresholdBpsMax
            }
    }

    package func reserve(of asset: AssetID) -> AaveReserve? {
        reserveNumbers[asset].map { reserves[$0] }
    }

    // MARK: Variables

    package var variableCount: Int { 3 * reserves.count }

    package func value(ofVariable variable: Int) -> UInt128 {
        let reserve = factors[variable / 3]
        let value =
            switch variable % 3 {
            case 0: reserve.price
            case 1: reserve.liquidityIndexRay
            default: reserve.variableBorrowIndexRay
            }
        return value.asUInt128 ?? .max
    }

    package mutating func publish(_ update: PriceUpdate) -> [Int] {
        guard let number = reserveNumbers[update.asset], isWithinFactorBits(update.price),
            !update.price.isZero, reserves[number].price != update.price
        else { return [] }
        let old = reserves[number]
        reserves[number] = AaveReserve(
            terms: old.terms, liquidityIndexRay: old.liquidityIndexRay,
            variableBorrowIndexRay: old.variableBorrowIndexRay, price: update.price)
        factors[number].publish(update.price)
        return [3 * number]
    }

    package mutating func take(_ figures: [MarketFigure]) -> [Int] {
        figures.compactMap { figure in
            guard let number = figure.asset.flatMap({ reserveNumbers[$0] }),
                isWithinFactorBits(figure.value)
            else { return nil }
            switch figure.name {
            case .liquidityIndexRay: return setLiquidityIndex(figure.value, of: number)
            case .variableBorrowIndexRay: return setBorrowIndex(figure.value, of: number)
            default: return nil
            }
        }
    }

    private mutating func setLiquidityIndex(_ index: UInt256, of number: Int) -> Int? {
        let old = reserves[number]
        guard old.liquidityIndexRay != index else { return nil }
        reserves[number] = AaveReserve(
            terms: old.terms, liquidityIndexRay: index,
            variableBorrowIndexRay: old.variableBorrowIndexRay, price: old.price)
        factors[number].liquidityIndexRay = index
        return 3 * number + 1
    }

    private mutating func setBorrowIndex(_ index: UInt256, of number: Int) -> Int? {
        let old = reserves[number]
        guard old.variableBorrowIndexRay != index else { return nil }
        reserves[number] = AaveReserve(
            terms: old.terms, liquidityIndexRay: old.liquidityIndexRay,
            variableBorrowIndexRay: index, price: old.price)
        factors[number].variableBorrowIndexRay = index
        return 3 * number + 2
    }

    private func isWithinFactorBits(_ value: UInt256) -> Bool {
        256 - value.leadingZeroBitCount <= Self.factorBitsMax
    }

    // MARK: Health

    /// Nil while a price is missing, or where the arithmetic would revert on the chain too.
    package func accountData(_ position: Position) -> AaveAccountData? {
        guard position.legs.allSatisfy({ !factors[Int($0.reserve)].price.isZero }) else {
            return nil
        }
        // A revert on the chain is no liquidation either: nobody can be closed by it.
        return try? holdings(position).accountData(terms.generation)
    }

    package func healthWad(_ position: Position) -> UInt256 {
        accountData(position)?.healthFactorWad ?? .max
    }
}
