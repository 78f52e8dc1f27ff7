import Foundation
import KeeperModel
import KeeperRuntime
import KeeperStrategy
import KeeperTestKit
import VenueSimulator

/// `bailiff-dev sim`: whole experiments by seed. Prints the seed first and, where something was
/// violated, the one command that repeats it.
func runSimCommand(_ arguments: [String]) -> ExitCode {
    let request: SimRequest
    do {
        request = try SimRequest(arguments)
    } catch {
        printError("bailiff-dev sim: \(error)")
        return .usage
    }
    let strategies: [Strategy]
    do {
        strategies = try readStrategies(in: request.strategies)
    } catch {
        printError("bailiff-dev sim: \(error)")
        return .failure
    }
    var summary = SimSummary()
    for seed in request.seeds {
        let outcome = simulate(seed, strategies, tellsStory: request.tellsStory)
        summary.note(outcome)
        if request.tellsStory { print(outcome.story.joined(separator: "\n")) }
        guard let violation = outcome.violations.first else { continue }
        print("seed \(seed): \(violation)")
        print("repeat with: bailiff-dev sim --seed \(seed) --story")
        print(summary.line)
        return .mismatch
    }
    print(summary.line)
    return .success
}

private struct SimRequest {
    let seeds: ClosedRange<UInt64>
    let tellsStory: Bool
    let strategies: String

    init(_ arguments: [String]) throws {
        var seeds: ClosedRange<UInt64>?
        var tellsStory = false
        var strategies = "strategies"
        var rest = arguments[...]
        while let word = rest.popFirst() {
            switch word {
            case "--story": tellsStory = true
            case "--seed":
                guard let seed = rest.popFirst().flatMap({ UInt64($0) }) else {
                    throw SimUsage("--seed needs a number")
                }
                seeds = seed...seed
            case "--seeds":
                seeds = try Self.range(rest.popFirst() ?? "")
            case "--strategies":
                guard let folder = rest.popFirst() else {
                    throw SimUsage("--strategies needs a folder")
                }
                strategies = folder
            default: throw SimUsage("unknown option '\(word)'")
            }
        }
        guard let seeds else { throw SimUsage("say --seed N or --seeds A..B") }
        self.seeds = seeds
        self.tellsStory = tellsStory
        self.strategies = strategies
    }

    private static func range(_ text: String) throws -> ClosedRange<UInt64> {
        let ends = text.components(separatedBy: "..").map { UInt64($0) }
        guard ends.count == 2, let first = ends[0], let last = ends[1], first <= last else {
            throw SimUsage("--seeds needs A..B with A not above B")
        }
        return first...last
    }
}

private struct SimUsage: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

struct SimOutcome {
    let violations: [String]
    let story: [String]
    let lives: Int
    let tallies: [KeeperTally]
    let settledCounts: [String: UInt64]
    let resettledCount: UInt64
}

func simulate(_ seed: UInt64, _ strategies: [Strategy], tellsStory: Bool) -> SimOutcome {
    do {
        let world = try SimulatedWorld(seed: seed, strategies: strategies, tellsStory: tellsStory)
        var violations: [String] = []
        do {
            try world.run()
        } catch {
            violations = ["the keeper stopped: \(error)"]
        }
        let header = "seed \(seed), faults: \(world.faults.description)"
        return SimOutcome(
            violations: world.violations + violations, story: [header] + world.story,
            lives: world.lives, tallies: world.tallies,
            settledCounts: world.venue.settledCounts, resettledCount: world.resettledCount)
    } catch {
        return SimOutcome(
            violations: ["\(error)"], story: [], lives: 0, tallies: [], settledCounts: [:],
            resettledCount: 0)
    }
}

private struct SimSummary {
    private var seedCount = 0
    private var eventCount: UInt64 = 0
    private var settledCounts: [String: UInt64] = [:]
    private var resettledCount: UInt64 = 0
    private var submitCount: UInt64 = 0
    private var lifeCount = 0
    private let start = ContinuousClock.now

    mutating func note(_ outcome: SimOutcome) {
        seedCount += 1
        lifeCount += outcome.lives
        resettledCount += outcome.resettledCount
        settledCounts.merge(outcome.settledCounts, uniquingKeysWith: +)
        for tally in outcome.tallies {
            eventCount += tally.eventCount
            submitCount += tally.submitCount
        }
    }

    var line: String {
        let seconds = (ContinuousClock.now - start).components.seconds
        return "\(seedCount) seeds, \(eventCount) events, \(submitCount) sends, "
            + "\(settledCounts.values.reduce(0, +)) closes, "
            + "\(resettledCount) of them settled again by the referee, "
            + "\(lifeCount) lives, \(seconds) s\n"
            + settledCounts.keys.sorted().map { "  \($0): \(settledCounts[$0] ?? 0) closes" }
            .joined(separator: "\n")
    }
}

func readStrategies(in folder: String) throws -> [Strategy] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        .filter { $0.hasSuffix(".json") }.sorted()
    return try names.map { name in
        let path = folder + "/" + name
        let bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
        return try StrategyFile.read(bytes, file: path)
    }
}
