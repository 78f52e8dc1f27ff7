import KeeperEngine
import KeeperModel
import KeeperRisk
import LiquidationRules
import Testing
import WideMath

/// Prices that are pending are looked at as what-if: what they would bring is said, and nothing
/// else comes of them.
@Suite struct ForesightTests {
    private static let safe: UInt64 = 2_700_000_000
    private static let low: UInt64 = 1_950_000_000

    @Test func `a pending price that would make a close is foreseen, and nobody acts on it`() {
        var script = EngineScript(publishes: false, ether: Self.safe)
        script.publishPending(Self.low, round: 2)
        #expect(script.foreseen == ["proposed"])
        #expect(script.persists.isEmpty)
        #expect(script.engine.eligibleTargets().isEmpty)
        #expect(script.engine.disagreements().isEmpty)
        #expect(
            script.engine.domain(EngineScript.venue)?.price(of: AssetID("ETH")) == 2_700_000_000)
        #expect(script.engine.risk.inventory(of: EngineScript.venue).reservationCount == 0)
    }

    @Test func `it is said once, and ends with the next prices in force`() {
        var script = EngineScript(publishes: false, ether: Self.safe)
        script.publishPending(Self.low, round: 2)
        script.publishPending(Self.low - 1, round: 2)
        #expect(script.foreseen == ["proposed"])
        #expect(script.engine.foresight(of: EngineScript.target)?.outcome == "proposed")
        script.publishPrices(round: 2, ether: Self.safe)
        #expect(script.engine.foresight(of: EngineScript.target) == nil)
        #expect(script.persists.isEmpty)
        script.publishPrices(round: 3, ether: Self.low)
        #expect(script.persists.count == 1, "what it foresaw is planned when it comes")
    }

    @Test func `a plan on a pending price is the plan when that price is in force`() {
        var foreseeing = EngineScript(publishes: false, ether: Self.safe)
        foreseeing.publishPending(Self.low, round: 2)
        let said = foreseeing.engine.foresight(of: EngineScript.target)?.facts
        var acting = EngineScript(publishes: false, ether: Self.safe)
        acting.publishPrices(round: 2, ether: Self.low)
        #expect(said?.isEmpty == false)
        #expect(said == acting.proposalFacts)
    }

    /// Nobody is judged before the first price in force, and a book that was moved could not go
    /// back to that.
    @Test func `a keeper that starts foresees nothing before the first price in force`() {
        var script = EngineScript(publishes: false, ether: Self.safe)
        script.restart()
        script.describeVenue()
        script.reportWallet(5_000_000_000)
        script.publishDepth()
        script.publishAccount(version: 1)
        script.tell(
            .pricesPublished(
                [("USD", 1_000_000), ("ETH", Self.low)].map { name, price in
                    PriceUpdate(
                        asset: AssetID(name), kind: .pending, price: UInt256(price), round: 2,
                        sourceAt: script.now)
                }))
        #expect(script.foreseen.isEmpty)
        #expect(script.engine.disagreements().isEmpty)
        script.publishPrices(round: 2, ether: Self.safe)
        script.publishPending(Self.low, round: 3)
        #expect(script.foreseen == ["proposed"])
    }

    @Test func `the guards judge a pending price as they will when it is in force`() {
        var script = EngineScript(publishes: false, ether: Self.safe)
        script.publishPending(Self.safe / 3, round: 2)
        #expect(script.foreseen == ["skipped-price-uncertain"], "a jump that nothing confirms")
        script.publishPending(Self.low, round: 0)
        #expect(script.foreseen.count == 1, "a round that goes back brings nothing")
    }

    @Test func `who comes close is planned at the price where it would cross`() {
        // Eligible below 1,939.76: the debt of 1,610 over the threshold of 83 %.
        var script = Self.scriptNearTheLine()
        let domain = script.engine.domain(EngineScript.venue)
        #expect(domain?.count(below: .armed(marginPpm: 50_000)) == 0)
        script.publishPrices(round: 2, ether: 1_990_000_000)
        #expect(script.foreseen == ["proposed"])
        let facts = script.engine.foresight(of: EngineScript.target)?.facts
        #expect(facts?.first == DecisionFact("at", "ETH 1939759035"))
        #expect(script.persists.isEmpty)
        #expect(script.engine.disagreements().isEmpty)
        let after = script.engine.domain(EngineScript.venue)
        #expect(after?.count(below: .armed(marginPpm: 50_000)) == 1)
        #expect(after?.count(below: .insolvent) == 0)
        script.publishPrices(round: 3, ether: 1_600_000_000)
        #expect(script.engine.domain(EngineScript.venue)?.count(below: .insolvent) == 1)
    }

    @Test func `what is lacking is known before it counts`() {
        var script = Self.scriptNearTheLine(wallet: 0)
        script.publishPrices(round: 2, ether: 1_990_000_000)
        #expect(script.foreseen == ["skipped-no-funds"])
    }

    private static func scriptNearTheLine(wallet: UInt64 = 5_000_000_000) -> EngineScript {
        EngineScript(
            publishes: false, ether: safe, wallet: wallet,
            lines: [.armed(marginPpm: 50_000), .insolvent],
            accounts: [
                EngineScript.borrower(
                    EngineScript.target.account.text, owes: 1_610_000_000,
                    against: EngineScript.ether())
            ])
    }

    @Test func `explain names what is foreseen`() {
        var script = EngineScript(publishes: false, ether: Self.safe)
        script.publishPending(Self.low, round: 2)
        let explanation = script.engine.explain(EngineScript.target, at: script.now)
        #expect(explanation.standing == .healthy)
        #expect(explanation.facts == [DecisionFact("foreseen", "proposed")])
    }
}

extension EngineScript {
    fileprivate var foreseen: [String] {
        effects.compactMap { effect in
            guard case .record(let decision) = effect, decision.verdict == .foreseen else {
                return nil
            }
            return decision.facts.first?.value
        }
    }

    fileprivate var proposalFacts: [DecisionFact]? {
        effects.lazy.compactMap { effect in
            guard case .record(let decision) = effect, case .proposed = decision.verdict else {
                return nil
            }
            return decision.facts
        }.first
    }
}
