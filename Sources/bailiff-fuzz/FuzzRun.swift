import Foundation

/// Every target for some seconds, each in a process of its own: what traps there ends there.
struct FuzzRun {
    let seconds: Int
    /// Corpora, logs and findings; kept from run to run.
    let folder: String

    private static let hangSeconds = 2
    private static let canaryRunsMax = 50_000_000
    private static let residentMebibytesMax = 1_024

    /// True where nothing was found, and the canary was.
    func run() -> Bool {
        do {
            let source = try SeedSource()
            var findings = 0
            for target in fuzzTargets where !(try isClean(target, source)) { findings += 1 }
            say("fuzz: \(fuzzTargets.count) targets, \(findings) with findings")
            return findings == 0
        } catch {
            say("fuzz: \(error)")
            return false
        }
    }

    private func isClean(_ target: FuzzTarget, _ source: SeedSource) throws -> Bool {
        let isCanary = target.name == canary.name
        let corpus = "\(folder)/corpus/\(target.name)"
        let findings = "\(folder)/findings/\(target.name)"
        // The canary begins anew each time, or it would find in its corpus what it is to discover.
        if isCanary { try clear(corpus) }
        try clear(findings)
        try plant(try target.seeds(source), in: corpus)
        try makeFolder(findings)
        let log = "\(folder)/\(target.name).log"
        let status = try fuzz(target, corpus: corpus, findings: findings, log: log)
        let found = try FileManager.default.contentsOfDirectory(atPath: findings).sorted()
        let runs = try runCount(log)
        guard !isCanary else {
            let isFound = status != 0 && !found.isEmpty
            say(isFound ? "canary: found" : "canary: NOT FOUND; \(log) says why")
            return isFound
        }
        guard status == 0 else {
            for path in found.map({ "\(findings)/\($0)" }) {
                let input = Array(try Data(contentsOf: URL(filePath: path)))
                let decoder = target.member(for: input)?.name ?? target.name
                say("\(target.name): FOUND in \(decoder): \(path); see \(log)")
            }
            if found.isEmpty { say("\(target.name): ENDED \(status); \(log) says why") }
            return false
        }
        say("\(target.name): \(runs) inputs, nothing found")
        return true
    }

    /// Names are contents, so that a seed is there once.
    private func plant(_ seeds: [[UInt8]], in corpus: String) throws {
        try makeFolder(corpus)
        for (index, seed) in seeds.enumerated() where seed.count <= SeedSource.byteCountMax {
            try Data(seed).write(to: URL(filePath: "\(corpus)/seed-\(index)"))
        }
    }

    /// At once, so that a log shows how far a long run is.
    private func say(_ line: String) {
        FileHandle.standardOutput.write(Data("\(line)\n".utf8))
    }

    private func clear(_ path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        try FileManager.default.removeItem(atPath: path)
    }

    private func makeFolder(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    private func fuzz(
        _ target: FuzzTarget, corpus: String, findings: String, log: String
    ) throws -> Int32 {
        try Data().write(to: URL(filePath: log))
        let process = Process()
        process.executableURL = URL(filePath: CommandLine.arguments[0])
        process.arguments =
            [target.name]
            + bound(target) + [
                "-timeout=\(Self.hangSeconds)", "-rss_limit_mb=\(Self.residentMebibytesMax)",
                "-max_len=\(SeedSource.byteCountMax)", "-print_final_stats=1",
                "-artifact_prefix=\(findings)/", corpus,
            ]
        // Swift's own backtraces would take the signals that libFuzzer waits for.
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["SWIFT_BACKTRACE": "enable=no"]
        ) { _, new in new }
        let output = try FileHandle(forWritingTo: URL(filePath: log))
        process.standardOutput = output
        process.standardError = output
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// The canary gets the same inputs on every machine, however slow: it must be found, and by a
    /// clock it sometimes would not be.
    private func bound(_ target: FuzzTarget) -> [String] {
        target.name == canary.name
            ? ["-seed=1", "-runs=\(Self.canaryRunsMax)"] : ["-max_total_time=\(seconds)"]
    }

    private func runCount(_ log: String) throws -> Int {
        let text = String(decoding: try Data(contentsOf: URL(filePath: log)), as: UTF8.self)
        let label = "stat::number_of_executed_units:"
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(label) }) else {
            return 0
        }
        return Int(line.dropFirst(label.count).filter(\.isNumber)) ?? 0
    }
}
