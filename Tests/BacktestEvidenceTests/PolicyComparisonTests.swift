import Foundation
import KeeperBacktest
import KeeperModel
import KeeperRuntime
import KeeperTestKit
import Testing
import VenueSimulator
import WideMath

/// One fall of prices under two settlement policies.
@Suite struct PolicyComparisonTests {
    private static func policies() throws -> [String: SettlementPolicy] {
        let bytes = try Data(contentsOf: EvidenceBench.root.appending(path: "scenarios/crash.json"))
        let policies = try ScenarioFile.policies([UInt8](bytes))
        return Dictionary(uniqueKeysWithValues: policies.map { ($0.name, $0) })
    }

    private static func compared(
        _ first: String, _ second: String, fundUnits: Int64? = nil
    ) throws -> PolicyComparison {
        let policies = try policies()
        let drill = try EvidenceBench.drill()
        return PolicyComparison(
            PolicyRun(
                drill, under: try #require(policies[first]), fundUnits: fundUnits),
            PolicyRun(
                drill, under: try #require(policies[second]), fundUnits: fundUnits))
    }

    @Test func `a policy beside itself differs in nothing`() throws {
        let comparison = try Self.compared("fund-takes-all", "fund-takes-all")
        #expect(comparison.isSame)
        #expect(comparison.rows.allSatisfy { $0.first == $0.second })
        #expect(!comparison.first.records.isEmpty)
        let unit = AssetDescription(asset: AssetID("USD"), decimals: 6)
        #expect(comparison.lines(unit).contains("every settlement is the same"))
    }

    @Test func `who is paid is the policy's word, and every record sums to nothing`() throws {
        let comparison = try Self.compared("bonus-and-refund", "fund-takes-all")
        #expect(comparison.firstDifference == 0)
        for run in [comparison.first, comparison.second] {
            #expect(run.lines.reduce(.zero) { $0 + $1.units } == 0)
            #expect(run.fundAtFirst == 250_000_000_000)
            #expect(run.leftCount == 0)
            let fund = run.lines.filter { $0.beneficiary == "fund" }
            #expect(run.fundAtLast == fund.reduce(run.fundAtFirst) { $0 + $1.units })
        }
        // The one leaves the bonus to the keeper, the other to the fund.
        let (bonus, taken) = (comparison.first, comparison.second)
        #expect(bonus.lines.contains { $0.beneficiary == "keeper" && $0.units > 0 })
        #expect(!taken.lines.contains { $0.beneficiary == "keeper" })
        #expect(taken.fundAtLast > bonus.fundAtLast)
    }

    @Test func `a recording is compared by its own prices and accounts`() throws {
        let bench = try EvidenceBench()
        let recording = try bench.record(EvidenceBench.story().events, to: "crash")
        let policies = try Self.policies()
        let runs = try ["bonus-and-refund", "fund-takes-all"].map { name in
            try PolicyRun(
                .recorded(try bench.source(recording)), under: try #require(policies[name]),
                fundUnits: 1_000_000)
        }
        let comparison = PolicyComparison(runs[0], runs[1])
        #expect(!comparison.isSame)
        #expect(Set(runs[0].records.map(\.account)).count == 8)
        #expect(runs[0].fundAtFirst == 1_000_000)
        #expect(comparison.jsonText.contains("\"isSame\":false"))
    }
}
