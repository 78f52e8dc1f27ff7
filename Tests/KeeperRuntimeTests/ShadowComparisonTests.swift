import KeeperModel
import KeeperRuntime
import Testing

@Suite struct ShadowComparisonTests {
    private static func proposal(_ account: String, _ version: UInt64 = 1) -> Decision {
        decision(account, version, .proposed(ClientID("k-1")))
    }

    private static func decision(
        _ account: String, _ version: UInt64, _ verdict: Verdict
    ) -> Decision {
        Decision(
            sequence: 1, decidedAt: Instant(milliseconds: 1), height: 1,
            target: Target(
                domain: DomainID("v"), market: MarketID("m"), account: AccountID(account)),
            accountVersion: version, verdict: verdict, facts: [])
    }

    private static func counts(_ comparison: ShadowComparison) -> [UInt64] {
        [comparison.counts.both, comparison.counts.onlyLive, comparison.counts.onlyShadow]
    }

    @Test func `a close that both propose counts once, whoever was first and however often`() {
        let comparison = ShadowComparison()
        comparison.note(Self.proposal("a"), by: .live)
        comparison.note(Self.proposal("b"), by: .shadow)
        #expect(Self.counts(comparison) == [0, 1, 1])
        comparison.note(Self.proposal("a"), by: .shadow)
        comparison.note(Self.proposal("b"), by: .live)
        comparison.note(Self.proposal("b"), by: .live)
        #expect(Self.counts(comparison) == [2, 0, 0])
    }

    @Test func `another version of an account is another close, and a skip is none`() {
        let comparison = ShadowComparison()
        comparison.note(Self.proposal("a", 1), by: .live)
        comparison.note(Self.proposal("a", 2), by: .shadow)
        comparison.note(Self.decision("a", 1, .skipped(.noFunds)), by: .shadow)
        #expect(Self.counts(comparison) == [0, 1, 1])
    }

    @Test func `what is forgotten stays counted`() {
        let comparison = ShadowComparison(subjectsMax: 2)
        for account in ["a", "b", "c"] { comparison.note(Self.proposal(account), by: .live) }
        comparison.note(Self.proposal("c"), by: .shadow)
        #expect(Self.counts(comparison) == [1, 2, 0])
    }
}
