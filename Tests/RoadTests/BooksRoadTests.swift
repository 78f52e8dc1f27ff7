import Foundation
import Glibc
import KeeperJournal
import KeeperModel
import RoadKit
import Testing

/// The commands about the journal over the books of a keeper that really ran and really died.
@Suite(.onTheRoad) struct BooksRoadTests {
    private let drill: Drill

    init() async throws { drill = try await Drill() }

    /// What a command says, of all that was said into the same two files before.
    private func say(_ words: String, code: Int32 = 0) async throws -> String {
        func said() -> [String] { ["keeper.out", "keeper.err"].map(drill.folder.text) }
        let before = said()
        let program = try drill.program(
            words.split(separator: " ").map { word in
                word.hasPrefix("@") ? drill.folder.file(String(word.dropFirst())) : String(word)
            } + ["--config", Checkout.file("config.json")])
        let end = try await program.end()
        let new = zip(before, said()).map { $1.dropFirst($0.count) }.joined()
        #expect(end == .exited(code), "\(words): \(new)")
        return new
    }

    /// Three wins, then a death with an intent open whose bytes may be out there.
    private func killedKeeper() async throws {
        let first = try drill.keeper(["--live", "--decisions", drill.folder.file("first")])
        try await drill.waitForWins(3, in: "first", of: first)
        first.send(SIGTERM)
        #expect(try await first.end() == .exited(0))
        let second = try drill.keeper(["--live"], crashingAt: "close-handed-over")
        #expect(try await second.end() == .killed(by: SIGKILL))
    }

    @Test func `books go out and come back, and a keeper goes on with what came back`()
        async throws
    {
        try await killedKeeper()
        #expect(try await say("db check").contains("sound"))
        #expect(try await say("db export @journal.jsonl").contains("everything in"))
        #expect(try await say("db backup @copy.sqlite").contains("a whole copy"))
        #expect(try await say("db export @journal.jsonl", code: 73).contains("is there already"))
        _ = try await say("db import @journal.jsonl --state @restored")
        _ = try await say("db export @again.jsonl --state @restored")
        #expect(drill.folder.text(of: "again.jsonl") == drill.folder.text(of: "journal.jsonl"))

        // The import takes the place of the journal, and the open intent is resolved over it.
        let files = FileManager.default
        let journal = drill.folder.file("state/journal.sqlite")
        try files.removeItem(atPath: journal)
        try files.copyItem(
            atPath: drill.folder.file("restored/journal.sqlite"), toPath: journal)
        let last = try drill.keeper(["--live", "--decisions", drill.folder.file("last")])
        try await drill.waitForWins(2, in: "last", of: last)
        last.send(SIGTERM)
        #expect(try await last.end() == .exited(0), "\(drill.folder.text(of: "keeper.err"))")
        #expect(try await drill.complaintsAboutBooks() == [])
        #expect(try await say("db reconcile @report.json").contains("every unit is explained"))
    }

    @Test func `row 11: a live run is refused over books that have forgotten`() async throws {
        let files = FileManager.default
        try files.createDirectory(
            atPath: drill.folder.file("state"), withIntermediateDirectories: true)
        do { _ = try drill.journal() }
        try files.copyItem(
            atPath: drill.folder.file("state/journal.sqlite"),
            toPath: drill.folder.file("older.sqlite"))
        try await killedKeeper()
        let whole = drill.folder.file("state/journal.sqlite")
        for suffix in ["", "-wal"] where files.fileExists(atPath: whole + suffix) {
            try files.removeItem(atPath: whole + suffix)
        }
        try files.copyItem(atPath: drill.folder.file("older.sqlite"), toPath: whole)

        let keeper = try drill.keeper(["--live"])
        #expect(try await keeper.end() == .exited(65))
        #expect(drill.folder.text(of: "keeper.err").contains("has never heard of it"))
        #expect(try await say("db check", code: 2).contains("an older copy was put back"))
        // The venue knows what the copy does not.
        _ = try await drill.finishedReport()
        #expect(try await say("db reconcile @report.json", code: 2).contains("notBooked"))
    }

    @Test func `a month that is not over stays open, and one that is closed is listed`()
        async throws
    {
        try await killedKeeper()
        #expect(try await say("period list").contains("no month is closed"))
        #expect(try await say("period close 2262-01", code: 1).contains("it is not over yet"))
        #expect(try await say("period close 2000-01").contains("2000-01: 0 entries"))
        #expect(try await say("period list --json").contains(#""month":"2000-01","entries":0"#))
        #expect(try await say("revenue --by day --csv").hasPrefix("day,entries,net\n"))
        #expect(try await say("revenue --by hour", code: 64).contains("found 'hour'"))
        #expect(try await say("lots --method lifo", code: 64).contains("fifo, hifo, specific"))
    }
}
