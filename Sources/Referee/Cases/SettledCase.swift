package import KeeperModel

/// A close that a venue settled, as far as anybody can see it from outside: what stood there
/// before, what was published, and what stands there now.
package struct SettledCase: Sendable {
    package let account: AccountID
    package let receipt: CloseReceipt
    /// Every account of the market, by its id.
    package let accountsBefore: [AccountState]
    package let accountsAfter: [AccountState]
    package let booksBefore: VenueBooks
    package let booksAfter: VenueBooks

    package init(
        account: AccountID, receipt: CloseReceipt,
        accountsBefore: [AccountState], accountsAfter: [AccountState], booksBefore: VenueBooks,
        booksAfter: VenueBooks
    ) {
        self.account = account
        self.receipt = receipt
        self.accountsBefore = accountsBefore
        self.accountsAfter = accountsAfter
        self.booksBefore = booksBefore
        self.booksAfter = booksAfter
    }

    var positionBefore: AccountPosition? {
        accountsBefore.first { $0.account == account }?.position
    }

    func positionAfter(_ account: AccountID) -> AccountPosition? {
        accountsAfter.first { $0.account == account }?.position
    }

    /// What came in, or with the sign turned what went out, for one cause.
    func moved(_ cause: MovementCause) -> Rational {
        receipt.movements.filter { $0.cause == cause }.map { Rational($0.amount) }.sum
    }

    func fact(_ name: String) -> String? {
        receipt.settlements.first?.facts.first { $0.name == name }?.value
    }

    /// A fact that the record states, against what it must be.
    func discrepancy(inFact name: String, _ recomputed: Rational) -> Discrepancy? {
        let published = fact(name)
        guard published.flatMap({ Rational(decimal: $0) }) != recomputed else { return nil }
        return Discrepancy(
            "fact \(name)", published: published ?? "missing", recomputed: "\(recomputed)")
    }

    /// Settles each close in turn and compares record by record, then the books.
    func discrepancy(
        settling closes: [CloseFacts], under policy: SettlementPolicy, bearers: LossBearers
    ) -> (discrepancy: Discrepancy?, reckonings: [Reckoning]) {
        var books = booksBefore
        var bearers = bearers
        var reckonings: [Reckoning] = []
        guard closes.count == receipt.settlements.count else {
            return (
                Discrepancy(
                    "number of settlements", published: "\(receipt.settlements.count)",
                    recomputed: "\(closes.count)"), []
            )
        }
        for (facts, record) in zip(closes, receipt.settlements) {
            let reckoning = Reckoning(facts, books: books, policy: policy, bearers: bearers)
            if let found = reckoning.discrepancy(in: record) { return (found, reckonings) }
            books = reckoning.books
            bearers = bearers.charged(reckoning.layers.socialised)
            reckonings.append(reckoning)
        }
        return (reckonings.last?.discrepancy(in: booksAfter), reckonings)
    }
}

extension LossBearers {
    /// Claims after what was socialised among them.
    package func charged(_ charges: [NamedAmount]) -> LossBearers {
        guard case .claims(let claims) = self else { return self }
        return .claims(
            claims.map { claim in
                let charge = charges.filter { $0.id == claim.id }.map(\.amount).sum
                return NamedAmount(claim.id, claim.amount - charge)
            })
    }
}

/// An account that is healthy here, and was closed nevertheless.
func closedThoughHealthy(_ evidence: String) -> Discrepancy {
    Discrepancy("verdict", published: "may be closed", recomputed: "healthy: \(evidence)")
}

/// Inputs that do not fit together: then there is nothing to recompute.
func missing(_ what: String) -> Discrepancy {
    Discrepancy(what, published: "nothing", recomputed: "needed")
}
