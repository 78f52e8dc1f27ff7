import FoundationEssentials
import KeeperBacktest
import KeeperCodec
import KeeperCommands
import KeeperModel
import KeeperRuntime
import VenueSimulator
import WideMath

/// `stress FILE...`: what shocks and paths of prices would do to the book of that moment.
struct StressCommand {
    private let parsed: ParsedCommand
    private let environment: [String: String]
    private static let pathsUnasked = 0
    private static let horizonUnasked = 24

    init(_ parsed: ParsedCommand, _ environment: [String: String]) {
        self.parsed = parsed
        self.environment = environment
    }

    func run() throws -> ExitCode {
        let workplace = try Workplace(parsed, environment)
        try workplace.requireOneVenue(for: "'stress'")
        let strategies = try StrategyChoosing(parsed, workplace).names
        let unit = workplace.config.unitOfAccount
        let opening = try opening(workplace)
        let model = try model(opening, unit)
        let shocks = try shocks(opening.assets)
        let pathCount = try parsed.number("paths", 0...StressPaths.countMax) ?? Self.pathsUnasked
        var paths: StressPaths?
        if pathCount > 0 {
            paths = StressPaths(
                try opening.estimate(), try law(),
                barCount: try parsed.number("horizon", 1...StressPaths.barCountMax)
                    ?? Self.horizonUnasked)
        }
        var outcomes: [(shock: StressShock, outcome: StressOutcome)] = []
        for shock in shocks {
            let run = try StressRun(workplace, opening.book, model, strategies: strategies)
            let bar = StressRun.bar(of: opening.book, after: shock)
            outcomes.append((shock, try run.run([bar], every: .zero)))
        }
        let isShown = StandardStream.error.isTerminal && !parsed.has("json")
        try paths?.run(
            pathCount, from: opening.book, workplace, model, strategies: strategies
        ) { done in
            if isShown { StandardStream.error.write("\r\(done) of \(pathCount) paths ") }
        }
        if isShown, paths != nil { StandardStream.error.line("") }
        let report = StressReport(
            opening.book, unit: unit,
            parts: model.parts(unit, fundIsKnown: opening.fundUnits == model.fundUnits),
            shocks: outcomes, paths: paths)
        if parsed.has("json") {
            StandardStream.output.line(report.jsonText)
        } else {
            for line in report.lines { StandardStream.output.line(line) }
        }
        return report.isReconciled ? .done : .invariantBroken
    }

    // MARK: The present book

    private func opening(_ workplace: Workplace) throws -> StressOpening {
        let bar = try span("bar") ?? .seconds(3_600)
        if parsed.arguments.count == 1, parsed.arguments[0].hasSuffix(".json") {
            let scenario = try InputFile.scenario(parsed.arguments[0])
            return StressOpening(
                scenario, untilHeight: UInt64(try parsed.number("at", 0...10_000_000) ?? 0),
                barSpan: bar)
        }
        let history = try HistoryOptions(parsed).opening(
            RivalModel(mode: .historical, seed: 1), workplace)
        return try StressOpening(history.source, until: try instant(), barSpan: bar)
    }

    private func instant() throws(UsageError) -> Instant? {
        guard let text = parsed.value("at") else { return nil }
        guard let instant = UTCText.instant(text) else {
            throw UsageError(
                "--at is a time such as 2026-11-20T12:30:00Z, or the height of a scenario; found "
                    + "'\(text)'")
        }
        return instant
    }

    private func model(
        _ opening: StressOpening, _ unit: AssetDescription
    ) throws(UsageError) -> StressModel {
        let fund = try amount("fund", of: unit)
        return StressModel(
            againstCount: try parsed.number("against", 0...1_000) ?? 1,
            seed: UInt64(try parsed.number("seed", 0...Int.max) ?? 1),
            fundUnits: fund.map { Int64(clamping: $0.asUInt64 ?? .max) }
                ?? opening.fundUnits ?? 0,
            gasUnits: try amount("gas", of: unit).flatMap { Int256(exactly: $0) } ?? .zero)
    }

    // MARK: Shocks and moves

    private func shocks(_ assets: [AssetID]) throws(UsageError) -> [StressShock] {
        let known = StressShock.all(of: assets)
        guard !parsed.all("shock").isEmpty else { return known }
        var shocks: [StressShock] = []
        for text in parsed.all("shock") {
            if let shock = known.first(where: { $0.name == text }) {
                shocks.append(shock)
            } else {
                shocks.append(try made(text, assets, known))
            }
        }
        return shocks
    }

    /// `ETH=-30%,WBTC=-10%`.
    private func made(
        _ text: String, _ assets: [AssetID], _ known: [StressShock]
    ) throws(UsageError) -> StressShock {
        var moves: [AssetID: Int64] = [:]
        for word in text.split(separator: ",") {
            let sides = word.split(separator: "=", maxSplits: 1)
            guard sides.count == 2, let asset = assets.first(where: { $0.text == sides[0] }),
                let move = Self.movePpm(sides[1])
            else {
                throw UsageError(
                    "--shock \(text): is none of \(known.map(\.name).joined(separator: ", ")), "
                        + "and no list such as \(assets.first?.text ?? "ETH")=-30% of "
                        + assets.map(\.text).joined(separator: ", "))
            }
            moves[asset] = move
        }
        guard let shock = StressShock(named: text, moves) else {
            throw UsageError("--shock \(text): a price falls by 99 % or rises by 900 % at most")
        }
        return shock
    }

    private static func movePpm(_ text: Substring) -> Int64? {
        let isFall = text.hasPrefix("-")
        let digits = isFall || text.hasPrefix("+") ? text.dropFirst() : text
        // Whatever is wrong with it, the caller says what it should be.
        let ppm = try? JSONReader(.string(String(digits))).amount(
            units: [("%", 10_000)], example: "30%"
        ).asInt64
        return ppm.map { isFall ? -$0 : $0 }
    }

    private func law() throws(UsageError) -> MoveEstimate.Law {
        guard let text = parsed.value("moves") else { return .normal }
        guard let law = MoveEstimate.Law(rawValue: text) else {
            throw UsageError("--moves is normal or past; found '\(text)'")
        }
        return law
    }

    // MARK: Values

    private func span(_ name: String) throws(UsageError) -> TimeSpan? {
        guard let text = parsed.value(name) else { return nil }
        // Whatever is wrong with it, the sentence below says what it should be.
        guard
            let span = try? JSONReader(.string(text))
                .timeSpan(in: .milliseconds(1) ... .seconds(30 * 86_400))
        else { throw UsageError("--\(name) is a time such as '1 h'; found '\(text)'") }
        return span
    }

    private func amount(
        _ name: String, of unit: AssetDescription
    ) throws(UsageError) -> UInt256? {
        guard let text = parsed.value(name) else { return nil }
        // Whatever is wrong with it, the sentence below says what it should be.
        guard let amount = try? JSONReader(.string(text)).amount(of: unit) else {
            throw UsageError(
                "--\(name) is an amount such as '250000 \(unit.asset)'; found '\(text)'")
        }
        return amount
    }
}
