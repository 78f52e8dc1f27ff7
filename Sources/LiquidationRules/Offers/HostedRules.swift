import KeeperModel
package import WideMath

/// A protocol's rules in the form that the reference venue publishes: amounts, prices and time in
/// the venue's units, the protocol's own scales inside. Health is the inner rules' alone.
package protocol HostedRules: PublishedMarketRules where Position == Inner.Position {
    associatedtype Inner: MarketRules

    var inner: Inner { get }
}

extension HostedRules {
    package var variableCount: Int { inner.variableCount }
    package func value(ofVariable variable: Int) -> UInt128 { inner.value(ofVariable: variable) }
    package func isLiquidatable(_ position: Position) -> Bool { inner.isLiquidatable(position) }
    package func healthWad(_ position: Position) -> UInt256 { inner.healthWad(position) }

    package func watch(_ position: Position, into watches: inout [Watch]) -> Bool {
        inner.watch(position, into: &watches)
    }
}

extension LendingPosition {
    /// What is owed where there is one debt and it is of this asset; nil otherwise.
    func onlyDebt(of asset: AssetID) -> UInt256? {
        guard debts.allSatisfy({ $0.asset == asset }), debts.count <= 1 else { return nil }
        return debts.first?.scaledAmount ?? .zero
    }

    /// A position of balances, without those that are nothing; nil where nothing is left.
    static func published(
        _ collateral: [ScaledBalance], owing debt: ScaledBalance
    ) -> AccountPosition? {
        let held = collateral.filter { !$0.scaledAmount.isZero }
        let owed = [debt].filter { !$0.scaledAmount.isZero }
        return held.isEmpty && owed.isEmpty
            ? nil : .lending(LendingPosition(collateral: held, debts: owed))
    }
}
