package import KeeperModel

/// One settlement worked out from the page: the lines that its record must have, in their order,
/// and the books after it.
package struct Reckoning: Sendable {
    package private(set) var lines: [ExpectedLine] = []
    package private(set) var books: VenueBooks
    package let breachPpm: Rational
    package let ratePpm: Rational
    package let penalty: Rational
    package let layers: LossLayers
    private let policy: SettlementPolicy
    /// What the fund was credited with in this event.
    private var fundCredited: Rational = 0

    package init(
        _ close: CloseFacts, books: VenueBooks, policy: SettlementPolicy, bearers: LossBearers
    ) {
        self.books = books
        self.policy = policy
        breachPpm = close.breachPpm
        ratePpm = close.isInBreach ? policy.penalty.rate(atBreach: breachPpm) : 0
        penalty = min((close.notional * ratePpm / million).floor, close.surplus)
        let keeperPart = (penalty * Rational(policy.penalty.keeperPpm) / million).floor
        let minimum = policy.penalty.minimum(for: close, keeperPart, self.books, policy.fund)
        self.books.fund -= minimum
        layers = LossLayers(close, books: self.books, policy: policy, bearers: bearers)
        recover(close)
        add("keeper", keeperPart, "incentive")
        add("fund", -minimum, "minimum")
        add("keeper", minimum, "minimum")
        bear(close)
        distribute(penalty - keeperPart, close)
        share(close.surplus - penalty, close)
        overflow()
        remember(close)
    }

    /// Income of the fund: what its lines must be (section 6).
    package init(income: Rational, books: VenueBooks, policy: SettlementPolicy) {
        self.books = books
        self.policy = policy
        (breachPpm, ratePpm, penalty) = (0, 0, 0)
        layers = LossLayers(.nothing, books: books, policy: policy, bearers: .claims([]))
        let share = (income * Rational(policy.fund.feeSharePpm) / million).floor
        add("payer", -income, "fee")
        credit(repay(share, "fee"), "fee")
        add("treasury", income - share, "fee")
        overflow()
    }

    private mutating func add(_ beneficiary: String, _ amount: Rational, _ reason: String) {
        guard !amount.isZero else { return }
        lines.append(ExpectedLine(beneficiary: beneficiary, amount: amount, reason: reason))
    }

    private mutating func credit(_ amount: Rational, _ reason: String) {
        add("fund", amount, reason)
        books.fund += amount
        fundCredited += amount
    }
}

// MARK: Recovery and losses

extension Reckoning {
    private mutating func recover(_ close: CloseFacts) {
        add("proceeds", -close.proceeds, "proceeds")
        for (name, part) in close.recovered { add(name, part, "recovered") }
    }

    private mutating func bear(_ close: CloseFacts) {
        add("account", -layers.account, "reserve")
        add("treasury", -layers.waived, "waived")
        add("fund", -layers.fund, "deficit")
        books.fund -= layers.fund
        for loan in layers.loans {
            add("backstop:" + loan.id, -loan.amount, "loan")
            books.draw(loan)
        }
        for given in layers.deleveraged {
            add("adl:" + given.account, -given.amount, "deleveraged")
        }
        for charge in layers.socialised {
            add("social:" + charge.id, -charge.amount, "socialised")
        }
        add("badDebt", -layers.badDebt, "badDebt")
        books.badDebt += layers.badDebt
        creditCreditors(close)
    }

    private mutating func creditCreditors(_ close: CloseFacts) {
        var unpaid = zip(close.creditors, close.recovered).map { ($0.0, $0.1 - $1.1) }
        func pay(_ amount: Rational, to names: [String]) -> [(String, Rational)] {
            var left = amount
            return unpaid.indices.compactMap { index in
                guard names.contains(unpaid[index].0) else { return nil }
                let part = min(left, unpaid[index].1)
                left -= part
                unpaid[index].1 -= part
                return (unpaid[index].0, part)
            }
        }
        let waived = pay(layers.waived, to: ["fees"]).map { ($0, "waived") }
        let covered = pay(layers.covered, to: ["principal", "interest", "fees"])
            .map { ($0, "covered") }
        let owed = pay(layers.badDebt, to: ["principal", "interest"]).map { ($0, "owed") }
        for ((name, part), reason) in waived + covered + owed { add(name, part, reason) }
    }
}

// MARK: Penalty and surplus

extension Reckoning {
    /// Bad debt first, then loans as they were drawn; returns what is left.
    private mutating func repay(_ amount: Rational, _ reason: String) -> Rational {
        let toBadDebt = min(amount, books.badDebt)
        add("badDebt", toBadDebt, reason)
        books.badDebt -= toBadDebt
        var left = amount - toBadDebt
        for index in books.loans.indices {
            let part = min(left, books.loans[index].amount)
            add("backstop:" + books.loans[index].id, part, reason)
            books.loans[index].amount -= part
            left -= part
        }
        books.loans.removeAll { $0.amount.isZero }
        return left
    }

    private mutating func distribute(_ amount: Rational, _ close: CloseFacts) {
        let left = repay(amount, "penalty")
        let rule = policy.penalty
        let parts = split(
            left, by: [rule.fundPpm, rule.harmedPpm, rule.treasuryPpm].map { Rational($0) })
        credit(parts[0], "penalty")
        let unclaimed = payHarmed(parts[1], close)
        add("treasury", parts[2], "penalty")
        credit(unclaimed, "unclaimed")
    }

    private mutating func payHarmed(_ amount: Rational, _ close: CloseFacts) -> Rational {
        let window = Rational(policy.penalty.windowHeights)
        books.harmed.removeAll { close.height - $0.height >= window }
        let caps = books.harmed.map { $0.account == close.account ? 0 : $0.loss }
        let paid = split(amount, cappedBy: caps)
        for (index, part) in paid.enumerated() {
            add("harmed:" + books.harmed[index].account, part, "penalty")
            books.harmed[index].loss -= part
        }
        books.harmed.removeAll { $0.loss.isZero }
        return amount - paid.sum
    }

    private mutating func share(_ amount: Rational, _ close: CloseFacts) {
        let rule = policy.surplus
        let others =
            close.isInBreach
            ? (amount * (million - Rational(rule.accountPpm)) / million).floor : 0
        add("account", amount - others, "surplus")
        let left = repay(others, "surplus")
        let parts = split(
            left, by: [rule.fundPpm, rule.lpsPpm, rule.stakersPpm].map { Rational($0) })
        // Shares that are all nothing leave nobody but the account, and then nothing is left.
        credit(parts[0], "surplus")
        add("lps", parts[1], "surplus")
        add("stakers", parts[2], "surplus")
    }

    private mutating func overflow() {
        let rule = policy.fund
        guard rule.target != .max else { return }
        let over = min(fundCredited, max(0, books.fund - Rational(rule.target)))
        let shares = [rule.overflowLpsPpm, rule.overflowStakersPpm, rule.overflowTreasuryPpm]
        let parts = split(over, by: shares.map { Rational($0) })
        add("fund", -parts.sum, "overflow")
        books.fund -= parts.sum
        for (name, part) in zip(["lps", "stakers", "treasury"], parts) {
            add(name, part, "overflow")
        }
    }

    private mutating func remember(_ close: CloseFacts) {
        guard policy.penalty.windowHeights > 0 else { return }
        var losses = layers.deleveraged.map { NamedAmount($0.account, $0.amount) }
        losses += layers.socialised
        let margin = close.proceeds - close.obligations
        let beyond = max(close.closedEquity, -close.reserve) - max(margin, -close.reserve)
        losses.append(NamedAmount(close.account, max(0, beyond)))
        for loss in losses where loss.amount.isPositive {
            books.harmed.append(
                HarmFacts(account: loss.id, height: close.height, loss: loss.amount))
        }
    }
}

extension VenueBooks {
    fileprivate mutating func draw(_ loan: NamedAmount) {
        if let index = loans.firstIndex(where: { $0.id == loan.id }) {
            loans[index].amount += loan.amount
        } else {
            loans.append(loan)
        }
    }
}

extension CloseFacts {
    fileprivate static let nothing = CloseFacts(
        height: 0, account: "-", notional: 0, proceeds: 0, principal: 0, interest: 0, fees: 0,
        equity: 0, maintenance: 0, closedEquity: 0, reserve: 0)

    fileprivate var creditors: [(String, Rational)] {
        [("principal", principal), ("interest", interest), ("fees", fees)]
    }

    /// What the proceeds reach, in the creditors' order.
    fileprivate var recovered: [(String, Rational)] {
        var left = proceeds
        return creditors.map { name, owed in
            let part = min(left, owed)
            left -= part
            return (name, part)
        }
    }

    fileprivate var breachPpm: Rational {
        if equity >= maintenance { return 0 }
        if maintenance.isZero { return million }
        return min(million, ((maintenance - equity) * million / maintenance).floor)
    }
}

extension PenaltyRule {
    fileprivate func rate(atBreach breachPpm: Rational) -> Rational {
        min(
            Rational(capPpm),
            Rational(basePpm) + (Rational(slopePpm) * breachPpm / million).floor)
    }

    /// What the fund adds so that somebody closes what is under water.
    fileprivate func minimum(
        for close: CloseFacts, _ keeperPart: Rational, _ books: VenueBooks, _ fund: FundRule
    ) -> Rational {
        guard close.isInBreach, close.notional >= Rational(keeperMinimumNotional) else { return 0 }
        return min(max(0, Rational(keeperMinimum) - keeperPart), books.aboveFloor(fund))
    }
}
