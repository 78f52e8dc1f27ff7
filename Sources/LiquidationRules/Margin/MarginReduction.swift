package import KeeperModel
import WideMath

/// A margin close, reduced to what a settlement needs (`settlement.md` section 1).
package struct MarginReduction: Hashable, Sendable {
    /// The part of the margin that leaves with the closed lots, rounded in favour of the rest.
    package let releasedMargin: Int64
    package let notional: Int64
    package let proceeds: Int64
    package let obligations: Int64
    package let closedEquity: Int64
    /// Where the closed lots are worth nothing to their owner.
    package let bankruptcyPrice: Int64

    package var surplus: Int64 { max(0, proceeds - obligations) }
    package var deficit: Int64 { max(0, obligations - proceeds) }

    package init(
        of position: MarginPosition, closing lots: Int64, fill: MarginFill, mark: Int64
    ) throws(SettlementError) {
        try Self.validate(position, lots, fill, mark)
        let closed = Int256(lots)
        let side = Int256(position.side.sign)
        let entryValue = closed * Int256(position.entryPrice)
        let margin = (Int256(position.marginUnits) * closed).quotient(
            dividingBy: Int256(position.lots), rounding: .down)
        let marginPerLot = margin.quotient(dividingBy: closed, rounding: .up)
        let (fillValue, exitCost) = (Int256(fill.value), Int256(fill.exitCost))
        let isLong = position.side == .long
        let have = isLong ? fillValue - exitCost : entryValue + margin
        let owe = isLong ? entryValue - margin : fillValue + exitCost
        releasedMargin = try Self.narrow(margin, "margin")
        notional = fill.value
        proceeds = try Self.narrow(max(0, have) + max(0, -owe), "proceeds")
        obligations = try Self.narrow(max(0, owe) + max(0, -have), "obligations")
        closedEquity = try Self.narrow(
            margin + position.unrealisedProfit(lots: lots, at: mark), "closedEquity")
        bankruptcyPrice = try Self.narrow(
            max(0, Int256(position.entryPrice) - side * marginPerLot), "bankruptcyPrice")
    }

    private static func validate(
        _ position: MarginPosition, _ lots: Int64, _ fill: MarginFill, _ mark: Int64
    ) throws(SettlementError) {
        try require(position.lots, atLeast: 1, "lots")
        try require(lots, atLeast: 1, "close")
        guard lots <= position.lots else { throw .tooManyLots }
        try require(position.entryPrice, atLeast: 1, "entry")
        try require(position.marginUnits, "margin")
        try require(fill.value, atLeast: 0, "fillValue")
        try require(fill.exitCost, atLeast: 0, "exitCost")
        try require(mark, atLeast: 1, "mark")
        try requireProduct(position.lots, position.entryPrice, "lots at entry")
        try requireProduct(position.lots, mark, "lots at mark")
    }

    private static func narrow(_ value: Int256, _ name: String) throws(SettlementError) -> Int64 {
        guard let narrow = value.asInt64, narrow != .min else { throw .outOfRange(name) }
        return narrow
    }
}

/// What a close of lots fetched, or cost, and what getting it cost.
package struct MarginFill: Hashable, Sendable {
    /// Gross, at the prices got.
    package let value: Int64
    package let exitCost: Int64

    package init(value: Int64, exitCost: Int64) {
        self.value = value
        self.exitCost = exitCost
    }
}

/// The account as it stood when the close was triggered.
package struct CloseTrigger: Hashable, Sendable {
    package let height: Int64
    package let account: AccountID
    package let equity: Int64
    package let maintenance: Int64

    package init(height: Int64, account: AccountID, equity: Int64, maintenance: Int64) {
        self.height = height
        self.account = account
        self.equity = equity
        self.maintenance = maintenance
    }
}

extension MarginReduction {
    /// The inputs of the settlement: the bankruptcy proceeds are booked as principal, and what the
    /// account is worth beside the closed part stands behind it.
    package func close(at trigger: CloseTrigger) throws(SettlementError) -> ReducedClose {
        let beside = Int256(trigger.equity) - Int256(closedEquity)
        return ReducedClose(
            height: trigger.height, account: trigger.account, notional: notional,
            proceeds: proceeds,
            obligations: Obligations(principal: obligations, interest: 0, fees: 0),
            equity: trigger.equity, maintenance: trigger.maintenance, closedEquity: closedEquity,
            reserve: try Self.narrow(max(0, beside), "reserve"))
    }
}
