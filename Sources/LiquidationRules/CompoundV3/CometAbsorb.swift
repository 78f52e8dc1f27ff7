package import WideMath

/// What `absorb` does to one account: all collateral is seized, its discounted value pays the debt,
/// and reserves eat what it does not reach.
package struct CometAbsorption: Hashable, Sendable {
    package let oldBalance: Int256
    package let collateralValues: [UInt256]
    package let deltaValue: UInt256
    package let deltaBalance: Int256
    package let newBalance: Int256
    package let newPrincipal: UInt256
    package let basePaidOut: UInt256
    package let valuePaidOut: UInt256
    package let leavesBadDebt: Bool

    /// The factor of each collateral is its liquidation factor.
    package init(
        principal: Int256, base: CometLoanAsset, supplyIndex: UInt256,
        collaterals: [CometCollateral]
    ) throws(ArithmeticError) {
        precondition(principal.isNegative, "Only a debtor can be absorbed")
        var values: [UInt256] = []
        var counted = UInt256.zero
        for collateral in collaterals {
            values.append(try collateral.value)
            counted = try counted.checkedAdd(collateral.countedValue)
        }
        let delta = try narrowMulDiv(
            counted, base.scale, dividingBy: base.price, rounding: .down)
        guard let debt = Int256(magnitude: try base.presentDebt(principal), isNegative: true),
            let gain = Int256(exactly: delta)
        else { throw .overflow }
        let exact = try debt.checkedAdd(gain)
        let balance = max(.zero, exact)
        oldBalance = debt
        collateralValues = values
        deltaValue = counted
        deltaBalance = gain
        newBalance = balance
        newPrincipal = try narrowMulDiv(
            balance.magnitude, cometIndexScale, dividingBy: supplyIndex, rounding: .down)
        basePaidOut = try balance.checkedSubtract(debt).magnitude
        valuePaidOut = try base.value(ofBase: basePaidOut)
        leavesBadDebt = exact.isNegative
    }
}
