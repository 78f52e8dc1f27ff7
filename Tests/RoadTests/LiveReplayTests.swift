import Foundation
import Glibc
import KeeperCodec
import KeeperFeeds
import KeeperModel
import KeeperRuntime
import RoadKit
import Testing

/// What a keeper decided, and what its recording decides when it is played again: byte for byte the
/// same, outcomes, timers and recoveries included.
@Suite(.onTheRoad) struct LiveReplayTests {
    struct Weather: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let words: [String]
        let faults: String?
        /// How many closes end in doubt at first.
        let unknownCount: Int
    }

    static let weathers = [
        Weather(testDescription: "live", words: ["--live"], faults: nil, unknownCount: 0),
        Weather(
            testDescription: "live, four replies lost", words: ["--live"],
            faults: #"{"dropReplies": 4}"#, unknownCount: 4),
        Weather(
            testDescription: "live, every reply late", words: ["--live"],
            faults: #"{"delayRepliesMilliseconds": 300}"#, unknownCount: 0),
        Weather(testDescription: "dry", words: [], faults: nil, unknownCount: 0),
    ]

    @Test(arguments: weathers)
    func `a recorded run decides the same when it is replayed`(_ weather: Weather) async throws {
        let drill = try await Drill()
        if let faults = weather.faults { try drill.setFaults(faults) }
        let keeper = try drill.recordedKeeper(weather.words, "first")
        try await drill.waitForWins(4, in: "first.decisions", of: keeper)
        keeper.send(SIGTERM)
        #expect(try await keeper.end() == .exited(0))
        try await drill.expectSameDecisions("first")
        #expect(try drill.unknownCount(in: "first") == weather.unknownCount)
    }

    /// Both markets, told ahead, for the first half of the fall.
    @Test func `nothing is closed while a market is halted, and a replay agrees`() async throws {
        let halted: ClosedRange<UInt64> = 2...49
        var scenario = try ChangedFile("scenarios/drill.json")
        let rows = ["lend-main", "perp-btc"].flatMap { market in
            [("halted", 2, 0), ("open", 50, 40)].map { state, height, told in
                #"{"market":"\#(market)","state":"\#(state)","atHeight":\#(height),"#
                    + #""announcedAtHeight":\#(told)}"#
            }
        }
        try scenario.add(
            "switches", JSONValue.parse(Array("[\(rows.joined(separator: ","))]".utf8)))
        let drill = try await Drill(scenario: scenario.text, speed: 3)
        let keeper = try drill.recordedKeeper(["--live"], "first")
        try await drill.waitForWins(3, in: "first.decisions", of: keeper)
        keeper.send(SIGTERM)
        #expect(try await keeper.end() == .exited(0))
        let decisions = try drill.folder.text(of: "first.decisions").split(separator: "\n").map {
            try Decision(jsonBytes: Array($0.utf8))
        }
        let proposals = decisions.filter {
            if case .proposed = $0.verdict { true } else { false }
        }.map(\.height)
        #expect(proposals.contains { $0 > halted.upperBound }, "it goes on when they open")
        #expect(!proposals.contains { halted.contains($0) }, "\(proposals)")
        let skips = decisions.filter { $0.verdict == .skipped(.marketSwitched) }
        #expect(skips.contains { halted.contains($0.height) })
        #expect(!drill.folder.text(of: "first.decisions").contains("marketClosed"))
        try await drill.expectSameDecisions("first")
    }

    @Test func `what was only recorded decides the same however often it is run dry`() async throws
    {
        let drill = try await Drill(speed: 8)
        let recording = drill.folder.file("feeds")
        let recorder = try drill.recorder(recording, untilHeight: 60)
        #expect(try await recorder.end() == .exited(0))
        #expect(try RecordingReader(path: recording).isFinished)
        for name in ["one", "two"] {
            let run = try drill.program([
                "run", "--dry-run", "--replay", recording, "--config", Checkout.file("config.json"),
                "--decisions", drill.folder.file(name),
            ])
            #expect(try await run.end() == .exited(0))
        }
        #expect(drill.folder.text(of: "one").contains(#""ending":"won""#))
        #expect(drill.folder.text(of: "one") == drill.folder.text(of: "two"))
        #expect(try await drill.finishedReport().writeCount == 0)
    }

    @Test func `so do both halves of a run that was killed and started again`() async throws {
        let drill = try await Drill()
        let killed = try drill.recordedKeeper(
            ["--live"], "first", crashingAt: "answer-arrived:5")
        #expect(try await killed.end() == .killed(by: SIGKILL))
        let keeper = try drill.recordedKeeper(["--live"], "second")
        try await drill.waitForWins(4, in: "second.decisions", of: keeper)
        keeper.send(SIGTERM)
        #expect(try await keeper.end() == .exited(0))
        try await drill.expectSameDecisions("second")
        #expect(drill.folder.text(of: "second.decisions").contains(#""ending":"won""#))
        try await expectWholeFrames(drill)
    }

    /// Checkpoints every few events, and a moment in the middle of what was decided.
    @Test func `a replay from the middle decides the same from there on`() async throws {
        let drill = try await Drill()
        let config = try String(contentsOfFile: Checkout.file("config.json"), encoding: .utf8)
        let often = #""recording": {"checkpointEveryEvents": 25, "accountsMax": 10000}, "#
        try drill.folder.write(
            config.replacing(/"state":/, maxReplacements: 1) { often + $0.output },
            to: "often.json")
        let recording = drill.folder.file("first.recording")
        let keeper = try drill.keeper(
            ["--live", "--record", recording, "--decisions", drill.folder.file("first.decisions")],
            config: drill.folder.file("often.json"))
        try await drill.waitForWins(4, in: "first.decisions", of: keeper)
        keeper.send(SIGTERM)
        #expect(try await keeper.end() == .exited(0))
        try await drill.expectSameDecisions("first")

        let (from, rest) = try drill.middle(of: "first.decisions")
        #expect(rest.contains(#""ending":"won""#))
        let options = ["--from", from, "--decisions", drill.folder.file("rest")]
        #expect(
            try await drill.program(["run", "--replay", recording] + options).end() == .exited(0),
            "\(drill.folder.text(of: "keeper.err"))")
        #expect(drill.folder.text(of: "rest") == rest)
        #expect(drill.folder.text(of: "keeper.out").contains("began at the checkpoint of "))

        try await drill.expectPart(of: recording, from: from, decides: rest)
    }

    /// A torn recording says so; repaired, it plays to its last whole frame. The two files were
    /// written one after the other until the end came, so either may know a little more.
    private func expectWholeFrames(_ drill: Drill) async throws {
        let recording = drill.folder.file("first.recording")
        let size = try drill.folder.bytes(of: "first.recording").count
        try #require(truncate(recording, size - 1) == 0)
        #expect(try await drill.replay("first", to: "torn").end() == .exited(65))
        let whole = drill.folder.file("whole.recording")
        let repair = ["recordings", "repair", recording, "--out", whole]
        #expect(try await drill.program(repair).end() == .exited(0))
        #expect(try await drill.program(repair).end() == .exited(73), "a copy is never overwritten")
        #expect(try await drill.replay("whole", to: "repaired").end() == .exited(0))
        let decided = try drill.folder.bytes(of: "first.decisions")
        let replayed = try drill.folder.bytes(of: "repaired")
        #expect(!replayed.isEmpty)
        #expect(decided.starts(with: replayed) || replayed.starts(with: decided))
    }
}

extension Drill {
    fileprivate func recordedKeeper(
        _ words: [String], _ name: String, crashingAt point: String? = nil
    ) throws -> SpawnedProgram {
        try keeper(
            words + [
                "--record", folder.file(name + ".recording"), "--decisions",
                folder.file(name + ".decisions"),
            ], crashingAt: point)
    }

    fileprivate func replay(_ name: String, to decisions: String) throws -> SpawnedProgram {
        try program([
            "run", "--replay", folder.file(name + ".recording"), "--decisions",
            folder.file(decisions),
        ])
    }

    fileprivate func expectSameDecisions(_ name: String) async throws {
        #expect(
            try await replay(name, to: "replayed").end() == .exited(0),
            "\(folder.text(of: "keeper.err"))")
        let decided = try folder.bytes(of: name + ".decisions")
        #expect(!decided.isEmpty)
        #expect(try folder.bytes(of: "replayed") == decided)
        let reader = try RecordingReader(path: folder.file(name + ".recording"))
        #expect(reader.isFinished)
        #expect(try reader.verify() > 0)
    }

    /// The second at which the middle decision was made, and everything that was decided since.
    fileprivate func middle(of decisions: String) throws -> (from: String, rest: String) {
        let lines = folder.text(of: decisions).split(separator: "\n")
        let times = try lines.map { line in
            try Decision(jsonBytes: Array(line.utf8)).decidedAt.nanoseconds / 1_000_000_000
        }
        let second = times[times.count / 2]
        let rest = zip(lines, times).filter { $0.1 >= second }.map { $0.0 + "\n" }.joined()
        try #require(rest.count < folder.text(of: decisions).count, "something comes before")
        return (UTCText.text(Instant(milliseconds: second * 1_000)), rest)
    }

    /// A part that was cut from a run is in order, decides the same, and is a recording of feeds
    /// too.
    fileprivate func expectPart(
        of recording: String, from: String, decides rest: String
    ) async throws {
        let part = folder.file("part.recording")
        let trim = ["recordings", "trim", recording, "--from", from, "--out", part]
        #expect(try await program(trim).end() == .exited(0), "\(folder.text(of: "keeper.err"))")
        #expect(try await program(["recordings", "verify", part]).end() == .exited(0))
        #expect(try await replay("part", to: "part.replayed").end() == .exited(0))
        #expect(folder.text(of: "part.replayed") == rest)
        let dry = ["run", "--dry-run", "--replay", part, "--config", Checkout.file("config.json")]
        #expect(try await program(dry).end() == .exited(0), "\(folder.text(of: "keeper.err"))")

        let account = try #require(rest.firstMatch(of: /"account":"([^"]+)"/)).output.1
        var said: [Substring] = []
        for file in [recording, part] {
            let explain = ["explain", String(account), "--replay", file, "--json", "--at"]
            let at = UTCText.instant(from).map { UTCText.text($0 + .seconds(2)) }
            #expect(try await program(explain + [at ?? from]).end() == .exited(0))
            said += folder.text(of: "keeper.out").split(separator: "\n").suffix(1)
        }
        #expect(said[0] == said[1] && said[0].contains(account))
    }

    fileprivate func unknownCount(in name: String) throws -> Int {
        var rows = try RecordingReader(path: folder.file(name + ".recording")).rows(of: .event)
        var count = 0
        while let row = try rows.next() {
            if case .closeAnswered(_, .unknown(_)) = try row.event().body { count += 1 }
        }
        return count
    }
}
