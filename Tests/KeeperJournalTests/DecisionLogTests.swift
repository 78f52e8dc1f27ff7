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
}
