import KeeperModel
import WideMath

/// What the proceeds have not paid, in the order of payment.
struct UnpaidObligations: Hashable {
    private(set) var principal: Int256
    private(set) var interest: Int256
    private(set) var fees: Int256

    init(_ obligations: Obligations) {
        principal = Int256(obligations.principal)
        interest = Int256(obligations.interest)
        fees = Int256(obligations.fees)
    }

    var total: Int256 { principal + interest + fees }

    mutating func pay(
        from amount: inout Int256, in entry: inout SettlementEntry, _ reason: LineReason
    ) {
        Self.pay(&principal, from: &amount, to: .principal, in: &entry, reason)
        Self.pay(&interest, from: &amount, to: .interest, in: &entry, reason)
        Self.pay(&fees, from: &amount, to: .fees, in: &entry, reason)
    }

    mutating func waiveFees(_ amount: Int256, in entry: inout SettlementEntry) {
        var waived = amount
        Self.pay(&fees, from: &waived, to: .fees, in: &entry, .waived)
    }

    private static func pay(
        _ owed: inout Int256, from amount: inout Int256, to creditor: Beneficiary,
        in entry: inout SettlementEntry, _ reason: LineReason
    ) {
        let paid = min(owed, amount)
        entry.post(paid, to: creditor, reason)
        owed -= paid
        amount -= paid
    }
}

/// The layers that cover a deficit, one after the other (`settlement.md` section 5).
struct DeficitLayers {
    private let close: ReducedClose
    private let policy: SettlementPolicy
    private var unpaid: UnpaidObligations
    /// What is not covered yet.
    private var need: Int256
    private(set) var deleveraged: [Deleveraging] = []
    private(set) var socialised: [SocialCharge] = []

    init(close: ReducedClose, policy: SettlementPolicy, unpaid: UnpaidObligations) {
        precondition(unpaid.total == close.deficit, "What is not recovered is the deficit")
        self.close = close
        self.policy = policy
        self.unpaid = unpaid
        need = close.deficit
    }

    mutating func cover(in entry: inout SettlementEntry, bearers: LossBearers) {
        guard need > 0 else { return }
        let reserve = take(upTo: Int256(close.reserve))
        entry.post(-reserve, to: .account, .reserve)
        let waived = take(upTo: Int256(close.obligations.fees))
        entry.post(-waived, to: .treasury, .waived)
        let afterWaiver = need
        drawFund(in: &entry)
        drawBackstops(in: &entry)
        chargeOthers(bearers, in: &entry)
        let badDebt = take(upTo: need)
        entry.post(-badDebt, to: .badDebt, .badDebt)
        unpaid.waiveFees(waived, in: &entry)
        var covered = reserve + afterWaiver - badDebt
        unpaid.pay(from: &covered, in: &entry, .covered)
        var owed = badDebt
        unpaid.pay(from: &owed, in: &entry, .owed)
        precondition(
            unpaid.total.isZero, "Every creditor of a close is made whole or holds a claim")
    }

    private mutating func take(upTo available: Int256) -> Int256 {
        let taken = min(need, max(0, available))
        need -= taken
        return taken
    }

    /// Never below its floor; a fund already under it gives nothing.
    private mutating func drawFund(in entry: inout SettlementEntry) {
        let given = take(upTo: entry.state.fund - Int256(policy.fund.floor))
        entry.post(-given, to: .fund, .deficit)
    }

    private mutating func drawBackstops(in entry: inout SettlementEntry) {
        for backstop in policy.backstops {
            let free = Int256(backstop.capacity) - entry.state.outstanding(backstop.id)
            let loan = take(upTo: free)
            entry.post(-loan, to: .backstop(backstop.id), .loan)
        }
    }

    private mutating func chargeOthers(_ bearers: LossBearers, in entry: inout SettlementEntry) {
        switch bearers {
        case .market(let market):
            deleverage(market, in: &entry)
            socialise(
                market.claims(after: deleveraged, closedAccount: close.account), in: &entry)
        case .claims(let claims): socialise(claims, in: &entry)
        }
    }

    private mutating func deleverage(_ market: ClosedMarket, in entry: inout SettlementEntry) {
        let queue = DeleveragingQueue(checked: market, closedAccount: close.account)
        let outcome = queue.take(
            need: need, market: market, maxPositionPpm: policy.adlMaxPositionPpm)
        for item in outcome.deleveraged {
            entry.post(-item.amount, to: .deleveraged(item.account), .deleveraged)
        }
        deleveraged = outcome.deleveraged
        need = outcome.rest
    }

    private mutating func socialise(_ claims: [SocialClaim], in entry: inout SettlementEntry) {
        let outcome = Socialisation(
            checkedNeed: need, maxClaimPpm: policy.socialiseMaxClaimPpm, claims: claims)
        for charge in outcome.charges {
            entry.post(-charge.amount, to: .socialised(charge.account), .socialised)
        }
        socialised = outcome.charges
        need = outcome.rest
    }
}
