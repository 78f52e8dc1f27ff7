package import KeeperJournal
package import KeeperModel
package import KeeperRisk
import WideMath

/// The keeper's books in SQLite. With a queue for the disk, what nothing else may follow before it
/// is durable waits there; without one, a call that returns has done all it will.
package final class JournalStore: IntentJournal {
    package let journal: Journal
    private let disk: DiskQueue?
    private var openedDomains: Set<DomainID> = []
    private var openedReserves: Set<DomainID> = []

    package init(_ journal: Journal, disk: DiskQueue? = nil) {
        self.journal = journal
        self.disk = disk
        journal.willCommit = { CrashPoint.reached(.commitBegun) }
    }

    package func endRound(at now: Instant) throws(KeeperStop) {
        try disk?.endRound(at: now)
    }

    private func whenDurable(_ action: @escaping WhenDurable, _ now: Instant) {
        guard let disk else { return action(now) }
        disk.add(action)
    }

    package func persist(
        _ approved: Approved<CloseIntent>, at now: Instant, whenDurable: @escaping WhenDurable
    ) throws(KeeperStop) {
        try stopping("recording the intent \(approved.subject.plan.clientID)") {
            () throws(JournalError) in
            try journal.recordIntent(approved.subject, at: now)
        }
        CrashPoint.reached(.intentWritten)
        self.whenDurable(whenDurable, now)
    }

    /// The same bytes may be sent again; they are one attempt.
    package func persist(
        _ attempt: CloseAttempt, bytes: [UInt8], at now: Instant,
        whenDurable: @escaping WhenDurable
    ) throws(KeeperStop) {
        let clientID = attempt.clientID
        try stopping("recording an attempt of \(clientID)") { () throws(JournalError) in
            let known = try journal.attempts(of: clientID)
            if known.contains(where: { $0.bytes == bytes }) { return }
            try journal.recordAttempt(
                Attempt(terms: attempt.terms, bytes: bytes), of: clientID, at: now)
        }
        CrashPoint.reached(.attemptWritten)
        self.whenDurable(whenDurable, now)
    }

    package func book(
        _ receipt: CloseReceipt, of intent: CloseIntent, at now: Instant
    ) throws(KeeperStop) {
        try stopping("booking \(receipt.fillID)") { () throws(JournalError) in
            _ = try journal.recordFill(receipt, of: intent.plan.clientID, at: now)
        }
    }

    package func reverse(_ intent: CloseIntent, at now: Instant) throws(KeeperStop) {
        try stopping("taking back the fill of \(intent.plan.clientID)") {
            () throws(JournalError) in
            _ = try journal.recordReversal(of: intent.plan.clientID, at: now)
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

    package func pastDay(since instant: Instant) throws(KeeperStop) -> PastDay {
        try stopping("reading what ended lately") { () throws(JournalError) in
            try journal.endings(since: instant)
        }
    }

    package func strategyRecords() throws(KeeperStop) -> [StrategyRecord] {
        try stopping("reading what the strategies did") { () throws(JournalError) in
            try journal.strategyRecords()
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

    package func openReserve(
        _ domain: DomainID, with balances: [AssetAmount], at now: Instant
    ) throws(KeeperStop) {
        // A reserve without an asset in it has nothing that could be opened yet.
        guard !balances.isEmpty, openedReserves.insert(domain).inserted else { return }
        try stopping("opening the books of the reserve of \(domain)") {
            () throws(JournalError) in
            _ = try journal.openReserve(domain, with: balances, at: now)
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
