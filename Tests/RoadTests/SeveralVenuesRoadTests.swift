import Foundation
import Glibc
import KeeperCodec
import KeeperFeeds
import KeeperJournal
import KeeperModel
import RoadKit
import Testing

/// One keeper of three venues, all of them processes.
@Suite(.onTheRoad) struct SeveralVenuesRoadTests {
    private static let said = "decisions"

    /// Each venue plays the drill for so many times as long, with people of its own.
    private func drill(lastingTimes factor: Int = 3) async throws -> VenuesDrill {
        let names = ["north", "east", "south"]
        let scenarios = try names.indices.map { index in
            var scenario = try ChangedFile("scenarios/drill.json")
            try scenario.set(["seed"], .count(UInt64(11 + index)))
            return Drill.stretched(scenario.text, factor)
        }
        return try await VenuesDrill(names, scenarios: scenarios, speed: 3)
    }

    private func words(_ drill: VenuesDrill, _ name: String = said) -> [String] {
        ["--live", "--decisions", drill.folder.file(name)]
    }

    @Test func `three venues are closed at, told apart, and replayed`() async throws {
        let drill = try await drill()
        let config = try drill.config("config.json")
        let recording = drill.folder.file("recording")
        let keeper = try drill.keeper(
            words(drill) + ["--record", recording], config: config)
        for name in ["north", "east", "south"] {
            try await drill.waitForWins(1, at: name, in: Self.said, of: keeper)
        }
        let status = try await drill.waitForStatus("all are there", config: config, of: keeper) {
            status in drill.domains.allSatisfy { status["venue.\($0).ready"] == .bool(true) }
        }
        #expect(status["domains"] == .string("north, east, south"))
        #expect(status["height"] == nil, "heights of three venues are no one height")
        try await expectReports(drill, config)
        keeper.send(SIGTERM)
        #expect(try await keeper.end() == .exited(0), "\(drill.folder.text(of: "keeper.err"))")
        for name in ["north", "east", "south"] {
            let log = drill.folder.text(of: "keeper.err")
            #expect(log.contains("event=venue-ready") && log.contains("domain=\(name)"))
        }
        try await expectReplay(drill, recording)
        try await expectReconciled(drill, config)
    }

    private func expectReports(_ drill: VenuesDrill, _ config: String) async throws {
        for words in ["balance", "positions", "treasury plan"] {
            let answer = try #require(try await drill.answer(words, config: config))
            let names = answer["domains"]?.elements.compactMap { $0["domain"]?.text }
            #expect(names == ["north", "east", "south"], "\(words)")
        }
        let revenue = try #require(try await drill.answer("revenue", config: config))
        #expect((revenue["byDomain"]?.elements.count ?? 0) > 1)
    }

    /// A recording of several venues says which they are and replays; it is played as all of them,
    /// and not as one.
    private func expectReplay(_ drill: VenuesDrill, _ recording: String) async throws {
        let reader = try RecordingReader(path: recording)
        #expect(reader.header.domains == drill.domains)
        let replay = ["run", "--replay", recording, "--decisions", drill.folder.file("replayed")]
        #expect(try await drill.program(replay).end() == .exited(0))
        let replayed = try drill.folder.bytes(of: "replayed")
        #expect(try !replayed.isEmpty && replayed == drill.folder.bytes(of: Self.said))
        #expect(try await drill.program(["parity", recording]).end() == .exited(0))
        let one = ["--config", Checkout.file("config.json")]
        for words in [["backtest", recording], ["run", "--dry-run", "--replay", recording]] {
            #expect(try await drill.program(words + one).end() == .exited(65), "\(words)")
        }
        let said = drill.folder.text(of: "keeper.err")
        #expect(said.contains("is of 'north', and the configuration names venue"))
        let all = ["--config", drill.folder.file("config.json")]
        for words in [["backtest", recording, "--against", "1"], ["missed", recording]] {
            #expect(try await drill.program(words + all).end() == .exited(0), "\(words)")
        }
    }

    /// Each venue's report is held against its own books, and only there.
    private func expectReconciled(_ drill: VenuesDrill, _ config: String) async throws {
        #expect(try await drill.complaintsAboutBooks() == [])
        for name in ["north", "east", "south"] {
            let report = drill[name].folder.file("report.json")
            let words = ["db", "reconcile", report, "--config", config]
            let own = try drill.program(words + ["--domain", name])
            #expect(try await own.end() == .exited(0), "\(name)")
            #expect(try await drill.program(words).end() == .exited(64), "whose report it is")
        }
        let other = [
            "db", "reconcile", drill["north"].folder.file("report.json"), "--config", config,
            "--domain", "south",
        ]
        #expect(try await drill.program(other).end() == .exited(2))
    }

    /// Their answers are still on their way when the keeper is killed, and one venue says nothing
    /// when it begins again.
    @Test func `killed with open closes at two venues, it books each once, one venue away or not`()
        async throws
    {
        let drill = try await drill(lastingTimes: 4)
        let config = try drill.config("config.json")
        let late = #"{"delayRepliesMilliseconds": 60000}"#
        for name in ["north", "east"] { try drill[name].setFaults(late) }
        let killed = try drill.keeper(words(drill, "first"), config: config)
        try await drill.waitForStatus("closes open at two", config: config, of: killed) { status in
            ["north", "east"].allSatisfy { status.hasOpenIntents(at: $0) }
        }
        killed.send(SIGKILL)
        #expect(try await killed.end() == .killed(by: SIGKILL))
        let open = Set(try drill.journal().openIntents().map(\.intent.plan.target.domain.text))
        #expect(open.isSuperset(of: ["north", "east"]))

        for name in ["north", "east"] { try drill[name].setFaults("{}") }
        drill["north"].stopVenue()
        let keeper = try drill.keeper(words(drill), config: config)
        try await wait(for: "a keeper that is ready without one venue") {
            drill.folder.text(of: "keeper.err").contains("acting without north")
        }
        for name in ["east", "south"] {
            try await drill.waitForWins(1, at: name, in: Self.said, of: keeper)
        }
        let status = try #require(try await drill.answer("status", config: config))
        #expect(status.hasOpenIntents(at: "north"), "nobody can say how they ended")
        #expect(status["venue.north.ready"] == .bool(false))

        drill["north"].letVenueGoOn()
        try await drill.waitForWins(1, at: "north", in: Self.said, of: keeper)
        keeper.send(SIGTERM)
        #expect(try await keeper.end() == .exited(0), "\(drill.folder.text(of: "keeper.err"))")
        #expect(try await drill.complaintsAboutBooks() == [])
    }

    @Test func `a venue with open closes cannot be left out`() async throws {
        let drill = try await drill()
        let config = try drill.config("config.json")
        try drill["north"].setFaults(#"{"delayRepliesMilliseconds": 60000}"#)
        let killed = try drill.keeper(words(drill), config: config)
        try await drill.waitForStatus("a close open", config: config, of: killed) {
            $0.hasOpenIntents(at: "north")
        }
        killed.send(SIGKILL)
        _ = try await killed.end()
        let less = try drill.config("less.json") { file in
            let venues = try file.value(at: ["venues"])
            try file.set(["venues"], .array(Array(venues.elements.dropFirst())))
        }
        #expect(try await drill.keeper(words(drill), config: less).end() == .exited(78))
        #expect(drill.folder.text(of: "keeper.err").contains("names no such venue"))
    }

    @Test func `a dry run has a desk for each venue, and a venue that never comes keeps none back`()
        async throws
    {
        let drill = try await drill()
        drill["east"].stopVenue()
        let config = try drill.config("config.json")
        let keeper = try drill.keeper(
            ["--decisions", drill.folder.file(Self.said), "--shadow", config], config: config)
        for name in ["north", "south"] {
            try await drill.waitForWins(1, at: name, in: Self.said, of: keeper)
        }
        let balance = try #require(
            try await drill.answer("balance --dry-run", config: config))
        let reported = balance["domains"]?.elements.map { $0["report"]?["reported"] }
        #expect(reported == [.bool(true), .bool(false), .bool(true)])
        drill["east"].letVenueGoOn()
        try await drill.waitForWins(1, at: "east", in: Self.said, of: keeper)
        keeper.send(SIGTERM)
        #expect(try await keeper.end() == .exited(0), "\(drill.folder.text(of: "keeper.err"))")
        for drill in drill.drills {
            #expect(try await drill.finishedReport().writeCount == 0)
        }
    }

    @Test func `a recorder keeps what three venues say, and whose each exchange was`() async throws
    {
        let drill = try await drill()
        let config = try drill.config("config.json")
        let file = drill.folder.file("feeds")
        let early = ["record", file, "--config", config, "--until-height", "9"]
        #expect(try await drill.program(early).end() == .exited(78))
        #expect(!FileManager.default.fileExists(atPath: file), "nothing was begun")
        let recorder = try drill.program(["record", file, "--config", config])
        try await Task.sleep(for: .seconds(3))
        recorder.send(SIGTERM)
        #expect(try await recorder.end() == .exited(0))
        let reader = try RecordingReader(path: file)
        #expect(reader.header.domains == drill.domains)
        var heard: Set<DomainID> = []
        var rows = reader.rows(of: .event)
        while let row = try rows.next() { heard.insert(try row.event().domain) }
        #expect(heard == Set(drill.domains))
        var places: Set<String> = []
        var exchanges = reader.rows(of: .exchange)
        while let row = try exchanges.next() {
            let path = try row.exchange().path
            places.insert(path.split(separator: "/").prefix(2).joined(separator: "/"))
        }
        #expect(places == ["venue/north", "venue/east", "venue/south"])
    }

    /// What looks names up is replaced by something that takes a quarter of a minute over one.
    @Test(.enabled(if: SlowNames.canBeMade, "clang is not here"))
    func `a venue whose name nobody resolves holds nobody up`() async throws {
        let drill = try await drill()
        let config = try drill.config("config.json") { file in
            guard case .array(let venues) = try file.value(at: ["venues"]) else { return }
            let lost = #"{"domain": "lost", "url": "https://lost.example"}"#
            try file.set(
                ["venues"], .array(venues + [try JSONValue.parse(Array(lost.utf8))]))
        }
        let library = try await SlowNames.make(in: drill.folder)
        let keeper = try drill.keeper(
            words(drill), config: config,
            variables: [
                "LD_PRELOAD": library,
                "BAILIFF__LIVE__KEY__FILE": drill["north"].folder.file("keeper.key"),
            ])
        try await drill.waitForWins(1, at: "south", in: Self.said, of: keeper)
        let end = ContinuousClock.now + .seconds(10)
        var longest = Duration.zero
        while ContinuousClock.now < end {
            let start = ContinuousClock.now
            let status = try #require(try await drill.answer("status", config: config))
            #expect(status["venue.lost.ready"] == .bool(false))
            longest = max(longest, ContinuousClock.now - start)
        }
        #expect(longest < .seconds(10), "it answers while the name is looked up")
        keeper.send(SIGTERM)
        #expect(try await keeper.end() == .exited(0), "\(drill.folder.text(of: "keeper.err"))")
        #expect(try await drill.complaintsAboutBooks() == [])
    }

    @Test func `a reload in which a venue goes is refused whole, and the keeper goes on`()
        async throws
    {
        let drill = try await drill()
        let config = try drill.config("config.json")
        let early = ["--until-height", "9"]
        #expect(try await drill.keeper(words(drill) + early, config: config).end() == .exited(78))
        let keeper = try drill.keeper(words(drill), config: config)
        try await drill.waitForWins(1, at: "south", in: Self.said, of: keeper)
        _ = try drill.config("config.json") { file in
            try file.set(["limits", "openIntents"], .count(41))
            let venues = try file.value(at: ["venues"])
            try file.set(["venues"], .array(Array(venues.elements.dropFirst())))
        }
        #expect(
            try await drill.program(["reload", "--config", config]).end() == .exited(78))
        #expect(drill.folder.text(of: "keeper.err").contains("here north goes; nothing was"))
        let won = try drill.winCount(at: "south", in: Self.said)
        try await drill.waitForWins(won + 1, at: "south", in: Self.said, of: keeper)
        keeper.send(SIGTERM)
        #expect(try await keeper.end() == .exited(0))
    }
}

/// A library before the system's own, in which one name is never found and takes long about it.
private enum SlowNames {
    private static let compiler = "/usr/bin/env"

    static var canBeMade: Bool {
        let paths = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
        return paths.contains { access("\($0)/clang", X_OK) == 0 }
    }

    static func make(in folder: TemporaryFolder) async throws -> String {
        try folder.write(
            """
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <netdb.h>
            #include <string.h>
            #include <unistd.h>
            int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                            struct addrinfo **found) {
                if (node && strcmp(node, "lost.example") == 0) { sleep(15); return EAI_AGAIN; }
                int (*real)(const char *, const char *, const struct addrinfo *,
                            struct addrinfo **) = dlsym(RTLD_NEXT, "getaddrinfo");
                return real(node, service, hints, found);
            }
            """, to: "names.c")
        let library = folder.file("names.so")
        let made = try SpawnedProgram(
            at: compiler,
            ["clang", "-shared", "-fPIC", "-o", library, folder.file("names.c"), "-ldl"],
            variables: [:], output: folder.file("clang.out"), errors: folder.file("clang.err"))
        guard try await made.end() == .exited(0) else {
            throw RoadProblem("clang: " + folder.text(of: "clang.err"))
        }
        return library
    }
}

extension JSONValue {
    fileprivate func hasOpenIntents(at domain: String) -> Bool {
        guard case .number(let count)? = self["venue.\(domain).openIntents"] else { return false }
        return (count.int64 ?? 0) > 0
    }
}
