import Foundation
import Glibc
import KeeperFeeds
import KeeperModel
import KeeperTestKit
import RoadKit
import Testing
import VenueSimulator

/// A sweep as processes: one is killed in the middle, others are shards, and all say the same.
@Suite(.onTheRoad) struct SweepRoadTests {
    @Test func `a sweep that was killed, resumed or cut into shards says the same`() async throws {
        let folder = try TemporaryFolder()
        try prepare(folder)
        let whole = try await text(of: ["--jobs", "1", "--scores", folder.file("whole")], folder)
        #expect(whole.contains("tried 12 configurations"))

        let killed = try program(["--jobs", "1", "--scores", folder.file("killed")], folder)
        let scores = folder.file("killed")
        try await wait(for: "a first score") { Self.count(in: scores) > 0 }
        killed.send(SIGKILL)
        #expect(try await killed.end() == .killed(by: SIGKILL))
        #expect(Self.count(in: scores) < 12, "it was killed before its end")
        #expect(try await text(of: ["--jobs", "2", "--scores", scores], folder) == whole)

        var merge = ["merge"]
        for shard in 1...3 {
            let place = folder.file("shard-\(shard)")
            merge += ["--scores", place]
            let words = ["--shard", "\(shard)/3", "--scores", place]
            #expect(try await program(words, folder).end() == .exited(0))
            if shard == 1 {
                let early = try program(["merge", "--scores", place], folder)
                #expect(try await early.end() == .exited(75), "two shards are missing yet")
            }
        }
        #expect(try await text(of: merge, folder) == whole)
    }

    private func prepare(_ folder: TemporaryFolder) throws {
        let bytes = try Data(contentsOf: URL(filePath: Checkout.file("scenarios/drill.json")))
        let start = Instant(milliseconds: 1_700_000_000_000)
        let venue = ReferenceVenue(
            scenario: try ScenarioFile.read([UInt8](bytes)), openedAt: start)
        let story = CrashStory(venue, domain: Drill.domain, start: start)
        let config = try String(contentsOfFile: Checkout.file("config.json"), encoding: .utf8)
        let writer = try RecordingWriter(
            path: folder.file("crash"),
            header: RecordingHeader(
                createdAt: start, build: "test", domains: [Drill.domain],
                config: PinnedText(name: "config.json", text: config), strategies: [],
                protocolParameters: []))
        for event in story.events {
            try writer.append(RecordingRow(event, eventAt: event.receivedAt))
        }
        try writer.close()
        let sweep = """
            {
                "sweep": "road", "recording": "\(folder.file("crash"))",
                "strategy": "full-close", "search": "grid", "walkForward": 2,
                "vary": {
                    "config.dryRun.latency": ["50 ms", "150 ms", "400 ms"],
                    "strategy.size": ["full", "optimal"],
                    "strategy.coolDown": ["1 s", "2 s"],
                },
            }
            """
        try folder.write(sweep, to: "sweep.json")
    }

    private func program(_ words: [String], _ folder: TemporaryFolder) throws -> SpawnedProgram {
        let isMerge = words.first == "merge"
        let file = [folder.file("sweep.json")]
        let rest = isMerge ? Array(words.dropFirst()) : words
        return try SpawnedProgram(
            "bailiff",
            ["sweep"] + (isMerge ? ["merge"] : []) + file
                + ["--config", Checkout.file("config.json")] + rest,
            variables: ["BAILIFF__STRATEGIES__FOLDER": Checkout.file("strategies")],
            output: folder.file("out"), errors: folder.file("errors"))
    }

    private func text(of words: [String], _ folder: TemporaryFolder) async throws -> String {
        try folder.write("", to: "out")
        #expect(
            try await program(words, folder).end() == .exited(0), "\(folder.text(of: "errors"))")
        return folder.text(of: "out")
    }

    private static func count(in folder: String) -> Int {
        // No folder yet is no score yet.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.count { $0.hasSuffix(".json") }
    }
}
