package import KeeperModel
package import WideMath

/// What closes with one ending were expected to earn, and what the ledger says they did.
package struct OutcomeSum: Hashable, Sendable {
    /// The intent's state, such as `won` or `reverted`.
    package let state: String
    package let closeCount: Int
    package let grossUnits: Int256
    package let costUnits: Int256
    /// What of the cost was for being carried out.
    package let sendingUnits: Int256
    /// What of it was for letting go of what was taken.
    package let exitCostUnits: Int256
    package let realised: [MovementCause: Int256]

    package init(
        state: String, closeCount: Int, grossUnits: Int256, costUnits: Int256,
        sendingUnits: Int256, exitCostUnits: Int256, realised: [MovementCause: Int256]
    ) {
        self.state = state
        self.closeCount = closeCount
        self.grossUnits = grossUnits
        self.costUnits = costUnits
        self.sendingUnits = sendingUnits
        self.exitCostUnits = exitCostUnits
        self.realised = realised
    }
}

extension Journal {
    /// Expected and realised of every intent that ended, by how it ended.
    package func outcomeSums(
        in domain: DomainID? = nil
    ) throws(JournalError) -> [OutcomeSum] {
        var expectations: [String: [Expectation]] = [:]
        let named = domain?.text ?? ""
        try database.forEachRow(
            """
            SELECT state, intent FROM intents
            WHERE state <> 'open' AND market <> 'treasury' AND (? = '' OR domain = ?)
            """, [.text(named), .text(named)]
        ) {
            (row) throws(JournalError) in
            let intent: CloseIntent = try stored(row.text(1), in: "intents")
            expectations[row.text(0), default: []].append(intent.expectation)
        }
        let realised = try realisedCauses(in: named)
        var sums: [OutcomeSum] = []
        for state in expectations.keys.sorted() {
            let all = expectations[state] ?? []
            sums.append(
                OutcomeSum(
                    state: state, closeCount: all.count,
                    grossUnits: try exactSum(all.map(\.grossUnits)),
                    costUnits: try exactSum(all.map(\.costUnits)),
                    sendingUnits: try exactSum(try all.map(signedSending)),
                    exitCostUnits: try exactSum(all.map(\.exitCostUnits)),
                    realised: realised[state] ?? [:]))
        }
        return sums
    }

    private func signedSending(_ expectation: Expectation) throws(JournalError) -> Int256 {
        guard let units = Int256(exactly: expectation.sendingUnits) else { throw .overflow }
        return units
    }

    private func realisedCauses(
        in named: String
    ) throws(JournalError) -> [String: [MovementCause: Int256]] {
        var causes: [String: [MovementCause: Int256]] = [:]
        try database.forEachRow(
            """
            SELECT intents.state, postings.cause, sum256(postings.value)
            FROM postings
            JOIN entries ON entries.id = postings.entry
            LEFT JOIN transfers ON transfers.entry = entries.id
            JOIN intents ON intents.client_id = coalesce(entries.client_id, transfers.client_id)
            WHERE postings.account = 'closes' AND intents.state <> 'open'
                AND (? = '' OR intents.domain = ?)
            GROUP BY 1, 2
            """, [.text(named), .text(named)]
        ) { (row) throws(JournalError) in
            guard let cause = MovementCause(rawValue: row.text(1)) else {
                throw .malformedRow(table: "postings", detail: "the cause \(row.text(1))")
            }
            causes[row.text(0), default: [:]][cause] = try earned(try amount(row.blob(2)))
        }
        return causes
    }
}
