import KeeperModel
import LiquidationRules
import WideMath

/// The close of a borrower in units of value, as the settlement law wants it.
///
/// In kind, the keeper repays debt and gets collateral less the protocol's fee. In value, the close
/// fetched what the collateral was worth at the mark (N and F of the law) against the debt repaid
/// (B); the bonus is the surplus, of which the policy makes penalty, keeper's share and treasury.
/// Where collateral runs out, what debt is left is written off in a second settlement with F = 0.
struct RepayValuation {
    let close: ReducedClose
    let facts: [SettlementFact]
    private let writtenOffUnits: Int64

    init(
        _ trade: some RepayTrade, _ repaid: RepaidClose, in world: ClosingWorld,
        account: AccountID
    ) throws {
        let quote = repaid.quote
        let seizedGross = try quote.taken.checkedAdd(quote.fee)
        let fetched = try units(trade.worth(ofTaken: seizedGross, rounding: .down))
        let paid = try units(trade.worth(ofPaid: quote.paid, rounding: .down))
        let collateral = try units(trade.account.collateral)
        let debt = try units(trade.account.debt)
        let weighted = try units(trade.account.weighted)
        close = ReducedClose(
            height: Int64(clamping: world.height), account: account, notional: fetched,
            proceeds: fetched, obligations: Obligations(principal: paid, interest: 0, fees: 0),
            equity: collateral - debt,
            // In breach exactly where the weighted collateral is below the debt.
            maintenance: collateral - weighted, closedEquity: fetched - paid,
            reserve: max(0, (collateral - fetched) - (debt - paid)))
        facts = [
            SettlementFact(name: "mark", value: trade.mark.description),
            SettlementFact(name: "repaid", value: quote.paid.description),
            SettlementFact(name: "repayAsset", value: trade.payAsset.text),
            SettlementFact(name: "seized", value: quote.taken.description),
            SettlementFact(name: "seizeAsset", value: trade.takeAsset.text),
            SettlementFact(name: "protocolFee", value: quote.fee.description),
        ]
        writtenOffUnits = try repaid.writtenOff.reduce(0) { total, deficit in
            total + (try units(world.worth(of: deficit, rounding: .up)))
        }
    }

    /// The debt that nobody is left to pay, as a close that fetched nothing.
    func writeOff() -> ReducedClose? {
        guard writtenOffUnits > 0 else { return nil }
        return ReducedClose(
            height: close.height, account: close.account, notional: 0, proceeds: 0,
            obligations: Obligations(principal: writtenOffUnits, interest: 0, fees: 0),
            equity: -writtenOffUnits, maintenance: 0, closedEquity: -writtenOffUnits, reserve: 0)
    }
}

/// A value in the range that the law takes, or its refusal.
private func units(_ value: UInt256) throws -> Int64 {
    guard let units = value.asInt64 else { throw SettlementError.outOfRange("value of a close") }
    return units
}

extension ClosingWorld {
    /// At the venue's own price; the quote counts itself.
    func worth(of held: AssetAmount, rounding: Rounding) throws -> UInt256 {
        guard held.asset != quote.asset else { return held.amount }
        guard let mark = marks[held.asset] else {
            throw SettlementError.outOfRange("price of \(held.asset)")
        }
        return try mulDiv(held.amount, mark.price, dividingBy: mark.unit, rounding: rounding)
    }
}
