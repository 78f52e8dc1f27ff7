import Foundation
import KeeperBacktest
import KeeperFeeds
import KeeperModel
import KeeperRuntime
import KeeperTestKit
import VenueSimulator

/// A folder with a recorded crash in it, and the house's own configuration to run it with.
final class EvidenceBench {
    let folder: URL
    let workplace: Workplace
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    static let start = Instant(milliseconds: 1_700_000_000_000)
    static let strategy = StrategyName("full-close")

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "bailiff-evidence-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        workplace = try Workplace(
            configPath: Self.root.appending(path: "config.json").path,
            environment: [
                "BAILIFF__STRATEGIES__FOLDER": Self.root.appending(path: "strategies").path
            ])
    }

    deinit {
        // What cannot be removed lies in the system's temporary folder and harms nobody.
        try? FileManager.default.removeItem(at: folder)
    }

    /// With another latency of a dry run, and funds for a crowd.
    func workplace(latency: TimeSpan) throws -> Workplace {
        try Workplace(
            configPath: Self.root.appending(path: "config.json").path,
            environment: [
                "BAILIFF__STRATEGIES__FOLDER": Self.root.appending(path: "strategies").path,
                "BAILIFF__DRYRUN__LATENCY": "\(latency.milliseconds) ms",
            ])
    }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    static func drill() throws -> Scenario {
        let bytes = try Data(contentsOf: root.appending(path: "scenarios/drill.json"))
        return try ScenarioFile.read([UInt8](bytes))
    }

    func source(_ recording: String) throws -> RecordedFeed {
        RecordedFeed(EventSource(try RecordingReader(path: recording), path: recording))
    }

    static func story(
        spacing: TimeSpan = .seconds(1), borrowerCount: Int = 8,
        othersCloseAfter: TimeSpan? = nil
    ) throws -> CrashStory {
        CrashStory(
            ReferenceVenue(scenario: try drill(), openedAt: start), domain: DomainID("venue"),
            start: start, spacing: spacing, borrowerCount: borrowerCount,
            othersCloseAfter: othersCloseAfter)
    }

    /// Feeds alone. `eventAt` may be told to be another time than the one from which it is known.
    func record(
        _ events: [Event], to name: String, eventAt: (Event) -> Instant = { $0.receivedAt }
    ) throws -> String {
        let header = RecordingHeader(
            createdAt: Self.start, build: "test", domains: [DomainID("venue")],
            config: PinnedText(name: "config.json", text: workplace.config.text), strategies: [],
            protocolParameters: [])
        let writer = try RecordingWriter(path: path(name), header: header)
        for event in events {
            try writer.append(RecordingRow(event, eventAt: eventAt(event)))
        }
        try writer.close()
        return path(name)
    }

    func watched(
        _ recording: String, strategy: StrategyName = EvidenceBench.strategy
    ) throws -> (measures: RunMeasures, decisions: [Decision]) {
        let decisions = DecisionList()
        let unit = workplace.config.unitOfAccount
        let witness = RunWitness(decisions: decisions, unit: unit.asset)
        let result = try Backtest(workplace, recording: recording)
            .run([strategy], decisions: DecisionStore(nil), witness: witness)
        let measures = RunMeasures(
            name: strategy.text, unit: unit, result: result, witness: witness)
        return (measures, decisions.decisions)
    }

    func outcome(_ recording: String) throws -> LookaheadCheck.Outcome {
        let decisions = DecisionList()
        let result = try Backtest(workplace, recording: recording)
            .run([Self.strategy], decisions: decisions)
        return LookaheadCheck.Outcome(
            decisions: decisions.decisions, netUnits: result.revenue.netUnits)
    }
}
