import KeeperJournal
package import KeeperModel

extension Drill {
    /// What must hold when all is over, whatever happened before: the venue settled once what the
    /// journal says was won, each fill is booked once, nothing is open, every unit is explained.
    /// Empty where it does.
    package func complaintsAboutBooks() async throws -> [String] {
        try Self.complaints(of: try await finishedReport(), about: try journal())
    }

    /// The same of one venue among several, by its domain in the books.
    static func complaints(
        of report: VenueReport, about journal: Journal
    ) throws -> [String] {
        let domain = report.statement.domain
        let closes = try journal.closes(CloseFilter(domain: domain, countMax: .max))
        let wins = closes.compactMap(\.fill)
        let reconciliation = try journal.reconcile(against: report.statement)
        let openCount = try journal.openIntents().count
        let booked = try journal.revenue(by: .domain).first { $0.key == domain.text }
        let bookedCount = booked?.entryCount ?? 0
        let expectations: [(isMet: Bool, otherwise: String)] = [
            (openCount == 0, "\(openCount) intents are open at the end"),
            (try journal.findDamage() == [], "the journal is damaged"),
            (
                closes.allSatisfy { $0.fill == nil || $0.attemptCount == 1 },
                "something settled whose one attempt was not on disk before its first byte left"
            ),
            (!wins.isEmpty, "nothing was won"),
            (
                Set(wins) == report.fills,
                "the venue settled \(report.fills.count), the journal knows \(Set(wins).count)"
            ),
            (Set(wins.map(\.id)).count == wins.count, "a fill is there twice"),
            (Set(wins.map(\.clientID)).count == wins.count, "an intent was won twice"),
            (bookedCount == wins.count, "\(wins.count) won, \(bookedCount) booked"),
            (reconciliation.isClean, "\(reconciliation)"),
            (reconciliation.matchedSettlementCount >= wins.count, "settlements do not match"),
        ]
        return expectations.filter { !$0.isMet }.map(\.otherwise)
    }
}

/// A close that settled, by the key of its intent and the venue's name for it.
package struct Fill: Hashable {
    package let clientID: ClientID
    package let id: String
}

extension JournaledClose {
    fileprivate var fill: Fill? {
        guard case .won(let receipt) = ending else { return nil }
        return Fill(clientID: intent.plan.clientID, id: receipt.fillID)
    }
}
