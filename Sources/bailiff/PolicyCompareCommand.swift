import KeeperBacktest
import KeeperCodec
import KeeperCommands
import KeeperModel
import KeeperRuntime
import LiquidationRules
import VenueSimulator
import WideMath

/// `venue compare A B`: one fall of prices under two settlement policies.
struct PolicyCompareCommand {
    private let parsed: ParsedCommand
    private let environment: [String: String]

    init(_ parsed: ParsedCommand, _ environment: [String: String]) {
        self.parsed = parsed
        self.environment = environment
    }

    func run() throws -> ExitCode {
        guard let place = parsed.value("on") else {
            throw UsageError("'venue compare' needs --on: a scenario, or the recording of a run")
        }
        let config = try Workplace.config(parsed, environment)
        let unit = config.unitOfAccount
        let known = try knownPolicies(place)
        let policies = try parsed.arguments.map { try Self.policy($0, among: known) }
        let fund = try fundUnits(unit)
        let runs: [PolicyRun]
        if place.hasSuffix(".json") {
            let scenario = try InputFile.scenario(place)
            runs = policies.map { PolicyRun(scenario, under: $0, fundUnits: fund) }
        } else {
            try RecordingFileOpening.requireOneVenue(place)
            runs = try policies.map { policy in
                let reader = try RecordingFileOpening.open(place)
                return try PolicyRun(
                    .recorded(RecordedFeed(EventSource(reader, path: place))), under: policy,
                    fundUnits: fund ?? 0)
            }
        }
        let comparison = PolicyComparison(runs[0], runs[1])
        if parsed.has("json") {
            StandardStream.output.line(comparison.jsonText)
        } else {
            for line in comparison.lines(unit) { StandardStream.output.line(line) }
        }
        return comparison.isSame ? .done : .difference
    }

    private func knownPolicies(_ place: String) throws -> [SettlementPolicy] {
        if let file = parsed.value("policies") { return try Self.policies(file) }
        return place.hasSuffix(".json") ? try Self.policies(place) : []
    }

    private static func policy(
        _ name: String, among known: [SettlementPolicy]
    ) throws -> SettlementPolicy {
        if let policy = known.first(where: { $0.name == name }) { return policy }
        guard name.hasSuffix(".json") else {
            let names = known.map(\.name).joined(separator: ", ")
            throw UsageError(
                "no policy '\(name)'; "
                    + (names.isEmpty
                        ? "name a JSON file that holds one, or give --policies SCENARIO"
                        : "there are \(names), and any JSON file that holds one"))
        }
        let policies = try policies(name)
        guard policies.count == 1 else {
            throw StartProblem(
                .badInput, "\(name): holds \(policies.count) policies, and one is wanted")
        }
        return policies[0]
    }

    private static func policies(_ file: String) throws(StartProblem) -> [SettlementPolicy] {
        let bytes = try InputFile.bytes(file)
        do {
            return try ScenarioFile.policies(bytes)
        } catch {
            throw StartProblem(.badInput, "\(file): \(error)")
        }
    }

    private func fundUnits(_ unit: AssetDescription) throws(UsageError) -> Int64? {
        guard let text = parsed.value("fund") else { return nil }
        // Whatever is wrong with it, the sentence below says what it should be.
        guard let units = try? JSONReader(.string(text)).amount(of: unit).asInt64 else {
            throw UsageError(
                "--fund is an amount such as '250000 \(unit.asset)'; found '\(text)'")
        }
        return units
    }
}
