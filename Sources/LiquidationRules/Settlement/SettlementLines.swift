import KeeperModel
import WideMath

/// Who a line of a settlement speaks of (`settlement.md` section 12).
enum Beneficiary: Hashable {
    case proceeds, principal, interest, fees
    case keeper, account, payer
    case fund, treasury, badDebt, lps, stakers
    case backstop(String)
    case deleveraged(AccountID)
    case socialised(AccountID)
    case harmed(AccountID)

    var text: String {
        switch self {
        case .backstop(let id): "backstop:\(id)"
        case .deleveraged(let id): "adl:\(id)"
        case .socialised(let id): "social:\(id)"
        case .harmed(let id): "harmed:\(id)"
        default: "\(self)"
        }
    }
}

enum LineReason: String {
    case proceeds, recovered, incentive, minimum
    case reserve, waived, deficit, loan, deleveraged, socialised, badDebt, covered, owed
    case penalty, unclaimed, surplus, fee, overflow
}

/// One event under way: the state so far and the lines that brought it there.
struct SettlementEntry {
    private(set) var state: SettlementState
    private(set) var lines: [SettlementLine] = []
    /// All that the fund received in this event, whatever left it again.
    private(set) var fundCredited: Int256 = 0

    init(from state: SettlementState) {
        self.state = state
        // A loan of nothing is none: it would keep a place in the order of drawing.
        self.state.loans.removeAll { $0.amount.isZero }
    }

    /// Positive receives, negative gives, nothing is left out of the lines but zero. For bad debt
    /// and backstops a positive line lowers what is owed.
    mutating func post(_ amount: Int256, to beneficiary: Beneficiary, _ reason: LineReason) {
        guard !amount.isZero else { return }
        switch beneficiary {
        case .fund:
            state.fund += amount
            fundCredited += max(0, amount)
        case .badDebt: state.badDebt -= amount
        case .backstop(let id): state.changeLoan(id, by: -amount)
        default: break
        }
        lines.append(
            SettlementLine(
                beneficiary: beneficiary.text, amountUnits: amount, reason: reason.rawValue))
    }

    /// Bad debt first, then the loans in the order in which they were drawn; returns what is left.
    mutating func repayDebts(with amount: Int256, _ reason: LineReason) -> Int256 {
        let toBadDebt = min(amount, state.badDebt)
        post(toBadDebt, to: .badDebt, reason)
        var rest = amount - toBadDebt
        for loan in state.loans {
            let repaid = min(rest, loan.amount)
            post(repaid, to: .backstop(loan.id), reason)
            rest -= repaid
        }
        return rest
    }

    /// What this event brought the fund above its target leaves it again (section 6). A fund above
    /// a lowered target keeps what it has.
    mutating func shedOverflow(_ rule: FundRule) {
        guard rule.target != .max else { return }
        let excess = min(fundCredited, max(0, state.fund - Int256(rule.target)))
        let parts = split(
            excess,
            by: [
                Int256(rule.overflowLpsPpm), Int256(rule.overflowStakersPpm),
                Int256(rule.overflowTreasuryPpm),
            ])
        post(-excess, to: .fund, .overflow)
        post(parts[0], to: .lps, .overflow)
        post(parts[1], to: .stakers, .overflow)
        post(parts[2], to: .treasury, .overflow)
    }

    mutating func replaceHarmRecords(_ records: [HarmRecord]) {
        state.harmed = records
    }
}
