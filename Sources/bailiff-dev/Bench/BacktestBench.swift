import Foundation
import KeeperModel
import KeeperTestKit
import RoadKit

/// `bench ticks`: a million prices through the keeper that also runs live, in turn with other
/// backtesters.
func runTickBench() throws -> [BenchResult] {
    let market = Peer.backtest("hftbacktest_ticks.py", needing: "hftbacktest")
    let trader = Peer.backtest("nautilus_ticks.py", needing: "nautilus_trader")
    var own: [Double] = []
    var (marketRates, traderRates) = ([Double](), [Double]())
    for _ in 0..<backtestRoundCount {
        own.append(try tickRate())
        rate(market, tickCount, into: &marketRates)
        rate(trader, tickCount / 4, into: &traderRates)
    }
    return [
        .info(
            "one engine in memory, a close per 1,000", own.median, "prices/s",
            rounds: backtestRoundCount)
    ] + against(market, "hftbacktest", marketRates, own, goal: "G14", atLeast: 1)
        + against(trader, "nautilus", traderRates, own, goal: "G14", atLeast: 30)
}

/// `bench backtest`: whole runs of `bailiff backtest` over files, with latency, gas and rivals.
func runBacktestBench() throws -> [BenchResult] {
    let market = Peer.backtest("hftbacktest_ticks.py", needing: "hftbacktest")
    let lender = Peer.backtest("demeter_bars.py", needing: "demeter")
    let files = try HistoryFiles(rowCount: fileRowCount)
    var (one, many) = ([Double](), [Double]())
    var (marketRates, lenderRates) = ([Double](), [Double]())
    for _ in 0..<backtestRoundCount {
        one.append(try files.rate(accountCount: 1, health: "[6, 9]", against: 3))
        rate(lender, 2_000, into: &lenderRates)
        many.append(try files.rate(accountCount: 100_000, health: "[1.5, 6]", against: 3))
        rate(market, tickCount, into: &marketRates)
    }
    var results: [BenchResult] = [
        .goal(
            "G15", "100,000 accounts against three rivals", many.median, atLeast: 5_000_000,
            "prices/s", rounds: backtestRoundCount)
    ]
    results += against(market, "hftbacktest", marketRates, many, goal: "G15", atLeast: 0.4)
    results.append(
        .info("one account from a file", one.median, "prices/s", rounds: backtestRoundCount))
    return try results + against(lender, "demeter", lenderRates, one, goal: "G15", atLeast: 5_000)
        + health(beside: lender)
}

private func health(beside lender: Peer) throws -> [BenchResult] {
    guard let health = try DemeterHealth(lender, minutes: 2_000) else { return [] }
    return [
        .goal(
            "G15", "minutes of \(health.minuteCount) with another health factor than demeter's",
            Double(health.differingCount), atMost: 0, "", rounds: 1),
        .info(
            "the largest gap between them", Double(health.largestGapPpt), "parts in 10^12",
            rounds: 1),
    ]
}

private let backtestRoundCount = 3
private let tickCount = 1_000_000
private let fileRowCount = 300_000

private func rate(_ peer: Peer, _ count: Int, into rates: inout [Double]) {
    guard let answer = peer.ask("\(count)") else { return }
    rates.append(Double(answer.count) / answer.nanoseconds * 1e9)
}

private func against(
    _ peer: Peer, _ name: String, _ theirs: [Double], _ own: [Double], goal: String,
    atLeast target: Double
) -> [BenchResult] {
    guard !theirs.isEmpty else { return [peer.skipped(name)].compactMap { $0 } }
    return [
        .info("\(name)", theirs.median, "events/s", rounds: theirs.count),
        .goal(
            goal, "beside \(name)", own.median / theirs.median, atLeast: target, "",
            rounds: theirs.count),
    ]
}

private func tickRate() throws -> Double {
    let rig = try BacktestRig(closeCount: tickCount / 1_000)
    let spent = try nanoseconds { try rig.run() }
    guard rig.wonCount == tickCount / 1_000 else {
        throw BacktestBenchProblem("\(rig.wonCount) closes of \(tickCount / 1_000) were won")
    }
    return Double(tickCount) / spent * 1e9
}

/// A walk of a price in steps of five basis points, as a file of candles and as a recording.
private struct HistoryFiles {
    private let folder: TemporaryFolder
    private let program: String
    private let rowCount: Int

    init(rowCount: Int) throws {
        self.rowCount = rowCount
        folder = try TemporaryFolder()
        program = try Checkout.program("bailiff")
        var generator = SeededGenerator(seed: 7)
        for (asset, start) in [("ETH", 2_000.0), ("WBTC", 30_000.0)] {
            var price = start
            var lines = "ts_ms,open,high,low,close,volume\n"
            for row in 0..<rowCount {
                price *= 1 + 0.0005 * generator.gaussian
                let text = String(format: "%.2f", price)
                let at = 1_600_000_000_000 + row * 60_000
                lines += "\(at),\(text),\(text),\(text),\(text),1\n"
            }
            try folder.write(lines, to: "\(asset).csv")
            try say([
                "import", "klines", folder.file("\(asset).csv"), "--asset", asset, "--out",
                folder.file(asset),
            ])
        }
    }

    /// Prices per second of the whole program, its start and its reading included.
    func rate(accountCount: Int, health: String, against rivals: Int) throws -> Double {
        let plain = try String(
            contentsOfFile: Checkout.file("scenarios/history.json"), encoding: .utf8)
        // Of its markets the first is the large one.
        let stage = plain.replacing(
            /"accounts": \d+, "health": \[[^\]]*\]/, maxReplacements: 1
        ) { _ in
            "\"accounts\": \(accountCount), \"health\": \(health)"
        }
        try folder.write(stage, to: "stage.json")
        let spent = try nanoseconds {
            try say([
                "backtest", folder.file("ETH"), folder.file("WBTC"), "--on",
                folder.file("stage.json"), "--config",
                Checkout.file("scenarios/history.config.json"), "--strategy", "full-close",
                "--against", "\(rivals)",
            ])
        }
        return Double(2 * rowCount) / spent * 1e9
    }

    private func say(_ words: [String]) throws {
        guard Peer.text(of: [program] + words) != nil else {
            throw BacktestBenchProblem("bailiff \(words.joined(separator: " ")) failed")
        }
    }
}

struct BacktestBenchProblem: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
