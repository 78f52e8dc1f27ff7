import KeeperJournal
import KeeperModel
import WideMath

/// One close as a keeper carries it out, life after life, with its books on a bad disk. What left
/// for the venue is remembered outside of all disks.
final class CloseOnDisk {
    static let clientID = ClientID("c-1")
    static let journalPath = "journal.sqlite"
    static let now = Instant(milliseconds: 1_700_000_000_000)

    /// Disks as the power would have left them at each moment in which bytes left.
    private(set) var disksWhenSent: [FaultyDisk] = []
    var wasSent: Bool { !disksWhenSent.isEmpty }

    /// From opening the books to the last line in them. What a disk refuses ends this life.
    func live(on disk: FaultyDisk) throws(JournalError) {
        let journal = try Journal(path: Self.journalPath, disk: disk.name)
        if try !journal.openIntents().isEmpty { return try resolve(journal) }
        guard try journal.closes().isEmpty else { return }
        try journal.recordIntent(Self.intent, at: Self.now)
        try journal.recordAttempt(Self.attempt, of: Self.clientID, at: Self.now)
        disksWhenSent.append(disk.afterPowerLoss(tearing: disksWhenSent.count % 2 == 1))
        try journal.recordAnswer(.unknown(evidence: "reset"), to: Self.clientID, at: Self.now)
        try resolve(journal)
    }

    /// The venue settled what was sent, and puts a tombstone where nothing was.
    private func resolve(_ journal: Journal) throws(JournalError) {
        _ = try journal.recordEnding(
            wasSent ? .won(Self.receipt) : .voided, of: Self.clientID, at: Self.now)
    }

    static let intent = CloseIntent(
        plan: ClosePlan(
            clientID: clientID,
            target: Target(
                domain: DomainID("venue"), market: MarketID("core"), account: AccountID("a")),
            accountVersion: 1,
            action: .margin(MarginClose(lots: 5, limitPrice: 9, incentiveMin: 1)),
            validUntilHeight: 40),
        by: StrategyRun(StrategyName("s"), version: 1),
        expectation: Expectation(
            grossUnits: 20, costUnits: 5, inventoryNeeded: [], notionalUnits: 100),
        proposedAt: now, decidedBy: 1)

    static let attempt = Attempt(
        terms: AttemptTerms(number: 1, purpose: .close, lane: .venueAPI, bid: nil),
        bytes: Array("these bytes leave".utf8))

    static let receipt = CloseReceipt(
        clientID: clientID, fillID: "fill-1", height: 2, settledAt: now,
        movements: [
            Movement(asset: AssetID("USD"), amount: 15, cause: .incentive, valueUnits: 15)
        ], settlements: [])
}
