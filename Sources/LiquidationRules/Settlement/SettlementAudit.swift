import KeeperModel
import WideMath

/// The identities of `settlement.md` section 12, asserted after every event in every build: money
/// that does not add up stops the program before anybody is told of it.
struct SettlementAudit {
    let before: SettlementState
    let close: ReducedClose
    let policy: SettlementPolicy
    let bearers: LossBearers
    let result: SettlementResult

    func assertIdentities() {
        before.assertFundIdentities(after: result.state, lines: result.lines, rule: policy.fund)
        assertCreditorsArePaid()
        assertSurplusAndDeficit()
        assertLoansStayWithinCapacity()
        assertBadDebtIsTheLastLayer()
        assertGiversStaySolvent()
        assertHarmIsCounted()
    }

    private func sum(_ beneficiary: String, _ reasons: LineReason...) -> Int256 {
        result.lines.filter { line in
            line.beneficiary == beneficiary
                && (reasons.isEmpty || reasons.contains { $0.rawValue == line.reason })
        }.reduce(.zero) { $0 + $1.amountUnits }
    }

    private func sum(of reasons: LineReason..., where isCounted: (Int256) -> Bool) -> Int256 {
        result.lines.filter { line in
            reasons.contains { $0.rawValue == line.reason } && isCounted(line.amountUnits)
        }.reduce(.zero) { $0 + $1.amountUnits }
    }

    private func assertCreditorsArePaid() {
        let owed = close.obligations
        precondition(
            sum("principal") == Int256(owed.principal) && sum("interest") == Int256(owed.interest)
                && sum("fees") == Int256(owed.fees),
            "Identity: principal, interest and fees are credited in full")
    }

    private func assertSurplusAndDeficit() {
        let (surplus, deficit) = (result.surplus, result.deficit)
        precondition(
            Int256(close.proceeds) + deficit == close.obligations.total + surplus
                && (surplus.isZero || deficit.isZero),
            "Identity: proceeds and deficit equal obligations and surplus, never both")
        let penaltyPaid =
            sum("keeper", .incentive) + sum(of: .penalty, .unclaimed) { $0 > 0 }
        let surplusPaid = sum(of: .surplus) { $0 > 0 }
        precondition(
            penaltyPaid == result.penalty && surplusPaid == surplus - result.penalty,
            "Identity: the surplus is the penalty and what is allocated beside it")
        let layers = sum(
            of: .reserve, .waived, .deficit, .loan, .deleveraged, .socialised, .badDebt
        ) { $0 < 0 }
        precondition(layers == -deficit, "Identity: the layers cover the deficit")
    }

    private func assertLoansStayWithinCapacity() {
        for loan in result.state.loans {
            let capacity = policy.backstops.first { $0.id == loan.id }?.capacity ?? 0
            precondition(
                loan.amount > 0
                    && loan.amount <= max(Int256(capacity), before.outstanding(loan.id)),
                "Identity: a loan never passes its capacity")
        }
    }

    private func assertBadDebtIsTheLastLayer() {
        guard sum("badDebt", .badDebt) < 0 else { return }
        let backstopsAreEmpty = policy.backstops.allSatisfy {
            Int256($0.capacity) <= result.state.outstanding($0.id)
        }
        precondition(
            sum("account", .reserve) == -Int256(close.reserve)
                && sum("treasury", .waived) == -Int256(close.obligations.fees)
                && result.state.fund <= Int256(policy.fund.floor) && backstopsAreEmpty
                && socialCapacity == result.socialised.reduce(.zero) { $0 + $1.amount },
            "Identity: new bad debt only with every earlier layer empty")
    }

    private var socialClaims: [SocialClaim] {
        switch bearers {
        case .claims(let claims): claims
        case .market(let market):
            market.claims(after: result.deleveraged, closedAccount: close.account)
        }
    }

    private var socialCapacity: Int256 {
        socialClaims.reduce(.zero) {
            $0 + share(of: $1.amount, ppm: policy.socialiseMaxClaimPpm, rounding: .down)
        }
    }

    private func assertGiversStaySolvent() {
        let claims = socialClaims
        for charge in result.socialised {
            let claim = claims.first { $0.account == charge.account }?.amount ?? 0
            precondition(charge.amount <= claim, "Identity: no claim gives more than it is")
        }
        guard case .market(let market) = bearers else { return }
        for item in result.deleveraged {
            let equity =
                market.positions.first { $0.account == item.account }?.position
                .equity(at: market.mark) ?? 0
            precondition(item.amount <= equity, "Identity: nobody is deleveraged below zero")
        }
    }

    private func assertHarmIsCounted() {
        func total(_ records: [HarmRecord]) -> Int256 { records.reduce(.zero) { $0 + $1.loss } }
        let window = policy.penalty.windowHeights
        let live = before.harmed.filter { $0.isLive(at: close.height, window: window) }
        let paid = result.lines.filter { $0.beneficiary.hasPrefix("harmed:") }
            .reduce(.zero) { $0 + $1.amountUnits }
        precondition(
            total(result.state.harmed) == total(live) - paid + newHarm(window),
            "Identity: harm after the event is live harm less what was paid, and the new")
    }

    private func newHarm(_ window: Int64) -> Int256 {
        guard window > 0 else { return 0 }
        let given =
            result.deleveraged.reduce(.zero) { $0 + $1.amount }
            + result.socialised.reduce(.zero) { $0 + $1.amount }
        let floor = -Int256(close.reserve)
        let worth = max(Int256(close.closedEquity), floor)
        let left = max(result.surplus - result.deficit, floor)
        return given + max(0, worth - left)
    }
}

extension SettlementState {
    /// What holds after any event that touches the fund.
    func assertFundIdentities(
        after: SettlementState, lines: [SettlementLine], rule: FundRule
    ) {
        precondition(
            lines.reduce(.zero) { $0 + $1.amountUnits }.isZero, "Identity: lines sum to zero")
        precondition(
            after.fund >= min(fund, Int256(rule.floor)), "Identity: the fund keeps its floor")
        precondition(
            rule.target == .max || after.fund <= max(fund, Int256(rule.target)),
            "Identity: the fund passes its target only where it already had")
        precondition(after.badDebt >= 0, "Identity: bad debt is not negative")
        precondition(
            after.badDebt.isZero || after.fund <= fund,
            "Identity: the fund does not grow while there is bad debt")
    }
}
