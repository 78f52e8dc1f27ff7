package import KeeperModel

// What a settlement is computed from, as plain figures (`settlement.md` sections 1 and 3).

/// A close as the law sees it.
package struct CloseFacts: Sendable {
    package let height: Rational
    package let account: String
    package let notional: Rational
    package let proceeds: Rational
    package let principal: Rational
    package let interest: Rational
    package let fees: Rational
    package let equity: Rational
    package let maintenance: Rational
    package let closedEquity: Rational
    package let reserve: Rational

    package init(
        height: Rational, account: String, notional: Rational, proceeds: Rational,
        principal: Rational, interest: Rational, fees: Rational, equity: Rational,
        maintenance: Rational, closedEquity: Rational, reserve: Rational
    ) {
        self.height = height
        self.account = account
        self.notional = notional
        self.proceeds = proceeds
        self.principal = principal
        self.interest = interest
        self.fees = fees
        self.equity = equity
        self.maintenance = maintenance
        self.closedEquity = closedEquity
        self.reserve = reserve
    }

    var obligations: Rational { principal + interest + fees }
    package var surplus: Rational { max(0, proceeds - obligations) }
    package var deficit: Rational { max(0, obligations - proceeds) }
    /// Equal is healthy.
    package var isInBreach: Bool { equity < maintenance }
}

/// An amount under a name: a loan, a claim, a charge.
package struct NamedAmount: Equatable, Sendable {
    package let id: String
    package var amount: Rational

    package init(_ id: String, _ amount: Rational) {
        self.id = id
        self.amount = amount
    }

    /// By id, as bytes.
    static func isBefore(_ left: NamedAmount, _ right: NamedAmount) -> Bool {
        left.id.utf8.lexicographicallyPrecedes(right.id.utf8)
    }
}

/// Who lost money to a close.
package struct HarmFacts: Equatable, Sendable {
    package let account: String
    package let height: Rational
    package var loss: Rational

    package init(account: String, height: Rational, loss: Rational) {
        self.account = account
        self.height = height
        self.loss = loss
    }
}

/// What the venue has and owes between closes.
package struct VenueBooks: Equatable, Sendable {
    package var fund: Rational
    package var badDebt: Rational
    /// In the order in which they were first drawn.
    package var loans: [NamedAmount]
    /// In the order in which they were made.
    package var harmed: [HarmFacts]

    package init(
        fund: Rational, badDebt: Rational, loans: [NamedAmount], harmed: [HarmFacts]
    ) {
        self.fund = fund
        self.badDebt = badDebt
        self.loans = loans
        self.harmed = harmed
    }

    package func aboveFloor(_ rule: FundRule) -> Rational { max(0, fund - Rational(rule.floor)) }
}

/// Who bears what the account, the fund and the backstops do not.
package enum LossBearers: Sendable {
    case claims([NamedAmount])
    case market(MarketFacts)
}

/// The market of a closed position. Positions are those of everybody else.
package struct MarketFacts: Sendable {
    package let closedSide: PositionSide
    package let closedLots: Rational
    package let bankruptcyPrice: Rational
    package let mark: Rational
    package let positions: [MarginAccount]

    package init(
        closedSide: PositionSide, closedLots: Rational, bankruptcyPrice: Rational, mark: Rational,
        positions: [MarginAccount]
    ) {
        self.closedSide = closedSide
        self.closedLots = closedLots
        self.bankruptcyPrice = bankruptcyPrice
        self.mark = mark
        self.positions = positions
    }
}

/// A line that a record must have.
package struct ExpectedLine: Equatable, Sendable, CustomStringConvertible {
    package let beneficiary: String
    package let amount: Rational
    package let reason: String

    package var description: String { "\(beneficiary) \(amount) \(reason)" }
}
