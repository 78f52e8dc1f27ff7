import KeeperJournal
import KeeperModel
import Testing

@Suite struct JournalIntentTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private let attempt = Sample.attempt(1, [0, 1, 255])

    @Test func `an intent survives a crash with its first attempt`() throws {
        let journal = try Journal(path: directory.journalPath)
        let intent = Sample.intent("c-1")
        try journal.recordIntent(intent, attempt: attempt, at: Sample.second)
        try journal.recordAttempt(
            Sample.attempt(2, []), of: ClientID("c-1"), at: Sample.second)
        try journal.recordIntent(
            Sample.intent("c-2", target: Sample.target("acc-2")), at: Sample.january)
        try journal.recordAnswer(
            .unknown(evidence: "reset"), to: ClientID("c-1"), at: Sample.second)

        // The first journal is still open: what counts is on disk, not what closing would write.
        let image = try directory.crashImage()
        let recovered = try Journal(path: image.journalPath)
        let open = try recovered.openIntents()
        #expect(open.map(\.intent.plan.clientID.text) == ["c-1", "c-2"])
        #expect(open.first?.intent == intent)
        #expect(open.map(\.attempts.count) == [2, 0])
        #expect(try recovered.attempts(of: ClientID("c-1")).map(\.bytes) == [[0, 1, 255], []])
        #expect(try recovered.answers(to: ClientID("c-1")) == [.unknown(evidence: "reset")])
        #expect(try recovered.findDamage() == [])
    }

    @Test func `a target has one open intent at a time`() throws {
        let journal = try Journal(path: directory.journalPath)
        try journal.recordIntent(Sample.intent("c-1"), at: Sample.second)
        #expect(throws: JournalError.targetBusy(Sample.target())) {
            try journal.recordIntent(Sample.intent("c-2"), at: Sample.second)
        }
        _ = try journal.recordEnding(.voided, of: ClientID("c-1"), at: Sample.second)
        try journal.recordIntent(Sample.intent("c-2"), at: Sample.second)
        #expect(try journal.openIntents().map(\.intent.plan.clientID.text) == ["c-2"])
    }

    @Test func `a client id is used once for ever`() throws {
        let journal = try Journal(path: directory.journalPath)
        try journal.recordIntent(Sample.intent("c-1"), at: Sample.second)
        _ = try journal.recordEnding(.voided, of: ClientID("c-1"), at: Sample.second)
        #expect(throws: JournalError.clientIDUsed(ClientID("c-1"))) {
            try journal.recordIntent(Sample.intent("c-1"), at: Sample.second)
        }
    }

    @Test func `nothing is attempted for an intent that is unknown or has ended`() throws {
        let journal = try Journal(path: directory.journalPath)
        #expect(throws: JournalError.unknownIntent(ClientID("c-1"))) {
            try journal.recordAttempt(attempt, of: ClientID("c-1"), at: Sample.second)
        }
        try journal.recordIntent(Sample.intent("c-1"), at: Sample.second)
        _ = try journal.recordEnding(
            .cancelled(reason: "kill switch"), of: ClientID("c-1"), at: Sample.second)
        #expect(throws: JournalError.endedOtherwise(ClientID("c-1"), label: "cancelled")) {
            try journal.recordAttempt(attempt, of: ClientID("c-1"), at: Sample.second)
        }
    }

    @Test func `what fails writes nothing`() throws {
        let journal = try Journal(path: directory.journalPath)
        try journal.recordIntent(Sample.intent("c-1"), attempt: attempt, at: Sample.second)
        #expect(throws: JournalError.self) {
            try journal.recordAttempt(attempt, of: ClientID("c-1"), at: Sample.second)
        }
        #expect(try journal.attempts(of: ClientID("c-1")).count == 1)
        try journal.recordAttempt(
            Sample.attempt(2, [7]), of: ClientID("c-1"), at: Sample.second)
        #expect(try journal.attempts(of: ClientID("c-1")).count == 2)
    }

    @Test func `small state survives`() throws {
        do {
            let journal = try Journal(path: directory.journalPath)
            try journal.setMetaValue("lastSettlement", "7")
            try journal.setMetaValue("lastSettlement", "8")
            try journal.setMetaValue("breaker", "open")
            try journal.setMetaValue("breaker", nil)
        }
        let journal = try Journal(path: directory.journalPath)
        #expect(try journal.metaValue("lastSettlement") == "8")
        #expect(try journal.metaValue("breaker") == nil)
    }
}
