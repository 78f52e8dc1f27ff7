package import WideMath

extension EulerMarket {
    package struct Position: Hashable, Sendable {
        package struct Holding: Hashable, Sendable {
            /// The place of the collateral in the market's terms.
            package let number: Int
            package let shares: UInt128

            package init(number: Int, shares: UInt128) {
                self.number = number
                self.shares = shares
            }
        }

        /// As the vault keeps it: with 31 bits below the smallest unit of the asset.
        package let owedExact: UInt256
        /// Of the account's last change.
        package let accumulatorRay: UInt128
        package let holdings: [Holding]
    }

    /// Nil where it does not fit the market: amounts have at most 112 bits, a debt 31 more, and the
    /// accumulator starts at one.
    package func position(
        owedExact: UInt256, accumulatorRay: UInt128, holdings: [Position.Holding]
    ) -> Position? {
        let numbers = holdings.map(\.number)
        guard (owedExact >> 143).isZero, UInt256(accumulatorRay) >= ray,
            numbers.allSatisfy(terms.collaterals.indices.contains),
            Set(numbers).count == numbers.count,
            holdings.allSatisfy({ $0.shares < 1 << 112 })
        else { return nil }
        return Position(
            owedExact: owedExact, accumulatorRay: accumulatorRay, holdings: holdings)
    }

    /// Liquidatable where the adjusted collateral is at or below the liability: equal is not
    /// enough.
    package func standing(_ position: Position, at values: [UInt128]) -> Standing? {
        guard values[Variable.debtPrice] > 0, values[Variable.accumulatorRay] > 0,
            values[Variable.seconds] > 0
        else { return nil }
        // It fits by the bounds of the intake: only a unit of zero throws, and has no answer.
        guard let owed = try? liability(position, at: values) else { return nil }
        var adjusted = UInt256.zero
        for holding in position.holdings {
            guard values[Variable.price(holding.number)] > 0 else { return nil }
            // What does not fit reverts, and nobody is closed by that.
            guard let counted = try? counted(holding, at: values) else {
                return Standing(backing: nil, owed: owed, line: .atOrBelow)
            }
            adjusted = adjusted.saturatingAdd(counted)
        }
        return Standing(backing: adjusted, owed: owed, line: .atOrBelow)
    }

    /// Whole units of what is owed, rounded up, at their price rounded down.
    private func liability(
        _ position: Position, at values: [UInt128]
    ) throws(ArithmeticError) -> UInt256 {
        let exact = try mulDiv(
            position.owedExact, UInt256(values[Variable.accumulatorRay]),
            dividingBy: UInt256(position.accumulatorRay), rounding: .down)
        let assets = try exact.divided(by: UInt256(1) << 31, rounding: .up)
        return try mulDiv(
            assets, UInt256(values[Variable.debtPrice]), dividingBy: terms.debtUnit,
            rounding: .down)
    }

    /// Shares to assets by the totals with the virtual deposit of 1e6 on both sides, to their
    /// worth, to what of it counts; each rounded down.
    private func counted(
        _ holding: Position.Holding, at values: [UInt128]
    ) throws(ArithmeticError) -> UInt256 {
        let number = holding.number
        let collateral = terms.collaterals[number]
        let virtual: UInt256 = 1_000_000
        let assets = try narrowMulDiv(
            UInt256(holding.shares), UInt256(values[Variable.totalAssets(number)]) + virtual,
            dividingBy: UInt256(values[Variable.totalShares(number)]) + virtual, rounding: .down)
        let worth = try narrowMulDiv(
            assets, UInt256(values[Variable.price(number)]), dividingBy: collateral.unit,
            rounding: .down)
        let ratio = collateral.ramp.bps(atSeconds: UInt64(clamping: values[Variable.seconds]))
        return try percentMul(worth, UInt256(ratio), rounding: .down)
    }
}
