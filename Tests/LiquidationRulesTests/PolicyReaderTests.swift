import KeeperCodec
import KeeperModel
import LiquidationRules
import Testing

@Suite struct PolicyReaderTests {
    @Test(arguments: ExamplePolicy.allCases)
    func `the example policies are valid`(example: ExamplePolicy) throws {
        let policy = try example.policy
        #expect(policy.version == 1)
    }

    @Test func `what is absent is off and what is there is read`() throws {
        let small = try ExamplePolicy.bonusAndRefund.policy
        #expect(small.tiers == nil && small.volatility == nil && small.predictive == nil)
        #expect(small.partial?.dust == 100_000_000)
        let large = try ExamplePolicy.community.policy
        #expect(large.tiers?.map(\.ratePpm) == [10_000, 20_000, 50_000])
        #expect(large.stress?.shocks.last?.assetMovesPpm.map(\.movePpm) == [-200_000, -250_000])
        #expect(large.backstops.map(\.id) == ["pool-a", "pool-b"])
    }

    struct Edit: Sendable {
        let old: String
        let new: String
        let codes: [String]
    }

    /// Each edit of the community policy, and every code that it must give.
    @Test(arguments: [
        Edit(old: "\"version\": \"1\"", new: "\"version\": 1", codes: []),
        Edit(old: "\"version\": \"1\"", new: "\"version\": \"01\"", codes: ["shape"]),
        Edit(old: "\"version\": \"1\"", new: "\"version\": null", codes: ["shape"]),
        Edit(old: "\"version\": \"1\", ", new: "", codes: ["shape"]),
        Edit(old: "\"backstops\"", new: "\"backstop\"", codes: ["shape"]),
        Edit(old: "\"version\": \"1\"", new: "\"version\": \"0\"", codes: ["identity"]),
        Edit(
            old: "\"version\": \"1\"", new: "\"version\": \"-1\"", codes: ["identity", "range"]),
        Edit(old: "\"community\"", new: "\"our community\"", codes: ["identity"]),
        Edit(
            old: "\"feeSharePpm\": \"150000\"", new: "\"feeSharePpm\": \"1000001\"",
            codes: ["range"]),
        Edit(
            old: "\"slopePpm\": \"40000\"", new: "\"slopePpm\": \"9223372036854775807\"",
            codes: []),
        Edit(
            old: "\"slopePpm\": \"40000\"",
            new: "\"slopePpm\": \"\(String(repeating: "9", count: 90))\"", codes: ["range"]),
        // Both out of range, and still above its target: neither code hides the other.
        Edit(
            old: "\"floor\": \"10000000000\", \"target\": \"1000000000000\"",
            new: "\"floor\": \"9223372036854775809\", \"target\": \"9223372036854775808\"",
            codes: ["range", "floor-above-target"]),
        Edit(
            old: "\"basePpm\": \"10000\"", new: "\"basePpm\": \"40001\"",
            codes: ["cap-below-base"]),
        Edit(
            old: "\"harmedPpm\": \"300000\"", new: "\"harmedPpm\": \"300001\"",
            codes: ["penalty-shares"]),
        Edit(
            old: "\"accountPpm\": \"600000\"", new: "\"accountPpm\": \"0\"",
            codes: ["surplus-shares"]),
        Edit(
            old: "\"treasuryPpm\": \"100000\"", new: "\"treasuryPpm\": \"0\"",
            codes: ["overflow-shares"]),
        Edit(
            old: "\"windowHeights\": \"7200\"", new: "\"windowHeights\": \"0\"",
            codes: ["window"]),
        Edit(
            old: "\"keeperMinimum\": \"5000000\"", new: "\"keeperMinimum\": \"100000001\"",
            codes: ["keeper-minimum"]),
        Edit(old: "\"pool-b\"", new: "\"pool-a\"", codes: ["backstops"]),
        Edit(
            old: "\"upTo\": \"600000000000\"", new: "\"upTo\": \"50000000000\"",
            codes: ["tiers"]),
        Edit(old: "\"ratePpm\": \"50000\"", new: "\"ratePpm\": \"19999\"", codes: ["tiers"]),
        Edit(
            old: "\"lambdaPpm\": \"940000\"", new: "\"lambdaPpm\": \"1000000\"",
            codes: ["volatility"]),
        Edit(
            old: "\"triggerPpm\": \"2500000\"", new: "\"triggerPpm\": \"3000001\"",
            codes: ["predictive"]),
        Edit(
            old: "\"targetPpm\": \"1100000\"", new: "\"targetPpm\": \"999999\"",
            codes: ["partial"]),
        Edit(old: "\"majors\"", new: "\"crash\"", codes: ["shocks"]),
        Edit(
            old: "\"defaultPpm\": \"-300000\"", new: "\"defaultPpm\": \"-1000001\"",
            codes: ["range"]),
    ])
    func `a broken rule is named by its code`(edit: Edit) throws {
        let text = ExamplePolicy.community.text
        let edited = text.replacing(edit.old, with: edit.new, maxReplacements: 1)
        try #require(edited != text)
        var codes: [String] = []
        do {
            _ = try SettlementPolicy(reading: JSONValue.parse(Array(edited.utf8)))
        } catch let refusal as PolicyRefusal {
            codes = refusal.rules.map(\.rawValue)
        }
        #expect(codes == edit.codes)
    }
}
