package import WideMath

extension CometMarket {
    /// A debtor of a Comet; whoever owes nothing has no place here.
    package struct Position: Hashable, Sendable {
        package struct Holding: Hashable, Sendable {
            /// The place of the collateral in the market's order.
            package let number: Int
            package let balance: UInt128

            package init(number: Int, balance: UInt128) {
                self.number = number
                self.balance = balance
            }
        }

        /// The magnitude of the negative principal, of at most 104 bits.
        package let debtPrincipal: UInt128
        /// In the order of the market's assets.
        package let holdings: [Holding]
    }

    /// Nil where it does not fit the market.
    package func position(debtPrincipal: UInt128, holdings: [Position.Holding]) -> Position? {
        let numbers = holdings.map(\.number)
        guard debtPrincipal < 1 << 104, numbers.allSatisfy(terms.collaterals.indices.contains),
            zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 })
        else { return nil }
        return Position(debtPrincipal: debtPrincipal, holdings: holdings)
    }

    /// The worth of the debt against the counted worth of the collateral, up to the first asset
    /// that covers it: the contract looks no further, so a later price need not be known.
    package func standing(_ position: Position, at values: [UInt128]) -> Standing? {
        standing(position, at: values, untilCovered: true)
    }

    /// Over all collateral, and so of more use than the contract's early exit; the two agree below
    /// the line, where nothing is left out.
    package func healthWad(_ position: Position) -> UInt256 {
        standing(position, at: values, untilCovered: false)?.healthWad ?? .max
    }

    private func standing(
        _ position: Position, at values: [UInt128], untilCovered: Bool
    ) -> Standing? {
        guard let owed = owed(position, at: values) else { return nil }
        var backing = UInt256.zero
        for holding in position.holdings where !untilCovered || backing < owed {
            let price = values[Variable.firstCollateral + holding.number]
            guard price > 0 else { return nil }
            // What does not fit reverts, and nobody is closed by that.
            guard let counted = try? collateral(holding, price: price).countedValue else {
                return Standing(backing: nil, owed: owed)
            }
            backing = backing.saturatingAdd(counted)
        }
        return Standing(backing: backing, owed: owed)
    }

    private func owed(_ position: Position, at values: [UInt128]) -> UInt256? {
        let index = values[Variable.borrowIndex]
        let price = values[Variable.basePrice]
        guard index > 0, price > 0 else { return nil }
        let base = CometLoanAsset(
            price: UInt256(price), scale: terms.baseScale, borrowIndex: UInt256(index))
        guard let principal = Int256(magnitude: UInt256(position.debtPrincipal), isNegative: true),
            !principal.isZero
        else { return .zero }
        // Fits by the bounds of the intake; only a scale of zero throws.
        return try? base.value(ofBase: base.presentDebt(principal))
    }

    func collateral(_ holding: Position.Holding, price: UInt128) -> CometCollateral {
        let terms = terms.collaterals[holding.number]
        return CometCollateral(
            balance: UInt256(holding.balance), price: UInt256(price), scale: terms.scale,
            factor: terms.liquidateFactorWad)
    }

    /// What the contract's own view says, on the stored index: no, it may be, where `absorb` would
    /// succeed.
    package func isLiquidatableByView(_ position: Position) -> Bool {
        guard let stored else { return false }
        var values = values
        values[Variable.borrowIndex] = UInt128(stored.borrowIndex)
        return standing(position, at: values)?.isLiquidatable ?? false
    }
}
