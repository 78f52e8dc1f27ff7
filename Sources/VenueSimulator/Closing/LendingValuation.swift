import KeeperModel
import LiquidationRules
import WideMath

/// A lending close in units of value, as the settlement law wants it.
struct LendingValuation {
    let close: ReducedClose
    let facts: [SettlementFact]
    private let writtenOffUnits: Int64

    init(
        market: LendingMarket, plan: ClosePlan, account: AaveAccountData, close aave: AaveClose,
        amounts: AaveCloseQuote, effect: AaveCloseEffect, height: UInt64
    ) throws {
        let seizedGross = try amounts.collateralToLiquidator.checkedAdd(amounts.protocolFee)
        let fetched = try units(aave.collateral.reserve.value(of: seizedGross, rounding: .down))
        let repaid = try units(
            aave.debt.reserve.value(of: amounts.actualDebtToLiquidate, rounding: .down))
        let collateral = try units(account.totalCollateralBase)
        let debt = try units(account.totalDebtBase)
        let weighted = try units(
            percentMul(account.totalCollateralBase, account.averageThresholdBps, rounding: .down))
        close = ReducedClose(
            height: Int64(clamping: height), account: plan.target.account, notional: fetched,
            proceeds: fetched, obligations: Obligations(principal: repaid, interest: 0, fees: 0),
            equity: collateral - debt,
            // In breach exactly where the weighted collateral is below the debt.
            maintenance: collateral - weighted, closedEquity: fetched - repaid,
            reserve: max(0, (collateral - fetched) - (debt - repaid)))
        facts = [
            SettlementFact(name: "mark", value: aave.collateral.reserve.price.description),
            SettlementFact(name: "repaid", value: amounts.actualDebtToLiquidate.description),
            SettlementFact(name: "repayAsset", value: aave.debt.asset.text),
            SettlementFact(name: "seized", value: amounts.collateralToLiquidator.description),
            SettlementFact(name: "seizeAsset", value: aave.collateral.asset.text),
            SettlementFact(name: "protocolFee", value: amounts.protocolFee.description),
        ]
        writtenOffUnits = try Self.value(of: effect.deficits, in: market)
    }

    /// The debt that nobody is left to pay, as a close that fetched nothing.
    func writeOff() throws -> ReducedClose? {
        guard writtenOffUnits > 0 else { return nil }
        return ReducedClose(
            height: close.height, account: close.account, notional: 0, proceeds: 0,
            obligations: Obligations(principal: writtenOffUnits, interest: 0, fees: 0),
            equity: -writtenOffUnits, maintenance: 0, closedEquity: -writtenOffUnits, reserve: 0)
    }

    private static func value(
        of deficits: [AssetAmount], in market: LendingMarket
    ) throws -> Int64 {
        var total: Int64 = 0
        for deficit in deficits {
            guard let reserve = market.reserve(of: deficit.asset) else { continue }
            total += try units(reserve.value(of: deficit.amount, rounding: .up))
        }
        return total
    }
}

/// A value in the range that the law takes, or its refusal.
private func units(_ value: UInt256) throws -> Int64 {
    guard let units = value.asInt64 else { throw SettlementError.outOfRange("value of a close") }
    return units
}
