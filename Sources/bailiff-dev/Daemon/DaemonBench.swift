import Foundation
import RoadKit

/// `bench daemon`: a real venue of many accounts and a real keeper that signs and sends, from its
/// start to the close that a tick brings, beside what the same bytes cost bare; and the keeper's
/// way over HTTP beside those of others, in the same run.
func runDaemonBench(accountCount: Int) throws -> [BenchResult] {
    let isTrial = accountCount < 10_000
    var results: [BenchResult] = []
    if isTrial {
        results.append(.text("a trial", "so few accounts and rounds only show that all of it runs"))
    } else {
        results += try runSnapshotBench()
    }
    results += try runHTTPBench(rounds: isTrial ? 1 : 5) + runJournalBench()
    let daemon = DaemonBench(accountCount: accountCount, closeCount: isTrial ? 10 : 100)
    do {
        return try results + blocking { try await daemon.run() }
    } catch {
        // What was found before is as true as it was.
        return results + [
            .text("a keeper of \(accountCount) accounts was not measured", "\(error)")
        ]
    }
}

private struct DaemonBench: Sendable {
    let accountCount: Int
    /// Ticks that are wanted with a close behind them.
    let closeCount: Int

    /// What memory per account is counted from.
    private static let fewAccounts = 1_000
    private static let secondsPerDurability = 90
    private static let settlingSeconds = 5

    private struct Footprint: Sendable {
        let accountCount: Int
        let residentByteCount: UInt64
    }

    func run() async throws -> [BenchResult] {
        let few = try await footprint(of: Self.fewAccounts)
        let drill = try await drill(of: accountCount)
        let keeper = try await KeeperUnderTest(
            drill, named: "process", accountCount: accountCount, durability: "process",
            historyCheckpoints: 0)
        try await Task.sleep(for: .seconds(Self.settlingSeconds))
        let many = Footprint(
            accountCount: accountCount, residentByteCount: keeper.residentByteCount)
        let quiet = DaemonScenario(accountCount: accountCount).quietSeconds
        let closes = try await keeper.closes(
            closeCount, withinSeconds: quiet + Self.secondsPerDurability)
        guard !closes.isEmpty else {
            throw RoadProblem(
                "no close answered a tick in \(quiet + Self.secondsPerDurability) s")
        }
        let tickBytes = keeper.relay.tickBytes
        let (ready, indexed) = (keeper.readySeconds, keeper.indexedSeconds)
        printError("daemon: ready after \(ready) s, \(closes.count) closes answered a tick")
        try await keeper.stop()
        let bare = try BareClose(like: closes.first?.bytes ?? [], after: tickBytes)
        var results = [
            BenchResult.info("accounts at the venue", Double(accountCount), "", rounds: 1),
            .info("time to READY", ready, "s", rounds: 1),
            .info("time until every account is in the books", indexed, "s", rounds: 1),
        ]
        results.append(Self.memory(few, many))
        results += Self.latency(closes, "process", bare)
        results += try await power(drill)
        return results + [
            .info(
                "bare write() of the same bytes, p50", bare.write.p50 / 1e3, "us",
                rounds: bare.rounds),
            .info(
                "one Ed25519 signature, p50", bare.signature.p50 / 1e3, "us", rounds: bare.rounds),
            .info(
                "raw socket that reads the tick, signs and writes, p50",
                bare.responder.p50 / 1e3, "us", rounds: bare.rounds,
                note: "blocking read, on a thread that does nothing else"),
            .info(
                "raw socket that reads the tick, signs and writes, p99",
                bare.responder.p99 / 1e3, "us", rounds: bare.rounds),
        ]
    }

    private func drill(of accountCount: Int) async throws -> Drill {
        try await Drill(
            scenario: DaemonScenario(accountCount: accountCount).text(), speed: 1,
            portWithin: 300)
    }

    private func footprint(of accountCount: Int) async throws -> Footprint {
        let keeper = try await KeeperUnderTest(
            drill(of: accountCount), named: "few", accountCount: accountCount,
            durability: "process", historyCheckpoints: 0)
        try await Task.sleep(for: .seconds(Self.settlingSeconds))
        let resident = keeper.residentByteCount
        try await keeper.stop()
        return Footprint(accountCount: accountCount, residentByteCount: resident)
    }

    private static func memory(_ few: Footprint, _ many: Footprint) -> BenchResult {
        let more = Double(many.residentByteCount) - Double(few.residentByteCount)
        return .goal(
            "G16", "resident memory of an account, beside a keeper of \(few.accountCount)",
            more / Double(max(1, many.accountCount - few.accountCount)), atMost: 160, "bytes",
            rounds: 1)
    }

    /// The same venue, and a keeper that waits for the disk before bytes leave.
    private func power(_ drill: Drill) async throws -> [BenchResult] {
        let keeper = try await KeeperUnderTest(
            drill, named: "power", accountCount: accountCount, durability: "power",
            historyCheckpoints: 0)
        let closes = try await keeper.closes(
            closeCount, withinSeconds: Self.secondsPerDurability)
        try await keeper.stop()
        return Self.latency(closes, "power", nil)
    }

    private static func latency(
        _ closes: [TickRelay.Close], _ durability: String, _ bare: BareClose?
    ) -> [BenchResult] {
        let times = closes.map(\.nanoseconds)
        let name = "tick to the close in the socket, durability \(durability), blocking poll"
        guard !times.isEmpty else { return [.text(name, "no close answered a tick")] }
        var results = [
            BenchResult.info(name + ", p50", times.median / 1e3, "us", rounds: times.count),
            .info(name + ", p99", times.quantile(0.99) / 1e3, "us", rounds: times.count),
        ]
        if let bare {
            let floor = bare.write.p50 + bare.signature.p50
            results.append(
                .goal(
                    "tick", "tick to write, beside bare write() and one signature",
                    times.median / floor, atMost: 1.35, "times", rounds: times.count))
            results.append(
                .info(
                    "tick to write, beside a raw socket that waits for the tick as well",
                    times.median / bare.responder.p50, "times", rounds: times.count))
        }
        return results
    }
}
