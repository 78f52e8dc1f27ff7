import KeeperModel

/// A deficit, layer by layer (`settlement.md` section 5): what each gave.
package struct LossLayers: Sendable {
    package private(set) var account: Rational = 0
    package private(set) var waived: Rational = 0
    package private(set) var fund: Rational = 0
    package private(set) var loans: [NamedAmount] = []
    package private(set) var deleveraged: [Deleveraged] = []
    package private(set) var socialised: [NamedAmount] = []
    package private(set) var badDebt: Rational = 0

    init(_ close: CloseFacts, books: VenueBooks, policy: SettlementPolicy, bearers: LossBearers) {
        var need = close.deficit
        func give(_ available: Rational) -> Rational {
            let given = max(0, min(need, available))
            need -= given
            return given
        }
        account = give(close.reserve)
        waived = give(close.fees)
        fund = give(books.aboveFloor(policy.fund))
        for backstop in policy.backstops {
            let drawn = books.loans.filter { $0.id == backstop.id }.map(\.amount).sum
            let loan = give(Rational(backstop.capacity) - drawn)
            if loan.isPositive { loans.append(NamedAmount(backstop.id, loan)) }
        }
        if case .market(let market) = bearers, policy.adlMaxPositionPpm > 0 {
            (deleveraged, need) = market.deleverage(
                need: need, maxPositionPpm: Rational(policy.adlMaxPositionPpm))
        }
        if policy.socialiseMaxClaimPpm > 0 {
            (socialised, need) = socialise(
                need: need, maxClaimPpm: Rational(policy.socialiseMaxClaimPpm),
                claims: bearers.claims(after: deleveraged))
        }
        badDebt = need
    }

    /// What layers 1 and 3 to 6 gave.
    var covered: Rational {
        account + fund + loans.map(\.amount).sum + deleveraged.map(\.amount).sum
            + socialised.map(\.amount).sum
    }
}

extension LossBearers {
    fileprivate func claims(after given: [Deleveraged]) -> [NamedAmount] {
        switch self {
        case .claims(let claims): claims
        case .market(let market): market.claims(after: given)
        }
    }
}
