import Foundation
import KeeperBacktest
import KeeperCodec
import KeeperModel
import KeeperRuntime
import KeeperTestKit
import Testing
import WideMath

@Suite struct ComparisonTests {
    /// A report as `backtest --report` writes it.
    private func report(_ bench: EvidenceBench, _ recording: String, _ name: String) throws {
        let (measures, decisions) = try bench.watched(recording)
        let files = try ReportFiles(page: bench.path(name + ".html"))
        let head = ReportHead(
            recording: "crash", recordingHash: "aa", configHash: "bb", build: "test",
            assumptions: [], triedCount: 1)
        try files.write(ReportPage(head, [measures]))
        let lines = decisions.map { String(decoding: $0.jsonBytes, as: UTF8.self) + "\n" }
        try Data(lines.joined().utf8).write(
            to: URL(filePath: files.decisions(of: measures.name)))
    }

    private func compared(
        _ bench: EvidenceBench, _ one: String, _ other: String
    ) throws -> Comparison {
        let pairs = Comparison.pairs(
            try ComparableRun.runs(inResult: bench.path(one + ".json")),
            try ComparableRun.runs(inResult: bench.path(other + ".json")))
        return try #require(pairs.first)
    }

    @Test func `a file that is no result is not written over`() throws {
        let bench = try EvidenceBench()
        let files = try ReportFiles(page: bench.path("page.html"))
        try files.requireNobodyElses()
        let recording = try bench.record(EvidenceBench.story().events, to: "crash")
        try report(bench, recording, "page")
        try files.requireNobodyElses()
        for text in [#"{"configVersion": 1}"#, "no JSON", ""] {
            try Data(text.utf8).write(to: URL(filePath: files.json))
            #expect(throws: StartProblem.self) { try files.requireNobodyElses() }
        }
    }

    @Test func `the same run twice differs in nothing`() throws {
        let bench = try EvidenceBench()
        let recording = try bench.record(EvidenceBench.story().events, to: "crash")
        try report(bench, recording, "one")
        try report(bench, recording, "two")
        let comparison = try compared(bench, "one", "two")
        #expect(comparison.isSame && comparison.comparesDecisions)
        #expect(comparison.rows.first?.name == "net")
    }

    @Test func `the first decision that differs is named`() throws {
        let bench = try EvidenceBench()
        let story = try EvidenceBench.story().events
        try report(bench, try bench.record(story, to: "crash"), "one")
        // The tick at which the third borrower crosses never came.
        let shorter = story.filter { $0.height != 21 }.enumerated().map { index, event in
            Event(
                sequence: UInt64(index) + 1, domain: event.domain, receivedAt: event.receivedAt,
                height: event.height, body: event.body)
        }
        try report(bench, try bench.record(shorter, to: "shorter"), "two")
        let comparison = try compared(bench, "one", "two")
        let found = comparison.difference
        let difference = try #require(found)
        let (first, second) = (difference.first?.decidedAt, difference.second?.decidedAt)
        #expect(first == EvidenceBench.start + .seconds(21))
        #expect(second == EvidenceBench.start + .seconds(22))
    }

    @Test func `what is no result is refused by name`() throws {
        let bench = try EvidenceBench()
        let path = bench.path("other.json")
        try Data("{\"kind\":\"else\"}".utf8).write(to: URL(filePath: path))
        let problem = #expect(throws: StartProblem.self) {
            try ComparableRun.runs(inResult: path)
        }
        #expect(problem?.description.contains("no result") == true)
    }
}
