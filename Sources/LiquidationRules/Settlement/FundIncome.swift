package import KeeperModel
import WideMath

/// What a fee, or a gift, did to the fund (`settlement.md` section 6).
package struct IncomeResult: Hashable, Sendable {
    package let lines: [SettlementLine]
    package let state: SettlementState
}

extension SettlementState {
    /// The fund's share of a fee repays bad debt and loans before it is credited; the rest goes to
    /// the treasury.
    package func receiveFee(
        _ fee: Int64, under rule: FundRule
    ) throws(SettlementError) -> IncomeResult {
        try receive(fee, sharePpm: rule.feeSharePpm, under: rule)
    }

    /// Income of which all belongs to the fund.
    package func receiveContribution(
        _ amount: Int64, under rule: FundRule
    ) throws(SettlementError) -> IncomeResult {
        try receive(amount, sharePpm: 1_000_000, under: rule)
    }

    private func receive(
        _ amount: Int64, sharePpm: Int64, under rule: FundRule
    ) throws(SettlementError) -> IncomeResult {
        try validate()
        try rule.validate()
        try require(amount, atLeast: 0, "amount")
        let income = share(of: Int256(amount), ppm: sharePpm, rounding: .down)
        var entry = SettlementEntry(from: self)
        entry.post(-Int256(amount), to: .payer, .fee)
        let left = entry.repayDebts(with: income, .fee)
        entry.post(left, to: .fund, .fee)
        entry.post(Int256(amount) - income, to: .treasury, .fee)
        entry.shedOverflow(rule)
        assertFundIdentities(after: entry.state, lines: entry.lines, rule: rule)
        return IncomeResult(lines: entry.lines, state: entry.state)
    }
}

extension FundRule {
    /// What income relies on, for a rule that did not come with a validated policy.
    fileprivate func validate() throws(SettlementError) {
        guard (0...1_000_000).contains(feeSharePpm) else { throw .invalidRule(.range) }
        let shares = [overflowLpsPpm, overflowStakersPpm, overflowTreasuryPpm]
        guard shares.allSatisfy({ (0...1_000_000).contains($0) }),
            shares.reduce(0, +) == 1_000_000
        else { throw .invalidRule(.overflowShares) }
    }
}
