import KeeperEngine
import KeeperModel
import KeeperRisk
import Testing
import WideMath

/// Every account can be asked about, whether it was ever a candidate or not.
@Suite struct ExplainTests {
    private func only(_ script: EngineScript) throws -> Explanation {
        let all = script.engine.explain(EngineScript.target.account, at: script.now)
        #expect(all.count == 1)
        return try #require(all.first)
    }

    @Test func `a healthy account says how far each price is from its line`() throws {
        let script = EngineScript(publishes: false, ether: 2_700_000_000)
        let explanation = try only(script)
        #expect(explanation.standing == .healthy)
        #expect(explanation.healthWad == UInt256(1_318_235_294_117_647_059))
        let ether = try #require(explanation.prices.first { $0.asset == AssetID("ETH") })
        // 1,700 / 0.83, where health rounds to one: there the exact rule still says no.
        let line = try #require(ether.line)
        #expect(line == UInt256(2_048_192_770))
        var below = EngineScript(publishes: false, ether: 2_048_192_770)
        #expect(below.engine.eligibleTargets() == [EngineScript.target])
        below = EngineScript(publishes: false, ether: 2_048_192_771)
        #expect(below.engine.eligibleTargets().isEmpty)
    }

    @Test func `an open intent, a skip and a limit are each named with their reason`() throws {
        var script = EngineScript()
        let key = script.proposed()
        #expect(try only(script).standing == .busy(key))

        let poor = EngineScript(wallet: 0)
        #expect(try only(poor).standing == .skipped(.noFunds))

        var killed = EngineScript(publishes: false, ether: 2_700_000_000)
        killed.tell(.killSwitchSet(true))
        killed.publishPrices(round: 2)
        let refused = try only(killed)
        #expect(refused.standing == .skipped(.refusedByRisk))
        #expect(refused.facts.first == DecisionFact("limit", "kill-switch"))

        script.tell(.intentDurable(key))
        script.tell(.closeAnswered(key, .settled(script.receipt(key))))
        #expect(try only(script).standing == .justClosed)
    }

    @Test func `an account that nobody has is unknown in every market that is followed`() {
        let script = EngineScript()
        let all = script.engine.explain(AccountID("nobody"), at: script.now)
        #expect(all.map(\.standing) == [.unknownAccount])
        #expect(all.map(\.target.market) == [EngineScript.market])
    }

    @Test func `to ask changes nothing`() {
        var asked = EngineScript(publishes: false, ether: 2_700_000_000)
        var unasked = asked
        for round in UInt64(2)...6 {
            let price: UInt64 = round % 2 == 0 ? 1_950_000_000 : 2_700_000_000
            _ = asked.engine.explain(EngineScript.target.account, at: asked.now)
            asked.publishPrices(round: round, ether: price)
            unasked.publishPrices(round: round, ether: price)
        }
        #expect(asked.effects == unasked.effects)
    }
}
