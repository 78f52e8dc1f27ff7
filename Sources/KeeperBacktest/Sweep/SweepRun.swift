import KeeperCommands
import KeeperModel
package import KeeperRuntime
import KeeperStrategy
import Synchronization

/// The points of a sweep, or of one shard of it, on as many threads as are wanted. Every point has
/// an engine, books and a reader of its own, and nothing that is shared decides anything: how many
/// threads there are, and which one takes a point, cannot be seen in a score.
package struct SweepRun: Sendable {
    private let path: String
    private let points: [SweepPoint]
    private let windows: SweepWindows
    private let recordingHash: String
    /// What program runs it; another program's scores are not taken for this one's.
    private let build: String

    package init(
        _ plan: SweepPlan, base: Workplace, recording path: String, build: String
    ) throws {
        self.path = path
        self.build = build
        recordingHash = try FileHash.sha256(of: path)
        guard let (first, last) = try RecordingEdit(path).extent else {
            throw StartProblem(.badInput, "\(path): holds no event")
        }
        windows = SweepWindows(from: first, to: last, stepCount: plan.stepCount)
        points = try plan.pointNumbers.map { try SweepPoint($0, of: plan, base: base) }
    }

    package var labels: [Int: String] {
        Dictionary(uniqueKeysWithValues: points.map { ($0.number, $0.label) })
    }

    /// Every `count`th point, from the shard's own on.
    package func shard(_ number: Int, of count: Int) -> [SweepPoint] {
        precondition((1...count).contains(number), "A shard is one of its number")
        return points.enumerated().filter { $0.offset % count == number - 1 }.map(\.element)
    }

    /// Under this name a point's score is kept: recording, settings, parts of the time, program.
    package func key(of point: SweepPoint) -> String {
        ReportHead.hash(
            [recordingHash, point.settingsHash, "\(windows)", build].joined(separator: "\n"))
    }

    /// Runs what the cache does not have. `progress` is called from any thread.
    package func run(
        _ points: [SweepPoint], jobCount: Int, cache: ResultFolder,
        progress: @escaping @Sendable (_ done: Int, _ all: Int) -> Void = { _, _ in }
    ) throws {
        let missing = points.filter { cache.result(key(of: $0), as: SweepScore.self) == nil }
        let done = Mutex(points.count - missing.count)
        progress(points.count - missing.count, points.count)
        try ThreadCrew(count: min(jobCount, missing.count)).work(missing.count) { index in
            let point = missing[index]
            try cache.keep(try score(point), key(of: point))
            progress(
                done.withLock { done in
                    done += 1
                    return done
                }, points.count)
        }
    }

    /// Scores in the order of the points. Nil where one was never finished, by anybody.
    package func scores(in caches: [ResultFolder]) -> [SweepScore?] {
        points.map { point in
            caches.lazy.compactMap { $0.result(key(of: point), as: SweepScore.self) }.first
        }
    }

    private func score(_ point: SweepPoint) throws -> SweepScore {
        let result = try Backtest(point.workplace, recording: path)
            .run(point.workplace.strategies.map(\.name), decisions: DecisionStore(nil))
        // Points are ordered by one sum.
        _ = try result.netUnits()
        return SweepScore(
            point: point.number, closes: result.journaled.map(CloseFigures.init),
            windows: windows)
    }
}
