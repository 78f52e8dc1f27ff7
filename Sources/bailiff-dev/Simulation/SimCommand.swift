import Foundation
import Glibc
import KeeperModel
import KeeperRuntime
import KeeperStrategy
import KeeperTestKit
import VenueSimulator

/// `bailiff-dev sim`: whole experiments by seed. Where something was violated it names the seed,
/// makes the run as small as still fails, and prints the one command that repeats it.
func runSimCommand(_ arguments: [String]) -> ExitCode {
    let request: SimRequest
    let strategies: [Strategy]
    do {
        request = try SimRequest(arguments)
    } catch {
        printError("bailiff-dev sim: \(error)")
        return .usage
    }
    do {
        strategies = try readStrategies(in: request.strategies)
    } catch {
        printError("bailiff-dev sim: \(error)")
        return .failure
    }
    return SimRun(request: request, strategies: strategies).run()
}

private struct SimRun {
    let request: SimRequest
    let strategies: [Strategy]

    func run() -> ExitCode {
        var summary = SimSummary()
        var seed = firstSeed
        while goesOn(seed, summary) {
            let options = request.options(of: seed)
            let outcome = simulate(seed, strategies, options)
            summary.note(outcome)
            showProgress(summary, at: seed)
            if options.tellsStory { print(outcome.story.joined(separator: "\n")) }
            if !outcome.violations.isEmpty {
                let failure = failure(of: seed, options, outcome)
                print(
                    request.isJSON
                        ? summary.json(failure: failure)
                        : "seed \(seed): \(failure.violation)\n"
                            + "repeat with: \(failure.command)\n\(summary.line)")
                return .mismatch
            }
            seed += 1
        }
        return report(summary)
    }

    private var firstSeed: UInt64 {
        switch request.seeds {
        case .range(let range): range.lowerBound
        case .minutes(_, let start): start
        }
    }

    private func goesOn(_ seed: UInt64, _ summary: SimSummary) -> Bool {
        switch request.seeds {
        case .range(let range): seed <= range.upperBound
        case .minutes(let minutes, _): summary.seconds < Int64(clamping: minutes) * 60
        }
    }

    private func report(_ summary: SimSummary) -> ExitCode {
        print(request.isJSON ? summary.json(failure: nil) : summary.line + "\n" + summary.table)
        guard request.requiresCoverage else { return .success }
        let missing = summary.coverage.missingMustHaves
        for (topic, name) in missing {
            printError("bailiff-dev sim: never met among \(topic.rawValue): \(name)")
        }
        return missing.isEmpty ? .success : .mismatch
    }

    private func failure(
        of seed: UInt64, _ options: SimulationOptions, _ outcome: SimOutcome
    ) -> SimFailure {
        let shrinks = request.shrinks && !options.tellsStory
        let smallest =
            shrinks
            ? SimShrinker(seed: seed, strategies: strategies).smallest(options, outcome) : options
        return SimFailure(
            seed: seed, violation: outcome.violations[0],
            command: smallest.command(seed, strategies: request.strategies) + " --story")
    }

    /// For a person only: a file or a pipe has no use for it.
    private func showProgress(_ summary: SimSummary, at seed: UInt64) {
        guard case .minutes = request.seeds, summary.seedCount % 10 == 0, isatty(2) == 1 else {
            return
        }
        FileHandle.standardError.write(Data("\rseed \(seed), \(summary.line) ".utf8))
    }
}

struct SimOutcome {
    let violations: [String]
    let story: [String]
    let lives: Int
    let tallies: [KeeperTally]
    let coverage: Coverage
    let troubles: [Trouble]
    let resettledCount: UInt64
    let comparedStallCount: UInt64
}

func simulate(
    _ seed: UInt64, _ strategies: [Strategy], _ options: SimulationOptions
) -> SimOutcome {
    do {
        let world = try SimulatedWorld(seed: seed, strategies: strategies, options: options)
        var violations: [String] = []
        do {
            try world.run()
        } catch {
            violations = ["the keeper stopped: \(error)"]
        }
        let header = "seed \(seed), troubles: \(world.troublesText)"
        return SimOutcome(
            violations: world.violations + violations, story: [header] + world.story,
            lives: world.lives, tallies: world.tallies, coverage: world.coverage,
            troubles: world.troubles, resettledCount: world.resettledCount,
            comparedStallCount: world.comparedStallCount)
    } catch {
        return SimOutcome(
            violations: ["\(error)"], story: [], lives: 0, tallies: [], coverage: Coverage(),
            troubles: [], resettledCount: 0, comparedStallCount: 0)
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
