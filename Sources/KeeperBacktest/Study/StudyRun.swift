import FoundationEssentials
import KeeperFeeds
package import KeeperModel
package import KeeperRuntime
package import VenueSimulator

/// What came of one window: a band for each strategy, and what it rests on.
package struct StudyResult: Sendable {
    package let window: String
    package let bands: [BacktestBand]
    package let parts: [ModelPart]
}

/// Carries out a study: imports a window's files, runs all strategies over them in one pass, and
/// goes on to the next.
package struct StudyRun: Sendable {
    private let plan: StudyPlan
    private let stage: Scenario
    private let workplace: Workplace
    private let strategies: [StrategyName]
    /// Where the files of the plan lie.
    private let data: String
    /// Where recordings may be kept for as long as it runs.
    private let scratch: String

    package init(
        _ plan: StudyPlan, stage: Scenario, workplace: Workplace, strategies: [StrategyName],
        data: String, scratch: String
    ) {
        self.plan = plan
        self.stage = stage
        self.workplace = workplace
        self.strategies = strategies
        self.data = data
        self.scratch = scratch
    }

    /// In the order of the windows, so many at once.
    package func run(
        _ windows: [StudyPlan.Window], jobCount: Int,
        progress: @escaping @Sendable (String) -> Void
    ) throws -> [StudyResult] {
        let shelf = ResultShelf(count: windows.count)
        try ThreadCrew(count: jobCount).work(windows.count) { place in
            let window = windows[place]
            shelf.put(try result(of: window, scratchPrefix: "\(scratch)/\(place)"), at: place)
            progress(window.name)
        }
        return shelf.results
    }

    private func result(
        of window: StudyPlan.Window, scratchPrefix: String
    ) throws -> StudyResult {
        var recordings: [(path: String, reader: RecordingReader)] = []
        // They are made anew whenever they are wanted; what stays behind harms nobody.
        defer { for one in recordings { try? FileManager.default.removeItem(atPath: one.path) } }
        for (number, one) in window.imports.enumerated() {
            guard let layout = one.kind.layout(one.wish) else {
                preconditionFailure("A study file names only kinds that have a layout")
            }
            let path = "\(scratchPrefix)-\(number).bailiff"
            _ = try Importer(kind: one.kind, layout: layout).run(
                one.files.map { "\(data)/\($0)" }, to: path)
            recordings.append((path, try RecordingReader(path: path)))
        }
        let opening = try HistoryOpening(
            recordings, stage: stage, oracle: .standard, rivals: plan.rivals,
            workplace: workplace)
        let bands = try BacktestPass(workplace, rivals: plan.rivals).run(
            strategies.map { [$0] }, from: opening.source)
        return StudyResult(window: window.name, bands: bands, parts: opening.parts)
    }
}
