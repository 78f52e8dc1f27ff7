import Foundation
import KeeperModel
import LiquidationRules
import Testing
import VenueSimulator
import WideMath

/// How far the fund reaches, against the law's own stress test where positions have its form, and
/// against sums of the test's own where they have not.
@Suite struct FundSolvencyTests {
    private static let rule = StressRule(
        exitCostPpm: 3_000,
        shocks: [
            Shock(name: "mild", defaultPpm: -100_000, assetMovesPpm: []),
            Shock(
                name: "crash", defaultPpm: -300_000,
                assetMovesPpm: [AssetMove(asset: "ETH", movePpm: -450_000)]),
        ])

    private static let words =
        #""backstops": [], "stress": {"exitCostPpm": "3000", "shocks": ["#
        + #"{"name": "mild", "defaultPpm": "-100000", "assets": {}}, "#
        + #"{"name": "crash", "defaultPpm": "-300000", "assets": {"ETH": "-450000"}}]},"#

    private static func venue(
        _ stress: String = words, heights: Int64 = 200
    ) throws -> ReferenceVenue {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(
            contentsOf: root.appending(path: "scenarios/crash.json"), encoding: .utf8)
        var venue = ReferenceVenue(
            scenario: try ScenarioFile.read(
                Array(text.replacing(#""backstops": [],"#, with: stress).utf8)),
            openedAt: Instant(milliseconds: 1_000_000))
        venue.advance(to: venue.openedAt + .seconds(heights))
        return venue
    }

    /// By `settlement.md` section 6, as the law's known answers have it.
    private static func marginLosses(_ venue: ReferenceVenue) throws -> [Int256] {
        let price = Int64(clamping: venue.lastPrices[AssetID("BTC-LOT")] ?? 0)
        let accounts = (venue.snapshot(of: TestVenue.margin) ?? []).compactMap {
            state -> StressedAccount? in
            guard case .margin(let held) = state.position else { return nil }
            let lots = held.side == .long ? held.lots : -held.lots
            return StressedAccount(
                cash: held.marginUnits - lots * held.entryPrice,
                legs: [StressedAccount.Leg(asset: "BTC-LOT", lots: lots)])
        }
        let report = try SolvencyReport(
            fund: 0, prices: [AssetPrice(asset: "BTC-LOT", price: price)], accounts: accounts,
            rule: rule)
        return report.losses.map(\.amount)
    }

    /// Scaled balances times their index at the shocked price; each rounding is worth a unit.
    private static func lendingLosses(
        _ venue: ReferenceVenue
    ) throws -> (losses: [Int256], tolerance: Int256) {
        let debtIndex = try #require(
            venue.figures[TestVenue.lending]?.first {
                $0.name == .variableBorrowIndexRay && $0.asset == AssetID("USD")
            }
        ).value
        let states = venue.snapshot(of: TestVenue.lending) ?? []
        let losses = try rule.shocks.map { shock in
            try states.reduce(Int256.zero) { sum, state in
                guard case .lending(let held) = state.position, let owed = held.debts.first else {
                    return sum
                }
                let debt = try mulDiv(
                    owed.scaledAmount, debtIndex, dividingBy: UInt256.powerOfTen(27),
                    rounding: .up)
                let value = try held.collateral.reduce(UInt256.zero) {
                    $0 + (try worth(of: $1, under: shock, venue))
                }
                let lacking = debt + value * 3_000 / 1_000_000
                return lacking > value
                    ? sum + (Int256(exactly: lacking - value) ?? .zero) : sum
            }
        }
        return (losses, Int256(states.count) * 3)
    }

    private static func worth(
        of held: ScaledBalance, under shock: Shock, _ venue: ReferenceVenue
    ) throws -> UInt256 {
        let move =
            shock.assetMovesPpm.first { $0.asset == held.asset.text }?.movePpm
            ?? shock.defaultPpm
        let price = UInt256(venue.lastPrices[held.asset] ?? 0)
        let decimals = try #require(
            venue.scenario.assets.first { $0.description.asset == held.asset }
        ).description.decimals
        return try mulDiv(
            held.scaledAmount, price * UInt256(UInt64(1_000_000 + move)) / 1_000_000,
            dividingBy: UInt256.powerOfTen(Int(decimals)), rounding: .down)
    }

    @Test func `the ratio is the fund over the loss of the worst shock`() throws {
        let venue = try Self.venue()
        let loss = try #require(venue.stressLoss)
        let margin = try Self.marginLosses(venue)
        let (lending, tolerance) = try Self.lendingLosses(venue)
        let expected = margin[1] + lending[1]
        #expect(margin[1] > 0 && lending[1] > 0)
        #expect(expected > margin[0] + lending[0])
        #expect(loss.shock == "crash")
        let said = try #require(Int256(exactly: loss.amount))
        #expect((said - expected).magnitude <= tolerance.magnitude, "\(said) and \(expected)")
        let fund = venue.world.settlements.state.fund
        #expect(
            loss.solvencyPpm(of: fund)
                == (fund * 1_000_000).quotient(dividingBy: said, rounding: .down))
    }

    @Test func `every settlement has the ratio that it left behind`() throws {
        var venue = try Self.venue(heights: 300)
        for number in 1...3 {
            let plan = try #require(TestVenue.lendingPlan(venue, key: "k\(number)"))
            _ = venue.close(plan, bodyHash: "h", keeper: "me")
        }
        let count = venue.world.settlements.records.count
        #expect(count >= 3)
        #expect(venue.stressLosses.count == count)
        #expect(venue.stressLosses.last == venue.stressLoss)
        #expect(venue.stressLosses.first != venue.stressLosses.last)
    }

    @Test func `where no policy names a shock nothing is said`() throws {
        let venue = try Self.venue(#""backstops": [],"#)
        #expect(venue.stressLoss == nil)
    }
}
