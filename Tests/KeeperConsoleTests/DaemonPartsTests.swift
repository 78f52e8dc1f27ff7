import Foundation
import KeeperConsole
import KeeperModel
import KeeperRuntime
import KeeperTransport
import Testing

@Suite struct WatchdogTests {
    private static let environment = ["WATCHDOG_USEC": "30000000"]

    private static func at(_ seconds: Int64) -> MonotonicTime {
        MonotonicTime(nanoseconds: seconds * 1_000_000_000)
    }

    private static func marks(
        feed: UInt64 = 0, events: UInt64 = 0, decidedAll: Bool = true, outcomes: UInt64 = 0,
        nothingOpen: Bool = true
    ) -> Watchdog.Marks {
        Watchdog.Marks(
            feedCount: feed, eventCount: events, hasDecidedAll: decidedAll,
            outcomeCount: outcomes, hasNothingOpen: nothingOpen)
    }

    /// How often in a minute it says that it lives, looked at each second.
    private static func wordCount(_ marks: (Int64) -> Watchdog.Marks) throws -> Int {
        var dog = try #require(Watchdog(environment, process: 1, now: at(0)))
        return (1...60).count { dog.look(marks($0), now: at($0)) }
    }

    @Test func `a keeper whose loops all get somewhere says so each third of the interval`()
        throws
    {
        let count = try Self.wordCount { Self.marks(feed: UInt64($0)) }
        #expect(count == 6)
    }

    /// Each stands still from the beginning: within twenty seconds two words, then none.
    @Test(arguments: ["feed", "decisions", "submits"])
    func `one loop that stands still ends the words`(loop: String) throws {
        let count = try Self.wordCount { second in
            Self.marks(
                feed: loop == "feed" ? 0 : UInt64(second), decidedAll: loop != "decisions",
                nothingOpen: loop != "submits")
        }
        #expect(count == 3)
    }

    @Test func `a queue that is worked on is progress`() throws {
        let count = try Self.wordCount {
            Self.marks(feed: UInt64($0), events: UInt64($0), decidedAll: false)
        }
        #expect(count == 6)
    }

    @Test(arguments: [
        [:], ["WATCHDOG_USEC": "0"], ["WATCHDOG_USEC": "soon"],
        ["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "2"],
    ])
    func `nobody is told who did not ask`(environment: [String: String]) {
        #expect(Watchdog(environment, process: 1, now: Self.at(0)) == nil)
    }
}

@Suite struct LogLineTests {
    private let line = LogLine(
        .warning, "reload", "not \"this\" one",
        fields: [("notWon", "2"), ("reason", "first\nsecond"), ("empty", "")])

    private func text(_ form: LogForm) -> String {
        String(decoding: line.bytes(in: form, at: "2026-11-20T12:30:00Z"), as: UTF8.self)
    }

    @Test func `logfmt quotes what is not plain, and stays one line`() {
        #expect(
            text(.logfmt) == #"time=2026-11-20T12:30:00Z level=warning event=reload "#
                + #"message="not \"this\" one" notWon=2 reason="first\nsecond" empty="""#
                + "\n")
    }

    @Test func `json is one object in one line`() {
        #expect(
            text(.json) == #"{"time":"2026-11-20T12:30:00Z","level":"warning","event":"reload","#
                + #""message":"not \"this\" one","notWon":"2","reason":"first\nsecond","empty":""}"#
                + "\n")
    }

    /// The message's id is `printf 'bailiff reload' | sha256sum`, its first half.
    /// The journal's own form: a value with a line break has its length in front.
    @Test func `the journal gets fields under our name, and values of many lines whole`() {
        let reason =
            Array("BAILIFF_REASON\n".utf8) + [12, 0, 0, 0, 0, 0, 0, 0]
            + Array("first\nsecond\n".utf8)
        let start = """
            MESSAGE=not "this" one
            MESSAGE_ID=4a9d921a565b826cf1599864065b08eb
            PRIORITY=4
            SYSLOG_IDENTIFIER=bailiff
            BAILIFF_EVENT=reload
            BAILIFF_NOT_WON=2

            """
        #expect(
            line.bytes(in: .journald, at: "")
                == Array(start.utf8) + reason + Array("BAILIFF_EMPTY=\n".utf8))
    }

    @Test func `a terminal's cursor is not moved by what comes from outside`() {
        let line = LogLine(.info, "ready", "a\u{1B}[2Jb\rc")
        let text = String(decoding: line.bytes(in: .colour, at: ""), as: UTF8.self)
        #expect(text.contains("a [2Jb c"))
    }

    @Test func `what is no terminal and no journal gets logfmt`() {
        #expect(LogForm.fitting(["JOURNAL_STREAM": "1:1"]) != .journald)
    }
}

@Suite struct StartLedgerTests {
    private let files: TestFolder
    private var folder: String { files.path }
    private let now = Instant(milliseconds: 10_000_000)

    init() throws {
        files = try TestFolder()
    }

    private func live(secondsAgo: Int64, ends: Bool) throws {
        var ledger = try StartLedger(folder: folder)
        try ledger.noteStart(at: now + .seconds(-secondsAgo))
        if ends { try ledger.noteEnd() }
    }

    @Test func `three lives that did not end within ten minutes are too many`() throws {
        try live(secondsAgo: 500, ends: false)
        try live(secondsAgo: 400, ends: false)
        #expect(try StartLedger(folder: folder).watchOnlyReason(at: now) == nil)
        try live(secondsAgo: 300, ends: false)
        let reason = try #require(try StartLedger(folder: folder).watchOnlyReason(at: now))
        #expect(reason.contains("3 crashes within 10 minutes"))
    }

    @Test func `clean ends and old crashes do not count`() throws {
        try live(secondsAgo: 601, ends: false)
        try live(secondsAgo: 400, ends: true)
        try live(secondsAgo: 300, ends: false)
        try live(secondsAgo: 200, ends: false)
        #expect(try StartLedger(folder: folder).crashCount(at: now) == 2)
        #expect(try StartLedger(folder: folder).watchOnlyReason(at: now) == nil)
    }

    @Test func `a ledger that nobody can read is no ledger without crashes`() throws {
        try Data("{".utf8).write(to: URL(filePath: folder + "/starts.json"))
        #expect(throws: StartProblem.self) { try StartLedger(folder: folder) }
    }
}
