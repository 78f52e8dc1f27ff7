import Foundation
import Glibc
import KeeperCodec
import KeeperJournal
import RoadKit
import Testing

/// A running keeper and those who speak with it: real programs, a real socket.
@Suite(.onTheRoad) struct ControlTests {
    @Test func `whoever asks a running keeper is answered by it, and it drains when told`()
        async throws
    {
        let drill = try await Drill()
        let keeper = try drill.keeper(["--decisions", drill.folder.file("first")])
        try await drill.waitForWins(1, in: "first", of: keeper)

        let status = try await drill.answer("status --dry-run")
        #expect(status["mode"] == .string("dry-run"))
        #expect(status["ready"] == .bool(true))
        #expect(status["paused"] == .bool(false))
        let positions = try await drill.answer("positions --dry-run --limit 3")
        #expect(positions["positions"]?.elements.count == 3)
        let balance = try await drill.answer("balance --dry-run")
        #expect(balance["reported"] == .bool(true))
        let closes = try await drill.answer("closes --dry-run")
        let first = try #require(closes["closes"]?.elements.last?["account"]?.text)
        let story = try await drill.answer("explain \(first) --dry-run")
        #expect(story["standings"]?.elements.isEmpty == false)
        #expect(story["decisions"]?.elements.isEmpty == false)
        let now = try #require(status["now"]?.text)
        let then = try await drill.answer("explain \(first) --dry-run --at \(now)")
        #expect(then["standings"]?.elements.isEmpty == false)
        let (unkept, _) = try await drill.refusal(
            "explain \(first) --dry-run --at 2020-01-01T00:00:00Z")
        #expect(unkept == 66)
        let (unheld, reason) = try await drill.refusal("approve \(first) --dry-run")
        #expect(unheld == 1)
        #expect(reason.contains("nothing is held for \(first)"))
        let decisions = try await drill.answer("decisions --dry-run --limit 2")
        #expect(decisions["decisions"]?.elements.count == 2)
        _ = try await drill.answer("revenue --dry-run")

        _ = try await drill.answer("drain --dry-run")
        #expect(try await keeper.end() == .exited(0))
        let (code, errors) = try await drill.refusal("status --dry-run")
        #expect(code == 69)
        #expect(errors.contains("no keeper listens"))
        // Without a keeper the books themselves answer.
        let after = try await drill.answer("closes --dry-run")
        #expect(after["closes"]?.elements.isEmpty == false)
    }

    /// What people do is an event: a replay knows of it.
    @Test func `a pause and a reload are in the recording, and its replay decides the same`()
        async throws
    {
        let drill = try await Drill()
        let config = try drill.ownConfig()
        let keeper = try drill.keeper(
            [
                "--live", "--record", drill.folder.file("day"), "--decisions",
                drill.folder.file("first"),
            ], config: config)
        try await drill.waitForWins(1, in: "first", of: keeper)
        #expect(try await drill.answer("pause", config: config)["paused"] == .bool(true))
        #expect(try await drill.answer("status", config: config)["paused"] == .bool(true))
        // With another strategy the closes that follow are others.
        try drill.change(
            config, "\"full-close\", \"partial-restore\", \"flash-optimal\"",
            to: "\"partial-restore\"")
        let reload = try await drill.answer("reload", config: config)
        #expect(reload["needsRestart"] == .bool(false))
        #expect(reload["changes"]?.elements.first?["key"] == .string("strategies.use"))
        #expect(reload["decisions"]?["isWhole"] == .bool(true))

        // Half a file: nothing changes, and the keeper goes on.
        try drill.change(config, "\"openIntents\": 40,", to: "\"openIntents\":")
        keeper.send(SIGHUP)
        try await wait(for: "a refused reload") {
            drill.folder.text(of: "keeper.err").contains("nothing was changed")
        }
        #expect(try await drill.answer("status")["lastReloadSuccessful"] == .bool(false))
        let (code, _) = try await drill.refusal("reload", config: config)
        #expect(code == 78)
        try drill.change(config, "\"openIntents\":", to: "\"openIntents\": 40,")

        #expect(try await drill.answer("resume", config: config)["paused"] == .bool(false))
        try await drill.waitForWins(3, in: "first", of: keeper)
        _ = try await drill.answer("drain", config: config)
        #expect(try await keeper.end() == .exited(0), "\(drill.folder.text(of: "keeper.err"))")

        let audit = try await drill.answer("audit verify", config: config)
        #expect(audit["lines"] == .number(JSONNumber(UInt64(5))))
        #expect(audit["damage"] == nil)
        let replay = try drill.program([
            "run", "--replay", drill.folder.file("day"), "--decisions",
            drill.folder.file("again"),
        ])
        #expect(try await replay.end() == .exited(0), "\(drill.folder.text(of: "keeper.err"))")
        #expect(try drill.folder.bytes(of: "first") == drill.folder.bytes(of: "again"))
    }

    @Test func `a keeper that was paused is paused after a crash, until it is resumed`()
        async throws
    {
        let drill = try await Drill()
        let keeper = try drill.keeper(["--live"])
        try await wait(for: "the socket") { drill.folder.has("state/control.sock") }
        _ = try await drill.answer("pause")
        keeper.send(SIGKILL)
        #expect(try await keeper.end() == .killed(by: SIGKILL))
        let next = try drill.keeper(["--live"])
        try await drill.waitForStatus("ready", .bool(true))
        #expect(try await drill.answer("status")["paused"] == .bool(true))
        _ = try await drill.answer("resume")
        #expect(try await drill.answer("status")["paused"] == .bool(false))
        next.send(SIGTERM)
        #expect(try await next.end() == .exited(0))
    }

    @Test func `after three crashes a live keeper only watches, and says so`() async throws {
        let drill = try await Drill()
        for _ in 0..<3 {
            let keeper = try drill.keeper(["--live"])
            try await drill.waitForStatus("mode", .string("live"))
            keeper.send(SIGKILL)
            #expect(try await keeper.end() == .killed(by: SIGKILL))
        }
        let keeper = try drill.keeper(["--live"])
        try await drill.waitForStatus("ready", .bool(true))
        let status = try await drill.answer("status")
        #expect(status["paused"] == .bool(true))
        #expect(status["watchOnly"]?.text?.contains("3 crashes within 10 minutes") == true)
        let (code, errors) = try await drill.refusal("resume")
        #expect(code == 75)
        #expect(errors.contains("starts.json"))
        keeper.send(SIGTERM)
        #expect(try await keeper.end() == .exited(0))
    }
}

extension Drill {
    /// A configuration that a test may change.
    func ownConfig() throws -> String {
        let text = try String(contentsOfFile: Checkout.file("config.json"), encoding: .utf8)
        try folder.write(text, to: "config.json")
        return folder.file("config.json")
    }

    func change(_ path: String, _ old: String, to new: String) throws {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        guard text.contains(old) else { throw RoadProblem("\(path): has no \(old)") }
        try Data(text.replacingOccurrences(of: old, with: new).utf8)
            .write(to: URL(filePath: path))
    }

    /// What a command prints as JSON.
    func answer(_ words: String, config: String? = nil) async throws -> JSONValue {
        let asked = try ask(words, config)
        guard try await asked.end() == .exited(0) else {
            throw RoadProblem("\(words): " + folder.text(of: "asked.err"))
        }
        return try JSONValue.parse(try folder.bytes(of: "asked.out"))
    }

    /// Asks until the answer is such: what was decided first may have had another cause.
    func waitForAnswer(
        _ words: String, config: String, until isSo: (JSONValue) -> Bool
    ) async throws -> JSONValue {
        let end = ContinuousClock.now + .seconds(60)
        while true {
            let said = try await answer(words, config: config)
            if isSo(said) { return said }
            guard ContinuousClock.now < end else {
                throw RoadProblem("\(words): not so within 60 s: \(said)")
            }
        }
    }

    /// How a command ends that is refused, and what it says.
    func refusal(_ words: String, config: String? = nil) async throws -> (Int32, String) {
        let asked = try ask(words, config)
        guard case .exited(let code) = try await asked.end() else {
            throw RoadProblem("\(words): did not end by itself")
        }
        return (code, folder.text(of: "asked.err"))
    }

    private func ask(_ words: String, _ config: String?) throws -> SpawnedProgram {
        for name in ["asked.out", "asked.err"] { try folder.write("", to: name) }
        return try SpawnedProgram(
            "bailiff",
            words.split(separator: " ").map(String.init)
                + ["--json", "--config", config ?? Checkout.file("config.json")],
            variables: variables, output: folder.file("asked.out"),
            errors: folder.file("asked.err"))
    }

    func waitForStatus(_ key: String, _ value: JSONValue) async throws {
        for _ in 0..<200 {
            // Until it listens there is no answer.
            if let status = try? await answer("status"), status[key] == value { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw RoadProblem("the keeper never said \(key): " + folder.text(of: "keeper.err"))
    }
}

extension TemporaryFolder {
    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }
}

extension JSONValue {
    var elements: [JSONValue] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }

    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }
}
