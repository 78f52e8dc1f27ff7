import Foundation
import Glibc
import KeeperCodec
import RoadKit
import Testing

/// One of two venues is paused by its name, over a restart, and the other goes on.
@Suite(.onTheRoad) struct VenuePauseRoadTests {
    private func drill() async throws -> VenuesDrill {
        let scenarios = try [UInt64(21), 22].map { seed in
            var scenario = try ChangedFile("scenarios/drill.json")
            try scenario.set(["seed"], .count(seed))
            return Drill.stretched(scenario.text, 4)
        }
        return try await VenuesDrill(["north", "south"], scenarios: scenarios, speed: 3)
    }

    @Test func `a venue is paused by its name, stays so over a kill, and goes on when told`()
        async throws
    {
        let drill = try await drill()
        let config = try drill.config("config.json")
        let first = try drill.keeper(
            ["--live", "--decisions", drill.folder.file("first")], config: config)
        try await drill.waitForStatus("both are there", config: config, of: first) { status in
            drill.domains.allSatisfy { status["venue.\($0).ready"] == .bool(true) }
        }
        #expect(try await drill.answer("pause --domain west", config: config) == nil)
        #expect(drill.folder.text(of: "asked.err").contains("there is north, south"))
        let said = try #require(
            try await drill.answer("pause --domain north", config: config))
        #expect(said["paused"] == .bool(false))
        #expect(said["pausedDomains"]?.elements.map(\.text) == ["north"])
        first.send(SIGKILL)
        #expect(try await first.end() == .killed(by: SIGKILL))

        let recording = drill.folder.file("recording")
        let second = try drill.keeper(
            ["--live", "--decisions", drill.folder.file("second"), "--record", recording],
            config: config)
        try await drill.waitForWins(2, at: "south", in: "second", of: second)
        let status = try #require(try await drill.answer("status", config: config))
        #expect(status["paused"] == .bool(false))
        #expect(status["venue.north.paused"] == .bool(true))
        #expect(status["venue.south.paused"] == .bool(false))
        #expect(drill.folder.text(of: "keeper.err").contains("still paused at north"))
        #expect(try drill.winCount(at: "north", in: "second") == 0)
        #expect(drill.folder.text(of: "second").contains("venue-paused"))
        _ = try await drill.answer("resume --domain north", config: config)
        try await drill.waitForWins(1, at: "north", in: "second", of: second)
        second.send(SIGTERM)
        #expect(try await second.end() == .exited(0), "\(drill.folder.text(of: "keeper.err"))")

        let replay = ["run", "--replay", recording, "--decisions", drill.folder.file("replayed")]
        #expect(try await drill.program(replay).end() == .exited(0))
        let replayed = try drill.folder.bytes(of: "replayed")
        #expect(try !replayed.isEmpty && replayed == drill.folder.bytes(of: "second"))
        #expect(try await drill.complaintsAboutBooks() == [])
    }
}
