import Foundation
import KeeperJournal
import KeeperModel
import Testing
import WideMath

/// Out of SQLite and back: exports, imports, backups.
@Suite struct JournalTransferTests {
    let directory: TemporaryDirectory
    let journal: Journal

    init() throws {
        directory = try TemporaryDirectory()
        journal = try Journal(path: directory.journalPath)
        try journal.recordIntent(
            Sample.intent("c-1"), attempt: Sample.attempt(1, [0, 255]), at: Sample.second)
        let receipt = Sample.receipt("c-1", settlements: [Sample.settlement(7)])
        _ = try journal.recordFill(receipt, of: ClientID("c-1"), at: Sample.second)
        _ = try journal.recordReversal(of: ClientID("c-1"), at: Sample.second)
        _ = try journal.recordEnding(.won(receipt), of: ClientID("c-1"), at: Sample.second)
        try journal.recordIntent(
            Sample.intent("c-2"), attempt: Sample.attempt(1, [1]), at: Sample.second)
        try journal.recordAnswer(
            .unknown(evidence: "\"quotes\"\nand more"), to: ClientID("c-2"), at: Sample.second)
        try journal.setMetaValue("mode", "rest")
    }

    private func exported(_ journal: Journal) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try journal.export { bytes += $0 }
        return bytes
    }

    @Test func `what is exported and imported is exported the same`() throws {
        let bytes = try exported(journal)
        let path = directory.path + "/imported.sqlite"
        try JournalImport.make(path, from: bytes)
        let imported = try Journal(path: path)
        #expect(try exported(imported) == bytes)
        #expect(try imported.openIntents() == journal.openIntents())
        #expect(try imported.balances() == journal.balances())
        #expect(try imported.findDamage() == [])
    }

    @Test func `a closed period comes along with an export`() throws {
        try journal.recordIntentEnded("c-2")
        let period = try journal.closePeriod("2026-01", at: Sample.february)
        let path = directory.path + "/imported.sqlite"
        try JournalImport.make(path, from: exported(journal))
        #expect(try Journal(path: path).closedPeriods() == [period])
    }

    /// What may happen to an export on its way.
    enum Spoiling: String, CaseIterable, Sendable {
        case lineMissing, endMissing, digitChanged, schemaNewer, formatOther

        func spoil(_ lines: inout [String]) {
            switch self {
            case .lineMissing: lines.remove(at: 3)
            case .endMissing: lines.removeLast()
            case .digitChanged: lines[2] = lines[2].replacing("1", with: "2")
            case .schemaNewer: lines[0] = lines[0].replacing(":3}", with: ":4}")
            case .formatOther: lines[0] = lines[0].replacing("bailiff", with: "their")
            }
        }
    }

    @Test(arguments: Spoiling.allCases)
    func `an export that is not whole is refused`(spoiling: Spoiling) throws {
        var lines = String(decoding: try exported(journal), as: UTF8.self)
            .split(separator: "\n").map(String.init)
        spoiling.spoil(&lines)
        let bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
        let error = try #require(throws: JournalError.self) {
            try JournalImport.make(directory.path + "/imported.sqlite", from: bytes)
        }
        guard case .malformedExport = error else {
            Issue.record("\(error)")
            return
        }
    }

    @Test func `a backup holds what the journal holds`() throws {
        let path = directory.path + "/backup.sqlite"
        try journal.backUp(to: path)
        #expect(try exported(Journal(path: path)) == exported(journal))
    }

    @Test func `decisions remember what an older copy of the journal forgot`() throws {
        let log = try DecisionLog(path: directory.decisionsPath)
        try log.append(
            ["c-1", "c-9"].map { key in
                Decision(
                    sequence: 1, decidedAt: Sample.second, height: 1, target: Sample.target(),
                    accountVersion: 1, verdict: .ended(ClientID(key), "won"), facts: [])
            })
        #expect(try journal.unknown(among: log.latestEndedIntents()) == [ClientID("c-9")])
    }
}

extension Journal {
    /// Ends an intent without moving anything.
    func recordIntentEnded(_ clientID: String) throws(JournalError) {
        _ = try recordEnding(.voided, of: ClientID(clientID), at: Sample.second)
    }
}
