import KeeperJournal
import KeeperModel
import Testing

extension Drill {
    /// What must hold when all is over, whatever happened before: the venue settled once what the
    /// journal says was won, each fill is booked once, nothing is open, every unit is explained.
    func expectWholeBooks() async throws {
        let report = try await finishedReport()
        let journal = try journal()
        #expect(try journal.openIntents().isEmpty)
        #expect(try journal.findDamage() == [])

        let closes = try journal.closes()
        let wins = closes.compactMap(\.fill)
        // What settled was on disk before its first byte left.
        #expect(closes.allSatisfy { $0.fill == nil || $0.attemptCount == 1 })
        #expect(!wins.isEmpty)
        #expect(Set(wins) == report.fills)
        #expect(Set(wins.map(\.id)).count == wins.count)
        #expect(Set(wins.map(\.clientID)).count == wins.count)
        #expect(try journal.revenue(by: .total).first?.entryCount == wins.count)

        let reconciliation = try journal.reconcile(against: report.statement)
        #expect(reconciliation.isClean, "\(reconciliation)")
        #expect(reconciliation.matchedSettlementCount >= wins.count)
    }
}

/// A close that settled, by the key of its intent and the venue's name for it.
struct Fill: Hashable {
    let clientID: ClientID
    let id: String
}

extension JournaledClose {
    fileprivate var fill: Fill? {
        guard case .won(let receipt) = ending else { return nil }
        return Fill(clientID: intent.plan.clientID, id: receipt.fillID)
    }
}
