import KeeperCodec
package import KeeperModel
package import KeeperRuntime
import Synchronization
package import VenueSimulator

/// Carries out a study row by row: one strategy over one window. Finished rows are kept, so a study
/// that was broken off goes on, and nothing is run twice.
package struct StudyRun: Sendable {
    private let plan: StudyPlan
    private let stage: (scenario: Scenario, sha256: String)
    private let workplace: Workplace
    /// Where the files of the plan lie.
    private let data: String
    /// Where recordings may be kept for as long as it runs.
    private let scratch: String
    /// What program runs it; another program's rows are not taken for this one's.
    private let build: String

    /// One row to make, with the name that it is kept under.
    package struct Piece: Sendable {
        let window: StudyPlan.Window
        let strategy: StrategyName
        package let key: String
    }

    package init(
        _ plan: StudyPlan, stage: (scenario: Scenario, sha256: String), workplace: Workplace,
        data: String, scratch: String, build: String
    ) {
        self.plan = plan
        self.stage = stage
        self.workplace = workplace
        self.data = data
        self.scratch = scratch
        self.build = build
    }

    /// Every strategy over every window, in the order of the table.
    package func pieces(
        _ windows: [StudyPlan.Window], _ strategies: [StrategyName]
    ) throws -> [Piece] {
        let books = try plan.books.map(named) + ["\(plan.depthScalePpm)"]
        return try windows.flatMap { window in
            let files = try window.imports.map(named) + books
            return strategies.map { strategy in
                Piece(window: window, strategy: strategy, key: key(window, files, strategy))
            }
        }
    }

    /// An import by what it reads.
    private func named(_ one: StudyPlan.Import) throws -> String {
        let hashes = try one.files.map { try FileHash.sha256(of: "\(data)/\($0)") }
        let decimals = one.wish.assetDecimals.map { "\($0)" } ?? ""
        return ([one.kind.rawValue, one.wish.asset?.text ?? "", decimals] + hashes)
            .joined(separator: " ")
    }

    /// All that decides a row: data, stage, settings, rivals, program.
    private func key(
        _ window: StudyPlan.Window, _ files: [String], _ strategy: StrategyName
    ) -> String {
        let text = workplace.strategyTexts.first { $0.name == strategy.text }?.text ?? ""
        let rivals = "\(plan.rivals.mode.rawValue) \(plan.rivals.counts) \(plan.rivals.seed)"
        return ReportHead.hash(
            ([window.name] + files + [
                stage.sha256, workplace.config.text, strategy.text, text, rivals, build,
            ]).joined(separator: "\n"))
    }

    /// Rows in the order of the pieces, so many at once. `progress` is called from any thread, for
    /// rows as they are done; those that were kept come first.
    package func run(
        _ pieces: [Piece], jobCount: Int, keptIn folder: ResultFolder,
        progress: @escaping @Sendable (_ row: StudyRow, _ done: Int, _ all: Int) -> Void
    ) throws -> [StudyRow] {
        let kept = pieces.map { folder.result($0.key, as: StudyRow.self) }
        for (number, row) in kept.compactMap({ $0 }).enumerated() {
            progress(row, number + 1, pieces.count)
        }
        let missing = zip(pieces, kept).filter { $0.1 == nil }.map(\.0)
        let imports = WindowImports(
            data: data, scratch: scratch, books: plan.books,
            rowCounts: Dictionary(missing.map { ($0.window.name, 1) }, uniquingKeysWith: +))
        defer { imports.end() }
        let made = Mutex<[String: StudyRow]>([:])
        try ThreadCrew(count: min(jobCount, missing.count)).work(missing.count) { place in
            let piece = missing[place]
            let row = try row(of: piece, imports)
            try folder.keep(row, piece.key)
            let count = made.withLock { made in
                made[piece.key] = row
                return made.count
            }
            progress(row, pieces.count - missing.count + count, pieces.count)
        }
        return made.withLock { made in
            zip(pieces, kept).compactMap { $1 ?? made[$0.key] }
        }
    }

    private func row(of piece: Piece, _ imports: WindowImports) throws -> StudyRow {
        defer { imports.close(piece.window) }
        let opening = try HistoryOpening(
            try imports.open(piece.window), stage: stage.scenario, oracle: .standard,
            rivals: plan.rivals,
            depth: DepthWish(paths: try imports.openBooks(), scalePpm: plan.depthScalePpm),
            workplace: workplace)
        let bands = try BacktestPass(workplace, rivals: plan.rivals).run(
            [[piece.strategy]], from: opening.source)
        return try StudyRow(
            jsonBytes: StudyRow.text(
                window: piece.window.name, bands[0], opening.parts, rivals: plan.rivals))
    }
}
