package import KeeperModel

/// The first line in which a published record differs from what it must say, or its sum.
func firstDifference(
    published record: SettlementRecord, recomputed lines: [ExpectedLine]
) -> Discrepancy? {
    let published = record.lines.map {
        ExpectedLine(
            beneficiary: $0.beneficiary, amount: Rational($0.amountUnits), reason: $0.reason)
    }
    for index in 0..<max(published.count, lines.count) {
        let theirs = index < published.count ? published[index] : nil
        let ours = index < lines.count ? lines[index] : nil
        guard theirs != ours else { continue }
        return Discrepancy(
            "line \(index + 1) of settlement \(record.id)",
            published: theirs?.description ?? "nothing",
            recomputed: ours?.description ?? "nothing")
    }
    return Discrepancy(
        "sum of settlement \(record.id)", published: published.map(\.amount).sum, recomputed: 0)
}

extension Reckoning {
    /// The first line in which a published record differs from what the page says.
    package func discrepancy(in record: SettlementRecord) -> Discrepancy? {
        firstDifference(published: record, recomputed: lines)
    }

    /// The first of the venue's books that differs after the settlement.
    package func discrepancy(in published: VenueBooks) -> Discrepancy? {
        let loans = { (books: VenueBooks) in "\(books.loans.map { "\($0.id) \($0.amount)" })" }
        let harmed = { (books: VenueBooks) in
            "\(books.harmed.map { "\($0.account) \($0.height) \($0.loss)" })"
        }
        let figures = [
            ("fund", published.fund.description, books.fund.description),
            ("bad debt", published.badDebt.description, books.badDebt.description),
            ("loans", loans(published), loans(books)),
            ("harm records", harmed(published), harmed(books)),
        ]
        return figures.first { $0.1 != $0.2 }
            .map { Discrepancy($0.0 + " after it", published: $0.1, recomputed: $0.2) }
    }
}
