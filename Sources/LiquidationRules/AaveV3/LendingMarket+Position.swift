package import KeeperModel
import WideMath

extension LendingMarket {
    /// Balances by the number of their reserve, collateral first: one piece of memory per account.
    package struct Position: Hashable, Sendable {
        package struct Leg: Hashable, Sendable {
            let reserve: UInt32
            let isDebt: Bool
            private let low: UInt64
            private let high: UInt64

            init(reserve: Int, isDebt: Bool, scaledAmount: UInt128) {
                self.reserve = UInt32(reserve)
                self.isDebt = isDebt
                low = UInt64(truncatingIfNeeded: scaledAmount)
                high = UInt64(truncatingIfNeeded: scaledAmount >> 64)
            }

            var scaledAmount: UInt256 { UInt256(w0: low, w1: high, w2: 0, w3: 0) }
        }
        let legs: [Leg]

        package var legCount: Int { legs.count }
        var collateralCount: Int { legs.count { !$0.isDebt } }
    }

    package func position(from published: AccountPosition) -> Position? {
        guard case .lending(let lending) = published else { return nil }
        var legs: [Position.Leg] = []
        legs.reserveCapacity(lending.collateral.count + lending.debts.count)
        guard append(lending.collateral, asDebt: false, to: &legs),
            append(lending.debts, asDebt: true, to: &legs)
        else { return nil }
        return Position(legs: legs)
    }

    /// False where a balance does not fit this market.
    private func append(
        _ balances: [ScaledBalance], asDebt isDebt: Bool, to legs: inout [Position.Leg]
    ) -> Bool {
        let start = legs.count
        for balance in balances {
            guard let number = reserveNumbers[balance.asset],
                let amount = balance.scaledAmount.asUInt128,
                !legs[start...].contains(where: { $0.reserve == number })
            else { return false }
            legs.append(Position.Leg(reserve: number, isDebt: isDebt, scaledAmount: amount))
        }
        return true
    }

    package func published(_ position: Position) -> AccountPosition {
        func balances(_ isDebt: Bool) -> [ScaledBalance] {
            position.legs.filter { $0.isDebt == isDebt }.map {
                ScaledBalance(
                    asset: reserves[Int($0.reserve)].terms.asset, scaledAmount: $0.scaledAmount)
            }
        }
        return .lending(LendingPosition(collateral: balances(false), debts: balances(true)))
    }

    package func pricedAssets(of position: Position) -> [AssetID] {
        Set(position.legs.map { reserves[Int($0.reserve)].terms.asset }).sorted()
    }

    package func holdings(_ position: Position) -> AavePosition {
        func holdings(_ isDebt: Bool) -> [AaveHolding] {
            position.legs.filter { $0.isDebt == isDebt }.map {
                AaveHolding(reserve: reserves[Int($0.reserve)], scaledAmount: $0.scaledAmount)
            }
        }
        return AavePosition(collateral: holdings(false), debts: holdings(true))
    }
}
