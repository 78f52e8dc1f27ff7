import KeeperBacktest
import KeeperFeeds
import KeeperModel
import KeeperRuntime
import KeeperTestKit
import Testing
import WideMath

/// The simulator's outcomes beside recorded ones.
@Suite struct CalibrationTests {
    /// Records a run whose outcomes were made by the simulator itself.
    private static func recorded(
        _ bench: EvidenceBench, latency: TimeSpan, seed: UInt64
    ) throws -> String {
        let story = try EvidenceBench.story(borrowerCount: 60)
        let feeds = try bench.record(story.events, to: "feeds-\(seed)")
        let list = EventList()
        let model = RivalModel(mode: .firstCome, counts: [0], seed: seed)
        _ = try BacktestPass(try bench.workplace(latency: latency), rivals: model).run(
            [[EvidenceBench.strategy]], from: .recorded(try bench.source(feeds)),
            events: { _, _ in list })
        return try bench.record(list.events, to: "run-\(seed)")
    }

    private static func calibrated(
        _ bench: EvidenceBench, _ recording: String
    ) throws -> Calibration {
        try Calibration.byVenue(
            try bench.workplace(latency: .milliseconds(150)),
            strategies: [EvidenceBench.strategy], againstCount: 0, seed: 900
        ) { () throws(KeeperStop) in
            do {
                return .recorded(try bench.source(recording))
            } catch {
                throw KeeperStop(.recording, "\(error)")
            }
        }[0].calibration
    }

    @Test func `outcomes of the same models agree, whatever their draws were`() throws {
        let bench = try EvidenceBench()
        let run = try Self.recorded(bench, latency: .milliseconds(150), seed: 1)
        let calibration = try Self.calibrated(bench, run)
        #expect(!calibration.hasDifference, "\(calibration.lines)")
        let parts = Dictionary(uniqueKeysWithValues: calibration.parts.map { ($0.name, $0) })
        let delay = try #require(parts["delay"])
        guard case .agrees(let count) = delay.verdict else {
            Issue.record("\(delay.verdict)")
            return
        }
        #expect(count >= 50)
        #expect(parts["gas"]?.verdict == .tooFew(0))
    }

    @Test func `a delay that is twice as long is found, and nothing else is`() throws {
        let bench = try EvidenceBench()
        let run = try Self.recorded(bench, latency: .milliseconds(300), seed: 2)
        let calibration = try Self.calibrated(bench, run)
        #expect(calibration.parts.filter(\.verdict.isDifference).map(\.name) == ["delay"])
        #expect(calibration.hasDifference)
    }

    @Test func `feeds without outcomes are refused by name`() throws {
        let bench = try EvidenceBench()
        let feeds = try bench.record(EvidenceBench.story().events, to: "feeds")
        let problem = #expect(throws: KeeperStop.self) { try Self.calibrated(bench, feeds) }
        #expect(problem?.description.contains("no outcomes") == true)
    }

    /// {1, 2} and {2, 3}: after the ones 1/2 against 0, after the twos 1 against 1/2.
    @Test func `the distance of two samples is the widest gap of their steps`() throws {
        #expect(try #require(SampleDistance([1, 2], [2, 3])).distance == 0.5)
        #expect(try #require(SampleDistance([4, 4, 4], [4, 4])).distance == 0)
        #expect(try #require(SampleDistance([1, 1], [5, 6, 7])).distance == 1)
        #expect(SampleDistance([], [1]) == nil)
        let many = try #require(
            SampleDistance(Array(repeating: 0, count: 100), Array(repeating: 0, count: 100)))
        #expect(abs(many.bound - 0.230_181) < 0.000_001)
    }
}

final class EventList: EventSink {
    private(set) var events: [Event] = []

    func append(_ event: Event) throws(KeeperStop) {
        events.append(event)
    }
}
