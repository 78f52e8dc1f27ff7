package import KeeperModel
package import WideMath

/// A lending market by the rules of Aave v3, with its present prices and indexes.
///
/// Each reserve is three variables: its price, its liquidity index and its borrow index. Numbers
/// are bounded at the door, so that the arithmetic of health never leaves 256 bits.
package struct LendingMarket: MarketRules {
    package let terms: LendingTerms
    private(set) var reserves: [AaveReserve]
    private let reserveNumbers: [AssetID: Int]

    /// What a market can hold: balances below 2^128, prices and indexes below 2^96.
    private static let balanceBitsMax = 128
    private static let factorBitsMax = 96

    /// Balances by the number of their reserve.
    package struct Position: Hashable, Sendable {
        package struct Leg: Hashable, Sendable {
            package let reserve: Int
            package let scaledAmount: UInt256
        }
        package let collateral: [Leg]
        package let debts: [Leg]
    }

    package init(terms: LendingTerms) {
        self.terms = terms
        reserves = terms.reserves.map {
            AaveReserve(
                terms: $0, liquidityIndexRay: ray, variableBorrowIndexRay: ray, price: .zero)
        }
        var numbers: [AssetID: Int] = [:]
        for (number, reserve) in terms.reserves.enumerated() {
            numbers[reserve.asset] = number
        }
        reserveNumbers = numbers
    }

    package func reserve(of asset: AssetID) -> AaveReserve? {
        reserveNumbers[asset].map { reserves[$0] }
    }

    // MARK: Variables

    package var variableCount: Int { 3 * reserves.count }

    package func value(ofVariable variable: Int) -> UInt128 {
        let reserve = reserves[variable / 3]
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
            reserves[number].price != update.price
        else { return [] }
        let old = reserves[number]
        reserves[number] = AaveReserve(
            terms: old.terms, liquidityIndexRay: old.liquidityIndexRay,
            variableBorrowIndexRay: old.variableBorrowIndexRay, price: update.price)
        return [3 * number]
    }

    package mutating func accrue(_ indexes: [ReserveIndexes]) -> [Int] {
        var moved: [Int] = []
        for grown in indexes {
            guard let number = reserveNumbers[grown.asset],
                isWithinFactorBits(grown.liquidityIndexRay),
                isWithinFactorBits(grown.variableBorrowIndexRay)
            else { continue }
            let old = reserves[number]
            reserves[number] = AaveReserve(
                terms: old.terms, liquidityIndexRay: grown.liquidityIndexRay,
                variableBorrowIndexRay: grown.variableBorrowIndexRay, price: old.price)
            if old.liquidityIndexRay != grown.liquidityIndexRay { moved.append(3 * number + 1) }
            if old.variableBorrowIndexRay != grown.variableBorrowIndexRay {
                moved.append(3 * number + 2)
            }
        }
        return moved
    }

    private func isWithinFactorBits(_ value: UInt256) -> Bool {
        256 - value.leadingZeroBitCount <= Self.factorBitsMax
    }

    // MARK: Positions

    package func position(from published: AccountPosition) -> Position? {
        guard case .lending(let lending) = published,
            let collateral = legs(lending.collateral), let debts = legs(lending.debts)
        else { return nil }
        return Position(collateral: collateral, debts: debts)
    }

    package func published(_ position: Position) -> AccountPosition {
        func balances(_ legs: [Position.Leg]) -> [ScaledBalance] {
            legs.map {
                ScaledBalance(
                    asset: reserves[$0.reserve].terms.asset, scaledAmount: $0.scaledAmount)
            }
        }
        return .lending(
            LendingPosition(
                collateral: balances(position.collateral), debts: balances(position.debts)))
    }

    private func legs(_ balances: [ScaledBalance]) -> [Position.Leg]? {
        var legs: [Position.Leg] = []
        for balance in balances {
            let bits = 256 - balance.scaledAmount.leadingZeroBitCount
            guard let number = reserveNumbers[balance.asset], bits <= Self.balanceBitsMax,
                !legs.contains(where: { $0.reserve == number })
            else { return nil }
            legs.append(Position.Leg(reserve: number, scaledAmount: balance.scaledAmount))
        }
        return legs
    }

    package func holdings(_ position: Position) -> AavePosition {
        func holdings(_ legs: [Position.Leg]) -> [AaveHolding] {
            legs.map {
                AaveHolding(reserve: reserves[$0.reserve], scaledAmount: $0.scaledAmount)
            }
        }
        return AavePosition(
            collateral: holdings(position.collateral), debts: holdings(position.debts))
    }

    // MARK: Health

    /// Nil while a price is missing, or where the arithmetic would revert on the chain too.
    package func accountData(_ position: Position) -> AaveAccountData? {
        let legs = position.collateral + position.debts
        guard legs.allSatisfy({ !reserves[$0.reserve].price.isZero }) else { return nil }
        // A revert on the chain is no liquidation either: nobody can be closed by it.
        return try? holdings(position).accountData(terms.generation)
    }

    package func isLiquidatable(_ position: Position) -> Bool {
        accountData(position)?.isLiquidatable ?? false
    }

    package func healthWad(_ position: Position) -> UInt256 {
        accountData(position)?.healthFactorWad ?? .max
    }
}
