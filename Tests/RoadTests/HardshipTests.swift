import Foundation
import Glibc
import KeeperFeeds
import KeeperJournal
import KeeperModel
import RoadKit
import Testing

/// What a machine or a venue does to a keeper from outside; rows of the table of faults.
@Suite(.onTheRoad) struct HardshipTests {
    private static let decisions = "decisions.jsonl"

    private func liveKeeper(_ drill: Drill) throws -> SpawnedProgram {
        try drill.keeper(["--live", "--decisions", drill.folder.file(Self.decisions)])
    }

    private func finish(_ keeper: SpawnedProgram, _ drill: Drill) async throws {
        keeper.send(SIGTERM)
        #expect(try await keeper.end() == .exited(0), "\(drill.folder.text(of: "keeper.err"))")
        #expect(try await drill.complaintsAboutBooks() == [])
    }

    @Test func `row 12: without descriptors nothing breaks, and with them it goes on`() async throws
    {
        let drill = try await Drill(lastingTimes: 2)
        let keeper = try liveKeeper(drill)
        try await drill.waitForWins(1, in: Self.decisions, of: keeper)
        try await drill.limit(keeper, "nofile", to: 3)
        try await Task.sleep(for: .seconds(2))
        #expect(keeper.endingNow() == nil, "it lives on what it has open")
        try await drill.limit(keeper, "nofile", to: 1_024)
        let won = drill.winCount(in: Self.decisions)
        try await drill.waitForWins(won + 1, in: Self.decisions, of: keeper)
        try await finish(keeper, drill)
    }

    /// Not a page more than it has: it lives on that or dies of it, and death is a row of crashes.
    @Test func `row 13: without memory it lives or dies, and nothing is lost or doubled`()
        async throws
    {
        let drill = try await Drill(lastingTimes: 2)
        let first = try liveKeeper(drill)
        try await drill.waitForWins(1, in: Self.decisions, of: first)
        try await drill.limit(first, "as", to: 1)
        try await Task.sleep(for: .seconds(3))
        if first.endingNow() == nil { first.send(SIGKILL) }
        // Whatever could not be kept stops it, with its reason; what could not be had kills it.
        let ending = try await first.end()
        #expect(ending != .exited(0) && ending != .outOfPatience, "\(ending)")
        let next = try drill.keeper(["--live", "--decisions", drill.folder.file("next")])
        try await drill.waitForWins(1, in: "next", of: next)
        try await finish(next, drill)
    }

    @Test func `row 14: among six that take the whole processor it goes on`() async throws {
        let drill = try await Drill(lastingTimes: 2)
        let keeper = try liveKeeper(drill)
        try await drill.waitForWins(1, in: Self.decisions, of: keeper)
        let hogs = try await drill.hogs(6, besides: keeper)
        let won = drill.winCount(in: Self.decisions)
        try await drill.waitForWins(won + 2, in: Self.decisions, of: keeper)
        for hog in hogs { hog.send(SIGKILL) }
        try await finish(keeper, drill)
    }

    /// Stopped, a venue takes connections and says nothing: no worse way of being away is known.
    @Test func `row 27: a venue that was away is caught up with, and nothing is sent meanwhile`()
        async throws
    {
        // Long enough to have something left to close, however slow this machine is.
        let drill = try await Drill(lastingTimes: 4)
        let keeper = try liveKeeper(drill)
        try await drill.waitForWins(1, in: Self.decisions, of: keeper)
        drill.stopVenue()
        try await Task.sleep(for: .seconds(4))
        let before = drill.winCount(in: Self.decisions)
        let proposed = drill.proposalCount(in: Self.decisions)
        try await Task.sleep(for: .seconds(2))
        #expect(keeper.endingNow() == nil)
        #expect(drill.winCount(in: Self.decisions) == before)
        #expect(drill.proposalCount(in: Self.decisions) == proposed, "its prices are old")
        drill.letVenueGoOn()
        try await drill.waitForWins(before + 1, in: Self.decisions, of: keeper)
        try await finish(keeper, drill)
    }

    /// It is found by its key: no second key, and not even the same bytes a second time.
    @Test func `row 30: a close whose answer was lost is found, and nothing is sent twice`()
        async throws
    {
        let drill = try await Drill(lastingTimes: 2)
        let recording = drill.folder.file("events")
        let keeper = try drill.keeper([
            "--live", "--decisions", drill.folder.file(Self.decisions), "--record", recording,
        ])
        try await drill.waitForWins(1, in: Self.decisions, of: keeper)
        try drill.setFaults(#"{"dropReplies": 3}"#)
        let won = drill.winCount(in: Self.decisions)
        try await drill.waitForWins(won + 4, in: Self.decisions, of: keeper)
        try await finish(keeper, drill)
        #expect(try Self.lostAnswerCount(in: recording) == 3)
        let sent = try drill.journal().closes(CloseFilter(countMax: .max)).count {
            $0.attemptCount > 0
        }
        #expect(try await drill.finishedReport().writeCount == UInt64(sent))
    }

    private static func lostAnswerCount(in recording: String) throws -> Int {
        var rows = try RecordingReader(path: recording).rows(of: .event)
        var count = 0
        while let row = try rows.next() {
            if case .closeAnswered(_, .unknown(_)) = try row.event().body { count += 1 }
        }
        return count
    }

    /// Its prices are of another hour and nobody takes what it signs, so it does not even try.
    @Test func `row 16: a keeper whose clock is an hour off sends nothing, and says why`()
        async throws
    {
        let drill = try await Drill(lastingTimes: 2)
        let fast = try drill.keeper(
            ["--live", "--decisions", drill.folder.file("fast")], clock: drill.clock(ahead: 3_600))
        try await drill.waitForDecisions(#""reason":"clocks-part""#, 1, in: "fast", of: fast)
        #expect(drill.folder.text(of: "keeper.err").contains("event=clocks-part"))
        fast.send(SIGTERM)
        #expect(try await fast.end() == .exited(0))
        #expect(drill.proposalCount(in: "fast") == 0)
        let keeper = try liveKeeper(drill)
        try await drill.waitForWins(1, in: Self.decisions, of: keeper)
        try await finish(keeper, drill)
    }

    @Test func `row 40: a log that cannot be written costs no close`() async throws {
        let drill = try await Drill()
        let keeper = try drill.keeper(
            ["--live", "--decisions", drill.folder.file(Self.decisions)], errors: "/dev/full")
        try await drill.waitForWins(2, in: Self.decisions, of: keeper)
        try await finish(keeper, drill)
    }

    @Test func `row 41: half a configuration is refused whole, and the old one goes on`()
        async throws
    {
        let drill = try await Drill()
        let text = try String(contentsOfFile: Checkout.file("config.json"), encoding: .utf8)
        try drill.folder.write(text, to: "config.json")
        let keeper = try drill.keeper(
            ["--live", "--decisions", drill.folder.file(Self.decisions)],
            config: drill.folder.file("config.json"))
        try await drill.waitForWins(1, in: Self.decisions, of: keeper)
        try drill.folder.write(String(text.prefix(text.count / 2)), to: "config.json")
        keeper.send(SIGHUP)
        try await wait(for: "the refusal") {
            drill.folder.text(of: "keeper.err").contains("level=error event=reload")
        }
        let won = drill.winCount(in: Self.decisions)
        try await drill.waitForWins(won + 1, in: Self.decisions, of: keeper)
        try await finish(keeper, drill)
    }
}

extension Drill {
    fileprivate func winCount(in name: String) -> Int {
        folder.text(of: name).components(separatedBy: #""ending":"won""#).count - 1
    }

    fileprivate func proposalCount(in name: String) -> Int {
        folder.text(of: name).components(separatedBy: #""kind":"proposed""#).count - 1
    }

    /// The soft limit of a process that runs.
    fileprivate func limit(
        _ program: SpawnedProgram, _ resource: String, to count: Int
    ) async throws {
        try await use("prlimit", ["--pid", "\(program.process)", "--\(resource)=\(count):"])
    }

    /// So many busy loops on one processor, and the program on the same. They end with their drill,
    /// and by themselves after a minute.
    fileprivate func hogs(
        _ count: Int, besides program: SpawnedProgram
    ) async throws -> [SpawnedProgram] {
        try await use("taskset", ["--all-tasks", "--cpu-list", "--pid", "0", "\(program.process)"])
        let loop = "end=$(($(date +%s) + 60)); while [ $(date +%s) -lt $end ]; do :; done"
        return try (0..<count).map { _ in
            try SpawnedProgram(
                at: "/usr/bin/taskset", ["--cpu-list", "0", "sh", "-c", loop],
                variables: [:], output: folder.file("hog.out"), errors: folder.file("hog.err"))
        }
    }

    private func use(_ name: String, _ words: [String]) async throws {
        let tool = try SpawnedProgram(
            at: "/usr/bin/" + name, words, variables: [:], output: folder.file("tool.out"),
            errors: folder.file("tool.err"))
        guard try await tool.end() == .exited(0) else {
            throw RoadProblem("\(name): " + folder.text(of: "tool.err"))
        }
    }
}
