/// `bailiff-dev bench`: programs that measure, beside the goals of ARCHITECTURE.md. A goal that is
/// missed is said and is no failure: a figure depends on the machine.
func runBenchCommand(_ arguments: [String]) -> ExitCode {
    guard let request = BenchRequest(arguments) else {
        print(
            "usage: bailiff-dev bench NAME... [--accounts N] [--json] | --book FILE, "
                + "where NAME is one of")
        for bench in benches { print("  \(bench.name)  \(bench.about)") }
        return .usage
    }
    if let path = request.bookPath { return writeBook(to: path) }
    var results: [BenchResult] = []
    for bench in request.benches {
        do {
            results += try bench.run(request.accountCount)
        } catch {
            printError("bailiff-dev bench \(bench.name): \(error)")
            return .failure
        }
    }
    let report = BenchReport(results: results)
    print(request.isJSON ? report.json : report.text)
    return .success
}

/// The largest book of the tick bench, for the peers in Benchmarks.
private func writeBook(to path: String) -> ExitCode {
    do {
        try BookFile.write(accountCount: SyntheticBook.accountCountMax, to: path)
        return .success
    } catch {
        printError("bailiff-dev bench --book \(path): \(error)")
        return .failure
    }
}

struct Bench: Sendable {
    let name: String
    let about: String
    /// Given how many accounts there are where that can be chosen.
    let run: @Sendable (_ accountCount: Int) throws -> [BenchResult]
}

let benches: [Bench] = [
    Bench(name: "index", about: "price ticks and crashes on books of 10,000 and 1,000,000") { _ in
        runIndexBench()
    },
    Bench(name: "scan", about: "all accounts at once, beside Rust, numpy and the memory") { _ in
        try runScanBench()
    },
    Bench(name: "resync", about: "how long a price waits while a million accounts come anew") { _ in
        try runResyncBench()
    },
    Bench(name: "plan", about: "plans of one pair, and of 500 candidates at once") { _ in
        try runPlanBench()
    },
    Bench(name: "ticks", about: "a million prices through one keeper, beside other backtesters") {
        _ in
        try runTickBench()
    },
    Bench(name: "backtest", about: "whole backtests from files, beside other backtesters") { _ in
        try runBacktestBench()
    },
    Bench(name: "math", about: "256-bit products and quotients") { _ in runMathBench() },
    Bench(name: "daemon", about: "a keeper as a process beside raw sockets and other clients") {
        try runDaemonBench(accountCount: $0)
    },
    Bench(name: "venues", about: "a keeper of three venues while two of them are bad") {
        try runVenuesBench(accountCount: $0)
    },
    Bench(name: "codec", about: "a feed of 100,000 accounts from JSON to numbers") { _ in
        try runCodecBench()
    },
]

private struct BenchRequest {
    let benches: [Bench]
    let isJSON: Bool
    let bookPath: String?
    let accountCount: Int

    private static let accountCountUsual = 1_000_000

    /// Nil where a name is unknown or none is given.
    init?(_ arguments: [String]) {
        if arguments.count == 2, arguments[0] == "--book" {
            (benches, isJSON, bookPath) = ([], false, arguments[1])
            accountCount = Self.accountCountUsual
            return
        }
        var words = arguments
        if let place = words.firstIndex(of: "--accounts") {
            guard words.indices.contains(place + 1), let count = Int(words[place + 1]),
                (2_000...1_250_000).contains(count)
            else { return nil }
            accountCount = count
            words.removeSubrange(place...place + 1)
        } else {
            accountCount = Self.accountCountUsual
        }
        let names = words.filter { $0 != "--json" }
        let found = names.compactMap { name in
            bailiff_dev.benches.first { $0.name == name }
        }
        guard !found.isEmpty, found.count == names.count else { return nil }
        benches = found
        isJSON = names.count < words.count
        bookPath = nil
    }
}
