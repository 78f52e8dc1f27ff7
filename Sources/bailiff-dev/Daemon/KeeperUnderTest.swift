import Foundation
import Glibc
import KeeperCodec
import RoadKit

/// A keeper that signs and sends, as a process, behind a relay that looks at the clock.
final class KeeperUnderTest {
    let relay: TickRelay
    let program: SpawnedProgram
    let readySeconds: Double
    /// From its start until every account that the venue has is in its books.
    let indexedSeconds: Double
    private let drill: Drill
    private let name: String

    private static let patienceSeconds = 600

    init(
        _ drill: Drill, named name: String, accountCount: Int, durability: String,
        historyCheckpoints: Int
    ) async throws {
        self.drill = drill
        self.name = name
        guard let venuePort = UInt16(drill.port) else {
            throw RoadProblem("'\(drill.port)' is no port")
        }
        let relay = try TickRelay(toVenueAt: venuePort)
        self.relay = relay
        let startedAt = monotonicNanoseconds()
        let program = try drill.keeper(
            ["--live"],
            config: try Self.config(drill, name, durability, historyCheckpoints),
            variables: [
                "BAILIFF__VENUE__URL": "http://127.0.0.1:\(relay.port)",
                "BAILIFF__STATE": drill.folder.file(name),
            ],
            errors: drill.folder.file(name + ".err"))
        self.program = program
        try await wait(for: "a keeper that is ready", within: Self.patienceSeconds) {
            guard program.endingNow() == nil else {
                throw RoadProblem("the keeper ended: " + drill.folder.text(of: name + ".err"))
            }
            return drill.folder.text(of: name + ".err").contains("event=ready")
        }
        readySeconds = Double(monotonicNanoseconds() - startedAt) / 1e9
        // Those that were closed meanwhile are gone.
        let least = UInt64(accountCount) * 99 / 100
        let end = ContinuousClock.now + .seconds(Self.patienceSeconds)
        while try await Self.accountCount(drill, name) < least {
            guard ContinuousClock.now < end else {
                throw RoadProblem("the keeper never had \(least) accounts")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        indexedSeconds = Double(monotonicNanoseconds() - startedAt) / 1e9
    }

    private static func config(
        _ drill: Drill, _ name: String, _ durability: String, _ historyCheckpoints: Int
    ) throws -> String {
        var config = try ChangedFile("config.json")
        try config.set(["journal", "durability"], .string(durability))
        try config.add(
            "history",
            .object([
                JSONMember("eventsPerCheckpoint", .count(1_000)),
                JSONMember("checkpoints", .count(UInt64(historyCheckpoints))),
            ]))
        try drill.folder.write(config.text, to: name + ".json")
        return drill.folder.file(name + ".json")
    }

    private static func accountCount(_ drill: Drill, _ name: String) async throws -> UInt64 {
        let output = drill.folder.file(name + ".status")
        // Of the question before.
        try Data().write(to: URL(filePath: output))
        let asking = try SpawnedProgram(
            "bailiff", ["status", "--json", "--config", Checkout.file("config.json")],
            variables: drill.variables.merging(["BAILIFF__STATE": drill.folder.file(name)]) { $1 },
            output: output, errors: drill.folder.file("status.err"))
        guard try await asking.end(within: 60) == .exited(0) else { return 0 }
        let answer = try JSONReader(JSONValue.parse(drill.folder.bytes(of: name + ".status")))
        var object = try answer.object()
        return try object.uint64("accounts")
    }

    var residentByteCount: UInt64 {
        ProcessSample(of: program.process)?.residentByteCount ?? 0
    }

    /// Closes that answered a tick, so many of them or as many as come in the time.
    func closes(_ count: Int, withinSeconds seconds: Int) async throws -> [TickRelay.Close] {
        _ = relay.takeCloses()
        let end = ContinuousClock.now + .seconds(seconds)
        while relay.closeCount < count, ContinuousClock.now < end {
            guard program.endingNow() == nil else {
                throw RoadProblem("the keeper ended: " + drill.folder.text(of: name + ".err"))
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        return relay.takeCloses()
    }

    func stop() async throws {
        program.send(SIGTERM)
        let ending = try await program.end(within: 90)
        relay.stop()
        guard ending == .exited(0) else {
            throw RoadProblem("the keeper: \(ending) " + drill.folder.text(of: name + ".err"))
        }
    }
}
