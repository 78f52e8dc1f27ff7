package import KeeperModel
package import WideMath

/// What was owed on the closed part, in the order in which it is paid.
package struct Obligations: Hashable, Sendable {
    /// Debt; for margin the bankruptcy proceeds.
    package let principal: Int64
    /// Interest and funding owed to others.
    package let interest: Int64
    /// Owed to the venue itself.
    package let fees: Int64

    package init(principal: Int64, interest: Int64, fees: Int64) {
        self.principal = principal
        self.interest = interest
        self.fees = fees
    }

    package var total: Int256 { Int256(principal) + Int256(interest) + Int256(fees) }
}

/// What lending and margin closes come down to: the inputs of one settlement (`settlement.md`
/// section 1).
package struct ReducedClose: Hashable, Sendable {
    package let height: Int64
    package let account: AccountID
    /// Gross value of what was sold, or bought back, at the prices got.
    package let notional: Int64
    /// What the close yields after exit costs.
    package let proceeds: Int64
    package let obligations: Obligations
    /// Of the whole account at the trigger.
    package let equity: Int64
    package let maintenance: Int64
    /// Equity of the closed part at the trigger's mark.
    package let closedEquity: Int64
    /// What the account is worth beside the closed part.
    package let reserve: Int64

    package init(
        height: Int64, account: AccountID, notional: Int64, proceeds: Int64,
        obligations: Obligations, equity: Int64, maintenance: Int64, closedEquity: Int64,
        reserve: Int64
    ) {
        self.height = height
        self.account = account
        self.notional = notional
        self.proceeds = proceeds
        self.obligations = obligations
        self.equity = equity
        self.maintenance = maintenance
        self.closedEquity = closedEquity
        self.reserve = reserve
    }

    /// Strictly below: an account whose equity equals its maintenance is healthy.
    package var isInBreach: Bool { equity < maintenance }

    package var surplus: Int256 { max(0, Int256(proceeds) - obligations.total) }
    package var deficit: Int256 { max(0, obligations.total - Int256(proceeds)) }

    /// How far under its requirement the account was: 0 where it is not in breach, at most 1e6.
    package var breachPpm: Int64 {
        guard isInBreach else { return 0 }
        guard maintenance > 0 else { return 1_000_000 }
        let missing = Int256(maintenance) - Int256(equity)
        let ppm = (missing * million).quotient(dividingBy: Int256(maintenance), rounding: .down)
        return min(million, ppm).asInt64 ?? 1_000_000
    }

    func validate() throws(SettlementError) {
        try require(height, atLeast: 0, "height")
        try require(notional, atLeast: 0, "notional")
        try require(proceeds, atLeast: 0, "proceeds")
        try require(obligations.principal, atLeast: 0, "principal")
        try require(obligations.interest, atLeast: 0, "interest")
        try require(obligations.fees, atLeast: 0, "fees")
        try require(equity, "equity")
        try require(maintenance, atLeast: 0, "maintenance")
        try require(closedEquity, "closedEquity")
        try require(reserve, atLeast: 0, "reserve")
    }
}
