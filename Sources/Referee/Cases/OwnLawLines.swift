import KeeperModel

/// The record of a protocol that brings its own law: each movement is two lines, giver and taker.
struct OwnLawLines {
    private(set) var lines: [ExpectedLine] = []

    mutating func give(_ amount: Rational, from giver: String, to taker: String, _ reason: String) {
        guard !amount.isZero else { return }
        lines.append(ExpectedLine(beneficiary: giver, amount: -amount, reason: reason))
        lines.append(ExpectedLine(beneficiary: taker, amount: amount, reason: reason))
    }

    func discrepancy(in receipt: CloseReceipt) -> Discrepancy? {
        guard receipt.settlements.count == 1, let record = receipt.settlements.first else {
            return Discrepancy(
                "number of settlements", published: "\(receipt.settlements.count)",
                recomputed: "1")
        }
        return firstDifference(published: record, recomputed: lines)
    }
}

extension MarketSight {
    /// In units at the venue's own price, rounded down; the quote counts itself.
    func worth(_ amount: Rational, _ asset: AssetID, decimals: UInt8) -> Rational {
        ((price(asset) ?? 0) * amount / .powerOfTen(decimals)).floor
    }
}
