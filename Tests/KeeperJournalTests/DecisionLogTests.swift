import Foundation
import KeeperJournal
import KeeperModel
import Testing

@Suite struct DecisionLogTests {
    private func decision(_ second: Int64, _ account: String, _ verdict: Verdict) -> Decision {
        Decision(
            sequence: UInt64(second), decidedAt: Instant(milliseconds: second * 1_000), height: 1,
            target: Sample.target(account), accountVersion: 2, verdict: verdict,
            facts: [DecisionFact("health", "0.98"), DecisionFact("netProfit", "-3")])
    }

    @Test func `decisions are found by account and by time`() throws {
        let directory = try TemporaryDirectory()
        let all = [
            decision(1, "a", .eligible), decision(1, "b", .skipped(.noDepth)),
            decision(2, "a", .skipped(.belowFloor)), decision(3, "a", .proposed(ClientID("c"))),
        ]
        do { try DecisionLog(path: directory.decisionsPath).append(all) }
        let log = try DecisionLog(path: directory.decisionsPath)
        #expect(try log.decisions(about: Sample.target("a")) == [all[3], all[2], all[0]])
        #expect(try log.decisions(about: Sample.target("a"), countMax: 1) == [all[3]])
        #expect(try log.decisions(about: Sample.target("c")) == [])
        let span = (Instant(milliseconds: 1_000), Instant(milliseconds: 3_000))
        #expect(try log.decisions(from: span.0, until: span.1) == Array(all[..<3]))
        let counts = try log.verdictCounts(from: span.0, until: span.1)
        #expect(
            counts.map { "\($0.label) \($0.count)" }
                == ["eligible 1", "skipped-below-floor 1", "skipped-no-depth 1"])
        #expect(try log.forget(before: span.1) == 3)
        #expect(try log.decisions(from: span.0, until: Instant(nanoseconds: .max)) == [all[3]])
    }

    @Test func `the log beside the file does not keep what it once grew to`() throws {
        let directory = try TemporaryDirectory()
        let log = try DecisionLog(path: directory.decisionsPath)
        func logByteCount() throws -> Int {
            try Data(contentsOf: URL(filePath: directory.decisionsPath + "-wal")).count
        }
        try log.append((1...20_000).map { decision($0, "a\($0)", .eligible) })
        #expect(try logByteCount() > Database.logByteCountMax)
        try log.append([decision(20_001, "a", .eligible)])
        #expect(try logByteCount() <= Database.logByteCountMax)
    }

    @Test func `the oldest go first, a part at a time, until there is none`() throws {
        let directory = try TemporaryDirectory()
        let log = try DecisionLog(path: directory.decisionsPath)
        try log.append((1...25).map { decision($0, "a", .eligible) })
        #expect(try log.forgetOldest(onePartIn: 10) == 3)
        let first = try log.decisions(
            from: Instant(nanoseconds: 0), until: Instant(nanoseconds: .max)
        ).first
        #expect(first == decision(4, "a", .eligible))
        var left = 22
        while left > 0 {
            let count = try log.forgetOldest(onePartIn: 10)
            #expect(count == (left + 9) / 10)
            left -= count
        }
        #expect(try log.forgetOldest(onePartIn: 10) == 0)
    }

    @Test func `room that decisions left is no room that they take`() throws {
        let directory = try TemporaryDirectory()
        let log = try DecisionLog(path: directory.decisionsPath)
        let empty = try log.byteCount()
        try log.append((1...2_000).map { decision($0, "a", .eligible) })
        let full = try log.byteCount()
        #expect(full > empty + 200_000)
        _ = try log.forgetOldest(onePartIn: 1)
        #expect(try log.byteCount() < empty + 50_000)
    }
}
