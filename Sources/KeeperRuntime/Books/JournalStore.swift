package import KeeperJournal
package import KeeperModel
package import KeeperRisk
import WideMath

/// The keeper's books in SQLite. Every call is durable when it returns.
package final class JournalStore: IntentJournal {
    package let journal: Journal
    private let lane: String
    private var openedDomains: Set<DomainID> = []

    /// The lane names the way in which attempts leave, such as the venue's own API.
    package init(_ journal: Journal, lane: String) {
        self.journal = journal
        self.lane = lane
    }

    package func persist(
        _ approved: Approved<CloseIntent>, at now: Instant
    ) throws(KeeperStop) {
        try stopping("recording the intent \(approved.subject.plan.clientID)") {
            () throws(JournalError) in
            try journal.recordIntent(approved.subject, at: now)
        }
    }

    /// The same bytes may be sent again; they are one attempt.
    package func persistAttempt(
        _ clientID: ClientID, bytes: [UInt8], at now: Instant
    ) throws(KeeperStop) {
        try stopping("recording an attempt of \(clientID)") { () throws(JournalError) in
            let known = try journal.attempts(of: clientID)
            if known.last?.bytes == bytes { return }
            let attempt = Attempt(number: UInt32(known.count) + 1, lane: lane, bytes: bytes)
            try journal.recordAttempt(attempt, of: clientID, at: now)
        }
    }

    package func conclude(
        _ intent: CloseIntent, _ ending: IntentEnding, at now: Instant
    ) throws(KeeperStop) {
        try stopping("recording how \(intent.plan.clientID) ended") { () throws(JournalError) in
            _ = try journal.recordEnding(ending, of: intent.plan.clientID, at: now)
        }
    }

    package func openIntents() throws(KeeperStop) -> [RecoveredIntent] {
        try stopping("reading the open intents") { () throws(JournalError) in
            try journal.openIntents()
        }
    }

    package func open(
        _ domain: DomainID, with balances: [AssetAmount], at now: Instant
    ) throws(KeeperStop) {
        guard openedDomains.insert(domain).inserted else { return }
        try stopping("opening the books of \(domain)") { () throws(JournalError) in
            guard try !journal.balances().contains(where: { $0.domain == domain }),
                !balances.isEmpty
            else { return }
            _ = try journal.record(opening(domain, balances, at: now), at: now)
        }
    }

    /// An opening is capital, never income, so it carries no value in units of account.
    private func opening(
        _ domain: DomainID, _ balances: [AssetAmount], at now: Instant
    ) -> LedgerEntry {
        LedgerEntry(
            kind: .opening, domain: domain, externalID: "opening", occurredAt: now,
            movements: balances.filter { !$0.amount.isZero }.compactMap { balance in
                Int256(exactly: balance.amount).map {
                    Movement(
                        asset: balance.asset, amount: $0, cause: .openingBalance,
                        valueUnits: .zero)
                }
            })
    }
}

/// Without its books a keeper stops; the next start recovers from what is on disk.
package func stopping<Result>(
    _ what: String, _ work: () throws(JournalError) -> Result
) throws(KeeperStop) -> Result {
    do {
        return try work()
    } catch {
        throw KeeperStop(.journal, "\(what): \(error)")
    }
}
