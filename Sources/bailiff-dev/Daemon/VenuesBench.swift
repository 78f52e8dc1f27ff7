import Foundation
import KeeperCodec
import KeeperModel
import RoadKit

/// `bench venues`: one keeper of three venues, all of them processes. Two are well or bad in turn,
/// one silent and one such that its accounts are asked for anew with every height, and what is
/// measured is how soon the third is answered. Accounts are split among the three.
func runVenuesBench(accountCount: Int) throws -> [BenchResult] {
    let isTrial = accountCount < 10_000
    let bench = VenuesBench(
        accountCount: accountCount / 3, rounds: isTrial ? 2 : 4, closes: isTrial ? 20 : 100)
    let results = try blocking { try await bench.run() }
    return isTrial
        ? [.text("a trial", "so few accounts and rounds only show that all of it runs")] + results
        : results
}

private struct VenuesBench: Sendable {
    /// At each of them.
    let accountCount: Int
    let rounds: Int
    /// Of the third venue, in each half of a round.
    let closes: Int

    private static let silent = "north"
    private static let resyncing = "east"
    private static let third = "south"
    /// Three that tick together would be one tick of three times the work.
    private static let heightsMilliseconds = [290, 310, 250]
    private static let patienceSeconds = 600
    private static let secondsPerHalf = 120
    /// Every poll's first entry comes twice, which no sequence allows.
    private static let holes = #"{"streams": {"duplicate": 1000000000}}"#

    private struct Times {
        var alone: [Double] = []
        var besideWell: [Double] = []
        var besideBad: [Double] = []
    }

    func run() async throws -> [BenchResult] {
        let scenarios = try Self.heightsMilliseconds.map { span in
            try DaemonScenario(accountCount: accountCount, heightMilliseconds: span).text()
        }
        let drill = try await VenuesDrill(
            [Self.silent, Self.resyncing, Self.third], scenarios: scenarios, speed: 1,
            portWithin: 300)
        guard let port = UInt16(drill[Self.third].port) else {
            throw RoadProblem("'\(drill[Self.third].port)' is no port")
        }
        let relay = try TickRelay(toVenueAt: port)
        defer { relay.stop() }
        var times = Times()
        times.alone = try await alone(drill, relay)
        try await together(drill, relay, &times)
        let complaints = try await drill.complaintsAboutBooks()
        guard complaints.isEmpty else {
            throw RoadProblem("the books: " + complaints.joined(separator: "; "))
        }
        return results(times)
    }

    /// A keeper of the third venue and no other, with the books that all will share.
    private func alone(_ drill: VenuesDrill, _ relay: TickRelay) async throws -> [Double] {
        let config = try drill.config("alone.json", ports: [Self.third: relay.port]) { file in
            try Self.liftLimits(&file)
            let venues = try file.value(at: ["venues"])
            guard case .array(let venues) = venues else { return }
            try file.set(["venues"], .array(Array(venues.suffix(1))))
        }
        let keeper = try drill.keeper(["--live"], config: config)
        let quiet = DaemonScenario(accountCount: accountCount).quietSeconds
        try await wait(for: "a keeper that is ready", within: Self.patienceSeconds) {
            drill.folder.text(of: "keeper.err").contains("event=ready")
        }
        let found = try await answers(relay, keeper, within: quiet + Self.secondsPerHalf)
        try await stop(keeper, drill)
        return found
    }

    /// Ten closes a second would be at an hour's limit within minutes, and a venue that comes back
    /// has a crowd of whom many fail: limits count all venues together.
    private static func liftLimits(_ file: inout ChangedFile) throws {
        try file.set(["limits", "closesPerHour"], .count(1_000_000))
        try file.set(["limits", "failuresPerHour"], .count(1_000_000))
        try file.set(["limits", "lossPerHour"], .string("500000 USD"))
        try file.set(["limits", "lossPerDay"], .string("500000 USD"))
    }

    private func together(
        _ drill: VenuesDrill, _ relay: TickRelay, _ times: inout Times
    ) async throws {
        let config = try drill.config(
            "config.json", ports: [Self.third: relay.port], changing: Self.liftLimits)
        let keeper = try drill.keeper(["--live"], config: config)
        try await drill.waitForStatus(
            "all three are there", config: config, of: keeper, within: Self.patienceSeconds
        ) { status in drill.domains.allSatisfy { status["venue.\($0).ready"] == .bool(true) } }
        for round in 1...rounds {
            times.besideWell += try await answers(relay, keeper, within: Self.secondsPerHalf)
            drill[Self.silent].stopVenue()
            try drill[Self.resyncing].setFaults(Self.holes)
            let before = try await drill.waitForStatus(
                "a status", config: config, of: keeper, until: { _ in true })
            times.besideBad += try await answers(relay, keeper, within: Self.secondsPerHalf)
            let bad = try await expectBad(since: before, drill, config, keeper)
            try drill[Self.resyncing].setFaults("{}")
            drill[Self.silent].letVenueGoOn()
            try await expectFollowedAgain(since: bad, drill, config, keeper)
            printError("venues: \(round) of \(rounds) rounds")
        }
        try await stop(keeper, drill)
    }

    private func answers(
        _ relay: TickRelay, _ keeper: SpawnedProgram, within seconds: Int
    ) async throws -> [Double] {
        // What was on its way when the half began belongs to neither.
        try await Task.sleep(for: .seconds(1))
        _ = relay.takeCloses()
        try await wait(for: "\(closes) closes that answer a tick", within: seconds) {
            guard keeper.endingNow() == nil else { throw RoadProblem("the keeper ended") }
            return relay.closeCount >= closes
        }
        return relay.takeCloses().map(\.nanoseconds)
    }

    /// Heights of a venue, as the keeper knows them.
    private func height(_ domain: String, _ status: JSONValue) -> Int64 {
        guard case .number(let height)? = status["venue.\(domain).height"] else { return 0 }
        return height.int64 ?? 0
    }

    /// The one has said nothing since, the streams of the other have holes.
    private func expectBad(
        since before: JSONValue, _ drill: VenuesDrill, _ config: String, _ keeper: SpawnedProgram
    ) async throws -> JSONValue {
        let status = try await drill.waitForStatus(
            "a venue whose streams have holes", config: config, of: keeper
        ) { status in
            guard case .string(let trouble)? = status["venue.\(Self.resyncing).lastFeedTrouble"]
            else { return false }
            return trouble.contains("follows")
        }
        // What it had said already was on its way.
        guard height(Self.silent, status) <= height(Self.silent, before) + 2 else {
            throw RoadProblem("the silent venue was not silent: \(status)")
        }
        return status
    }

    private func expectFollowedAgain(
        since bad: JSONValue, _ drill: VenuesDrill, _ config: String, _ keeper: SpawnedProgram
    ) async throws {
        try await drill.waitForStatus(
            "all three are followed again", config: config, of: keeper,
            within: Self.secondsPerHalf
        ) { status in
            drill.domains.allSatisfy { height($0.text, status) > height($0.text, bad) + 8 }
        }
    }

    private func stop(_ keeper: SpawnedProgram, _ drill: VenuesDrill) async throws {
        keeper.send(SIGTERM)
        let ending = try await keeper.end(within: 90)
        guard ending == .exited(0) else {
            throw RoadProblem("the keeper: \(ending) " + drill.folder.text(of: "keeper.err"))
        }
    }

    private func results(_ times: Times) -> [BenchResult] {
        let parts = [
            ("alone", times.alone), ("beside two that are well", times.besideWell),
            ("beside one silent and one resyncing for ever", times.besideBad),
        ]
        let figures = parts.flatMap { name, times -> [BenchResult] in
            let name = "tick to the close in the socket, \(name)"
            return [
                .info(name + ", p50", times.median / 1e3, "us", rounds: times.count),
                .info(name + ", p99", times.quantile(0.99) / 1e3, "us", rounds: times.count),
            ]
        }
        return [.info("accounts at each of three venues", Double(accountCount), "", rounds: 1)]
            + figures + [
                .goal(
                    "venues", "p99 beside two bad venues, beside two that are well",
                    times.besideBad.quantile(0.99) / times.besideWell.quantile(0.99),
                    atMost: 1.5, "times", rounds: times.besideBad.count)
            ]
    }
}
