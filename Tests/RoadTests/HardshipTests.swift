import Foundation
import Glibc
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
        try await drill.limitDescriptors(of: keeper, to: 3)
        try await Task.sleep(for: .seconds(2))
        #expect(keeper.endingNow() == nil, "it lives on what it has open")
        try await drill.limitDescriptors(of: keeper, to: 1_024)
        let won = drill.winCount(in: Self.decisions)
        try await drill.waitForWins(won + 1, in: Self.decisions, of: keeper)
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
    fileprivate func limitDescriptors(of program: SpawnedProgram, to count: Int) async throws {
        let tool = try SpawnedProgram(
            at: "/usr/bin/prlimit",
            ["--pid", "\(program.process)", "--nofile=\(count):"], variables: [:],
            output: folder.file("prlimit.out"), errors: folder.file("prlimit.err"))
        guard try await tool.end() == .exited(0) else {
            throw RoadProblem("prlimit: " + folder.text(of: "prlimit.err"))
        }
    }
}
