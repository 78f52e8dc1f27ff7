package import KeeperModel
package import WideMath

/// What the venue carries from one settlement to the next. It moves by lines and by nothing else.
package struct SettlementState: Hashable, Sendable {
    package var fund: Int256
    /// What the creditors hold as a claim on the venue.
    package var badDebt: Int256
    /// In the order in which they were first drawn, none empty.
    package var loans: [BackstopLoan]
    /// In the order in which they were made.
    package var harmed: [HarmRecord]

    package init(
        fund: Int256 = 0, badDebt: Int256 = 0, loans: [BackstopLoan] = [],
        harmed: [HarmRecord] = []
    ) {
        self.fund = fund
        self.badDebt = badDebt
        self.loans = loans
        self.harmed = harmed
    }

    func outstanding(_ backstop: String) -> Int256 {
        loans.first { $0.id == backstop }?.amount ?? 0
    }

    /// A loan that is paid back leaves the list, so that a later one is drawn anew.
    mutating func changeLoan(_ backstop: String, by amount: Int256) {
        guard let index = loans.firstIndex(where: { $0.id == backstop }) else {
            loans.append(BackstopLoan(id: backstop, amount: amount))
            return
        }
        loans[index].amount += amount
        if loans[index].amount.isZero { loans.remove(at: index) }
    }

    func validate() throws(SettlementError) {
        let range = Int256.zero...Int256(Int64.max)
        guard range.contains(fund) else { throw .outOfRange("fund") }
        guard range.contains(badDebt) else { throw .outOfRange("badDebt") }
        for loan in loans where !range.contains(loan.amount) { throw .outOfRange("loans") }
        for record in harmed where !range.contains(record.loss) { throw .outOfRange("harmed") }
        try requireDistinct(loans.map(\.id).sorted())
    }
}

/// Liquidity that another protocol lent to the venue, without interest.
package struct BackstopLoan: Hashable, Sendable {
    package let id: String
    package var amount: Int256

    package init(id: String, amount: Int256) {
        self.id = id
        self.amount = amount
    }
}

/// Who lost money to a close, when, and how much of it was not made good yet.
package struct HarmRecord: Hashable, Sendable {
    package let account: AccountID
    package let height: Int64
    package var loss: Int256

    package init(account: AccountID, height: Int64, loss: Int256) {
        self.account = account
        self.height = height
        self.loss = loss
    }

    /// A record of the last `window` heights, the present one among them.
    func isLive(at height: Int64, window: Int64) -> Bool {
        Int256(height) - Int256(self.height) < Int256(window)
    }
}

func requireDistinct(_ sortedIDs: [String]) throws(SettlementError) {
    for (first, second) in zip(sortedIDs, sortedIDs.dropFirst()) where first == second {
        throw .duplicateID(first)
    }
}
