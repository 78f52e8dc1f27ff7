/// One close, settled: recovery, penalty, deficit, surplus, overflow, harm, in the order of
/// `settlement.md` section 1. It is applied whole or not at all.
package import KeeperModel
import WideMath

extension SettlementState {
    /// Settles a close under the policy in force at its trigger. The policy has been validated.
    package func settle(
        _ close: ReducedClose, under policy: SettlementPolicy, bearers: LossBearers
    ) throws(SettlementError) -> SettlementResult {
        try validate()
        try close.validate()
        switch bearers {
        case .market(let market): try market.validate()
        case .claims(let claims): try Socialisation.validate(claims)
        }
        var settlement = Settlement(of: close, under: policy, from: self)
        let result = settlement.run(bearers: bearers)
        let audit = SettlementAudit(
            before: self, close: close, policy: policy, bearers: bearers, result: result)
        audit.assertIdentities()
        return result
    }
}

private struct Settlement {
    let close: ReducedClose
    let policy: SettlementPolicy
    var entry: SettlementEntry

    init(of close: ReducedClose, under policy: SettlementPolicy, from state: SettlementState) {
        self.close = close
        self.policy = policy
        entry = SettlementEntry(from: state)
    }

    mutating func run(bearers: LossBearers) -> SettlementResult {
        let unpaid = recover()
        let ratePpm = policy.penalty.ratePpm(for: close)
        let penalty = min(
            share(of: Int256(close.notional), ppm: ratePpm, rounding: .down), close.surplus)
        let incentive = payKeeper(from: penalty)
        var layers = DeficitLayers(close: close, policy: policy, unpaid: unpaid)
        layers.cover(in: &entry, bearers: bearers)
        let harmed = distribute(penalty - incentive)
        allocate(close.surplus - penalty)
        entry.shedOverflow(policy.fund)
        entry.replaceHarmRecords(harmed + newHarm(layers))
        return SettlementResult(
            surplus: close.surplus, deficit: close.deficit, breachPpm: close.breachPpm,
            ratePpm: ratePpm, penalty: penalty, deleveraged: layers.deleveraged,
            socialised: layers.socialised, lines: entry.lines, state: entry.state)
    }

    /// The proceeds pay principal, interest and fees, each as far as they reach; returns what they
    /// did not.
    private mutating func recover() -> UnpaidObligations {
        var rest = Int256(close.proceeds)
        var unpaid = UnpaidObligations(close.obligations)
        entry.post(-rest, to: .proceeds, .proceeds)
        unpaid.pay(from: &rest, in: &entry, .recovered)
        return unpaid
    }

    /// The keeper's share of the penalty, and beside it, out of the fund, what is missing to the
    /// minimum: without it nobody would close an account that is under water.
    private mutating func payKeeper(from penalty: Int256) -> Int256 {
        let rule = policy.penalty
        let incentive = share(of: penalty, ppm: rule.keeperPpm, rounding: .down)
        entry.post(incentive, to: .keeper, .incentive)
        guard close.isInBreach, close.notional >= rule.keeperMinimumNotional else {
            return incentive
        }
        let missing = max(0, Int256(rule.keeperMinimum) - incentive)
        let topUp = min(missing, max(0, entry.state.fund - Int256(policy.fund.floor)))
        entry.post(-topUp, to: .fund, .minimum)
        entry.post(topUp, to: .keeper, .minimum)
        return incentive
    }

    /// The rest of the penalty: debts first, then fund, harmed and treasury. Returns the live harm
    /// records, less what they were paid.
    private mutating func distribute(_ rest: Int256) -> [HarmRecord] {
        let rule = policy.penalty
        let left = entry.repayDebts(with: rest, .penalty)
        let parts = split(
            left, by: [Int256(rule.fundPpm), Int256(rule.harmedPpm), Int256(rule.treasuryPpm)])
        entry.post(parts[0], to: .fund, .penalty)
        var records = entry.state.harmed.filter {
            $0.isLive(at: close.height, window: rule.windowHeights)
        }
        let paidIndexes = records.indices.filter { records[$0].account != close.account }
        let payments = split(parts[1], upTo: paidIndexes.map { records[$0].loss })
        for (index, payment) in zip(paidIndexes, payments) {
            entry.post(payment, to: .harmed(records[index].account), .penalty)
            records[index].loss -= payment
        }
        entry.post(parts[2], to: .treasury, .penalty)
        entry.post(parts[1] - payments.reduce(.zero, +), to: .fund, .unclaimed)
        return records.filter { $0.loss > 0 }
    }

    /// What the penalty left of the surplus (section 4): all of it the account's where it was not
    /// in breach.
    private mutating func allocate(_ surplus: Int256) {
        let rule = policy.surplus
        let othersPpm = close.isInBreach ? 1_000_000 - rule.accountPpm : 0
        let others = share(of: surplus, ppm: othersPpm, rounding: .down)
        entry.post(surplus - others, to: .account, .surplus)
        let left = entry.repayDebts(with: others, .surplus)
        let parts = split(
            left, by: [Int256(rule.fundPpm), Int256(rule.lpsPpm), Int256(rule.stakersPpm)])
        entry.post(parts[0], to: .fund, .surplus)
        entry.post(parts[1], to: .lps, .surplus)
        entry.post(parts[2], to: .stakers, .surplus)
    }

    /// Who lost by this event: the deleveraged in their order, the socialised by id, and the closed
    /// account by what it lost beyond the mark.
    private func newHarm(_ layers: DeficitLayers) -> [HarmRecord] {
        guard policy.penalty.windowHeights > 0 else { return [] }
        let result = Int256(close.proceeds) - close.obligations.total
        let floor = -Int256(close.reserve)
        let ownLoss = max(Int256(close.closedEquity), floor) - max(result, floor)
        let losses =
            layers.deleveraged.map { ($0.account, $0.amount) }
            + layers.socialised.map { ($0.account, $0.amount) } + [(close.account, ownLoss)]
        return losses.filter { $0.1 > 0 }
            .map { HarmRecord(account: $0.0, height: close.height, loss: $0.1) }
    }
}

extension PenaltyRule {
    /// Section 2: zero for an account that is not in breach, whatever the base.
    func ratePpm(for close: ReducedClose) -> Int64 {
        guard close.isInBreach else { return 0 }
        let slope = share(of: Int256(slopePpm), ppm: close.breachPpm, rounding: .down)
        let rate = min(Int256(capPpm), Int256(basePpm) + slope)
        return rate.asInt64 ?? capPpm
    }
}
