import Foundation
import KeeperBacktest
import KeeperModel
import KeeperRuntime
import KeeperTestKit
import Testing
import WideMath

@Suite struct SweepTests {
    private static let file = """
        {
            "sweep": "sizes", "recording": "crash", "strategy": "full-close", "search": "grid",
            "vary": {
                "strategy.size": ["full", "optimal"],
                "strategy.when": [
                    "health < 1", "health < 1 && netProfit >= 400 usd", "netProfit < 0 usd",
                ],
            },
        }
        """

    @Test func `a random search draws from more points than a grid may have`() throws {
        let values = (1...100).map { "\"\($0) USD\"" }.joined(separator: ", ")
        let axes = ["a", "b", "c"].map { "\"config.\($0)\": [\(values)]" }
        func text(_ search: String) -> String {
            """
            {
                "sweep": "s", "recording": "r", "strategy": "full-close", "search": \(search),
                "vary": {\(axes.joined(separator: ", "))},
            }
            """
        }
        let numbers = try plan(text(#"{"random": 50, "seed": 7}"#)).pointNumbers
        #expect(numbers.count == 50)
        #expect(numbers.contains { $0 > SweepPlan.pointsMax })
        #expect(throws: StartProblem.self) { try plan(text(#""grid""#)) }
    }

    private func plan(_ text: String = file) throws -> SweepPlan {
        try SweepFile.read(Array(text.utf8), file: "sweep.json")
    }

    private func sweep(_ bench: EvidenceBench, build: String = "b") throws -> SweepRun {
        let path = bench.path("crash")
        if !FileManager.default.fileExists(atPath: path) {
            _ = try bench.record(EvidenceBench.story().events, to: "crash")
        }
        return try SweepRun(try plan(), base: bench.workplace, recording: path, build: build)
    }

    private func table(_ sweep: SweepRun, _ caches: [ResultFolder]) throws -> String {
        let scores = sweep.scores(in: caches).compactMap { $0 }
        #expect(scores.count == 6)
        return SweepTable(scores, labels: sweep.labels).jsonText
    }

    @Test func `cores, shards and a start that was broken off give the same table`() throws {
        let bench = try EvidenceBench()
        let sweep = try sweep(bench)
        let one = try ResultFolder(bench.path("one"))
        try sweep.run(sweep.shard(1, of: 1), jobCount: 1, cache: one)
        let expected = try table(sweep, [one])

        let two = try ResultFolder(bench.path("two"))
        try sweep.run(sweep.shard(1, of: 1), jobCount: 2, cache: two)
        #expect(try table(sweep, [two]) == expected)

        let shards = try (1...4).map { number in
            let cache = try ResultFolder(bench.path("shard-\(number)"))
            try sweep.run(sweep.shard(number, of: 4), jobCount: 1, cache: cache)
            return cache
        }
        #expect(try table(sweep, shards) == expected)

        let broken = try ResultFolder(bench.path("broken"))
        try sweep.run(Array(sweep.shard(1, of: 1).prefix(2)), jobCount: 1, cache: broken)
        let torn = bench.path("broken") + "/\(sweep.key(of: sweep.shard(1, of: 1)[3])).json"
        try Data("{\"point\":".utf8).write(to: URL(filePath: torn))
        #expect(sweep.scores(in: [broken]).count { $0 != nil } == 2)
        try sweep.run(sweep.shard(1, of: 1), jobCount: 2, cache: broken)
        #expect(try table(sweep, [broken]) == expected)
    }

    @Test func `points differ where settings do, and a finished one is not run again`() throws {
        let bench = try EvidenceBench()
        let sweep = try sweep(bench)
        let cache = try ResultFolder(bench.path("scores"))
        try sweep.run(sweep.shard(1, of: 1), jobCount: 2, cache: cache)
        let scores = sweep.scores(in: [cache]).compactMap { $0 }
        #expect(scores.map(\.wonCount)[0] == 8)
        #expect(scores.map(\.wonCount)[2] == 0, "nobody closes at a loss on purpose")
        // What the cache says is believed, which only a run that did nothing shows.
        let point = sweep.shard(1, of: 1)[0]
        let marked = SweepScore(
            point: 0, netUnits: 42, wonCount: 1, closeCount: 1, steps: scores[0].steps)
        try cache.keep(marked, sweep.key(of: point))
        try sweep.run([point], jobCount: 1, cache: cache)
        #expect(cache.result(sweep.key(of: point), as: SweepScore.self) == marked)
        #expect(try self.sweep(bench, build: "other").scores(in: [cache]).allSatisfy { $0 == nil })
    }

    @Test func `every figure of a choice has the one beside it that it did not choose by`() {
        func score(_ point: Int, _ steps: [(Int64, Int64)]) -> SweepScore {
            SweepScore(
                point: point, netUnits: 0, wonCount: 0, closeCount: 0,
                steps: steps.map {
                    .init(inSampleUnits: Int256($0.0), outOfSampleUnits: Int256($0.1))
                })
        }
        let table = SweepTable(
            [score(1, [(9, 1), (2, 5)]), score(0, [(9, 2), (1, 7)])], labels: [:])
        #expect(table.choices.map(\.point) == [0, 1], "ties go to the lower number")
        #expect(table.choices.map(\.outOfSampleUnits) == [2, 5])
    }

    @Test(arguments: [1, 2, 5])
    func `what judges comes after what chose, and nothing is left out`(_ count: Int) {
        let (first, last) = (Instant(nanoseconds: 100), Instant(nanoseconds: 1_099))
        let steps = SweepWindows(from: first, to: last, stepCount: count).steps
        #expect(steps.count == count)
        #expect(steps.first?.inSample.lowerBound == 100)
        #expect(steps.last?.outOfSample.upperBound == 1_100)
        for step in steps { #expect(step.inSample.upperBound == step.outOfSample.lowerBound) }
        for (step, next) in zip(steps, steps.dropFirst()) {
            #expect(step.outOfSample == next.inSample)
        }
    }

    @Test func `chance draws the same points from the same seed and none twice`() throws {
        func numbers(_ count: Int, _ seed: Int) throws -> [Int] {
            let search = "{\"random\": \(count), \"seed\": \(seed)}"
            let text = Self.file.replacing("\"grid\"", with: search)
            return try plan(text).pointNumbers
        }
        #expect(try numbers(3, 7) == numbers(3, 7))
        #expect(try Set(numbers(3, 7)).count == 3)
        #expect(try numbers(50, 7) == Array(0..<6), "there are no more than there are")
        #expect(try (1...9).contains { try numbers(3, $0) != numbers(3, 7) })
    }

    static let bad: [(from: String, to: String, complaint: String)] = [
        ("\"sweep\"", "\"swep\"", "swep"),
        ("strategy.size", "size", "strategy.size or config.dryRun.latency"),
        ("[\"full\", \"optimal\"]", "[]", "one value or more"),
        ("[\"full\", \"optimal\"]", "[\"full\", \"full\"]", "none of them twice"),
        ("\"grid\"", "\"all\"", "\"grid\""),
        ("\"grid\"", "{\"random\": 0, \"seed\": 1}", "1"),
    ]

    @Test(arguments: bad)
    func `a sweep file with a mistake is refused at its place`(
        _ from: String, _ to: String, _ complaint: String
    ) throws {
        let text = Self.file.replacing(from, with: to)
        let problem = #expect(throws: StartProblem.self) { try plan(text) }
        #expect(problem?.description.contains("sweep.json:") == true)
        #expect(problem?.description.contains(complaint) == true)
    }

    @Test func `what is not there cannot be varied`() throws {
        let bench = try EvidenceBench()
        let text = Self.file.replacing("strategy.size", with: "strategy.sise")
        let problem = #expect(throws: ConfigError.self) {
            try SweepPoint(0, of: try plan(text), base: bench.workplace)
        }
        #expect(problem?.description == "strategy.sise: there is no 'sise' to vary")
    }
}
