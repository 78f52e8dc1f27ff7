import KeeperModel

/// What one block brought is heard at its end and at once: answers to our calls, what others
/// closed, accounts that changed by it, and books and balances as the last call left them.
struct BlockNews {
    private var answers: [EventBody] = []
    private var closes: [ObservedClose] = []
    private var changes: [EventBody] = []
    private var balances: EventBody?
    private var movesBooks = false

    var isEmpty: Bool { answers.isEmpty && closes.isEmpty }

    mutating func note(_ body: EventBody) {
        switch body {
        case .closeAnswered: answers.append(body)
        case .depthPublished: movesBooks = true
        case .balancesReported: balances = body
        default: changes.append(body)
        }
    }

    /// Somebody else's, after which the account is out of the keeper's sight.
    mutating func note(_ close: ObservedClose) {
        closes.append(close)
        movesBooks = true
    }

    func told(leaving books: [DepthBook]) -> [EventBody] {
        let observed = closes.isEmpty ? [] : [EventBody.closesObserved(closes)]
        let gone = Set(closes.map(\.target.market)).sorted().map { market in
            EventBody.accountsChanged(
                market, changed: [],
                removed: closes.filter { $0.target.market == market }.map(\.target.account)
                    .sorted())
        }
        let left = [movesBooks ? EventBody.depthPublished(books) : nil, balances]
        return answers + observed + changes + gone + left.compactMap { $0 }
    }
}
