import Foundation

/// Feeds of 100,000 accounts from text to numbers, beside what else reads JSON here, in turn in
/// each round, and the hash of Ethereum beside another library's.
func runCodecBench() throws -> [BenchResult] {
    try AccountFeed.Shape.allCases.flatMap { try runFeedBench($0) } + runHashBench()
}

private func runFeedBench(_ shape: AccountFeed.Shape) throws -> [BenchResult] {
    let feed = AccountFeed(shape)
    let peers = try CodecPeers(feed)
    var times: [String: [Double]] = [:]
    let expected = try feed.rows().checksum
    for _ in 0..<CodecPeers.roundCount {
        var sum: UInt64 = 0
        times["own", default: []].append(
            try nanoseconds(of: { sum = try feed.rows().checksum }))
        guard sum == expected else { throw CodecBenchProblem("two readings of one feed differ") }
        times["JSONDecoder", default: []].append(try peers.foundation())
        for (name, time) in try peers.programs(expecting: expected) {
            times[name, default: []].append(time)
        }
    }
    return report(times, feed)
}

struct CodecBenchProblem: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

private func report(_ times: [String: [Double]], _ feed: AccountFeed) -> [BenchResult] {
    let rounds = CodecPeers.roundCount
    func ratio(_ name: String) -> Double? {
        guard let own = times["own"], let peer = times[name] else { return nil }
        // Round by round, so that a slow moment of the machine slows both.
        return zip(peer, own).map { $0 / $1 }.median
    }
    var results = ["own", "JSONDecoder", "json", "orjson", "simdjson"].compactMap { name in
        times[name].map { times in
            BenchResult.info(
                "\(feed.shape) feed, \(CodecPeers.label(name))",
                Double(feed.bytes.count) * 1e3 / times.median,
                "MB/s", rounds: rounds)
        }
    }
    let goals = [("simdjson", 1.0), ("JSONDecoder", 20.0), ("orjson", 9.0)]
    for (name, target) in goals {
        guard let ratio = ratio(name) else {
            results.append(
                .text("G12, \(feed.shape), beside \(name)", "skipped: it is not installed"))
            continue
        }
        results.append(
            .goal(
                "G12", "\(feed.shape) feed, times the speed of \(CodecPeers.label(name))", ratio,
                atLeast: target, "",
                rounds: rounds))
    }
    return results
}

private struct SmallFeed: Decodable {
    struct Account: Decodable {
        let id: String
        let c: String
        let d: String
    }

    let slot: UInt64
    let accounts: [Account]
}

private struct FatFeed: Decodable {
    struct Leg: Decodable {
        let asset: Int
        let amount: String
    }

    struct Account: Decodable {
        let id: String
        let collateral: [Leg]
        let debt: [Leg]
        let nonce: Int
    }

    let slot: UInt64
    let accounts: [Account]
}

/// Other readers of the same text.
private struct CodecPeers {
    static let roundCount = 5
    private let feed: AccountFeed
    private let data: Data
    private let file: URL

    init(_ feed: AccountFeed) throws {
        self.feed = feed
        data = Data(feed.bytes)
        file = FileManager.default.temporaryDirectory.appending(
            path: "bailiff-feed-\(ProcessInfo.processInfo.processIdentifier).json")
    }

    static func label(_ name: String) -> String {
        switch name {
        case "own": "to rows of numbers, everything checked"
        case "JSONDecoder": "Foundation's JSONDecoder, amounts left as text"
        case "simdjson": "simdjson on demand to the same rows"
        default: "Python's \(name) and int()"
        }
    }

    /// To structs of strings, which is less than we do.
    func foundation() throws -> Double {
        var count = 0
        let time = try nanoseconds(of: {
            switch feed.shape {
            case .small: count = try JSONDecoder().decode(SmallFeed.self, from: data).accounts.count
            case .fat: count = try JSONDecoder().decode(FatFeed.self, from: data).accounts.count
            }
        })
        guard count == AccountFeed.accountCount else {
            throw CodecBenchProblem("JSONDecoder read \(count) accounts")
        }
        return time
    }

    /// Each module that this machine's Python has, and simdjson where `make bench` could build it.
    func programs(expecting sum: UInt64) throws -> [(name: String, time: Double)] {
        try data.write(to: file)
        defer {
            // What stays is in the system's temporary folder.
            try? FileManager.default.removeItem(at: file)
        }
        let commands = [["python3", "-c", Self.python, file.path], [Self.simdjson, file.path]]
        return try commands.flatMap { command in
            try Self.output(of: command).split(separator: "\n").map { line in
                let words = line.split(separator: " ")
                guard words.count == 3, let time = Double(words[1]), UInt64(words[2]) == sum
                else { throw CodecBenchProblem("a peer reads the feed differently: \(line)") }
                return (String(words[0]), time)
            }
        }
    }

    /// Nothing where the program is absent.
    private static func output(of command: [String]) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let simdjson = ".build/bench/simdjson_feed"

    private static let python = """
        import importlib, sys, time
        text = open(sys.argv[1], "rb").read()
        for name in ("json", "orjson"):
            try:
                module = importlib.import_module(name)
            except ImportError:
                continue
            start = time.perf_counter()
            read = module.loads(text)["accounts"]
            if "c" in read[0]:
                rows = [(a["id"], [(0, int(a["c"])), (0, int(a["d"]))]) for a in read]
            else:
                rows = [(a["id"], [(leg["asset"], int(leg["amount"]))
                    for leg in a["collateral"] + a["debt"]]) for a in read]
            spent = (time.perf_counter() - start) * 1e9
            total = sum(int(i[2:18], 16) + sum(n + v for n, v in legs)
                for i, legs in rows) % 2**64
            print(name, spent, total)
        """
}
