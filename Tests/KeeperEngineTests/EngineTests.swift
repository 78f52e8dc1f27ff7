import KeeperEngine
import KeeperModel
import KeeperRisk
import KeeperStrategy
import LiquidationRules
import Testing
import WideMath

/// The life of a close as a transcript: what the engine is told, and what it wants done.
@Suite struct EngineTests {
    @Test func `a candidate is proposed, made durable, sent, won and booked, in that order`() {
        var script = EngineScript()
        let key = script.proposed()
        #expect(script.submits.isEmpty, "no bytes before the intent is durable")
        script.tell(.intentDurable(key))
        #expect(script.submits == [key])
        script.tell(.closeAnswered(key, .settled(script.receipt(key))))
        #expect(script.conclusions == [key.text + " won"])
        #expect(script.engine.risk.inventory(of: EngineScript.venue).reservationCount == 0)
    }

    @Test func `a timeout is unknown: looked up, and never sent as something new`() {
        var script = EngineScript()
        let key = script.sent()
        script.tell(.closeAnswered(key, .unknown(evidence: "timed out")))
        #expect(script.conclusions.isEmpty)
        #expect(script.engine.risk.isBusy(EngineScript.target))
        script.tell(.timerFired(.resolve(key)))
        #expect(script.lookUps == [key])
        script.tell(.closeAnswered(key, .settled(script.receipt(key))))
        #expect(script.conclusions == [key.text + " won"])
    }

    @Test func `absent means the same bytes again, and after three sends a tombstone`() {
        var script = EngineScript()
        let key = script.sent()
        for _ in 0..<2 {
            script.tell(.closeAnswered(key, .unknown(evidence: "reset")))
            script.tell(.timerFired(.resolve(key)))
            script.tell(.closeAnswered(key, .notFound))
        }
        #expect(script.submits == [key, key, key])
        script.tell(.closeAnswered(key, .unknown(evidence: "reset")))
        script.tell(.timerFired(.resolve(key)))
        script.tell(.closeAnswered(key, .notFound))
        #expect(script.submits.count == 3)
        #expect(script.voids == [key])
        script.tell(.closeAnswered(key, .voided))
        #expect(script.conclusions == [key.text + " voided"])
    }

    @Test func `a void that finds the close settled books it`() {
        var script = EngineScript()
        let key = script.recovered(mayHaveBeenSent: true)
        #expect(script.lookUps == [key])
        script.tell(.closeAnswered(key, .notFound))
        #expect(script.voids == [key], "a recovered intent is resolved, never sent anew")
        script.tell(.closeAnswered(key, .settled(script.receipt(key))))
        #expect(script.conclusions == [key.text + " won"])
    }

    @Test func `questions about an unknown are spaced ever wider, up to a bound`() {
        var script = EngineScript()
        let key = script.sent()
        for _ in 0..<9 {
            script.tell(.closeAnswered(key, .unknown(evidence: "timed out")))
            script.tell(.timerFired(.resolve(key)))
        }
        #expect(
            script.resolveDelays(key)
                == [250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000, 8_000])
    }

    @Test func `turned away at the door is no answer about the close`() {
        var script = EngineScript()
        let key = script.sent()
        script.tell(.closeAnswered(key, .refused(Refusal(.rateLimited, detail: ""))))
        #expect(script.conclusions.isEmpty)
        script.tell(.timerFired(.resolve(key)))
        #expect(script.lookUps == [key])
    }

    @Test func `a refusal ends it and the target rests`() {
        var script = EngineScript()
        let key = script.sent()
        script.tell(.closeAnswered(key, .refused(Refusal(.slippage, detail: "thin"))))
        #expect(script.conclusions == [key.text + " refused-slippage"])
        script.publishPrices(round: 50)
        #expect(script.persists.count == 1, "it rests")
        script.advance(.seconds(3))
        script.tell(.timerFired(.coolDown(EngineScript.target)))
        script.publishPrices(round: 51)
        #expect(script.persists.count == 2)
    }

    @Test func `an answer that comes twice changes nothing`() {
        var script = EngineScript()
        let key = script.sent()
        let receipt = script.receipt(key)
        script.tell(.closeAnswered(key, .settled(receipt)))
        script.tell(.closeAnswered(key, .settled(receipt)))
        script.tell(.closeAnswered(key, .refused(Refusal(.healthy, detail: ""))))
        #expect(script.conclusions == [key.text + " won"])
    }

    @Test func `what settled is left alone until the feed shows it`() {
        var script = EngineScript()
        let key = script.sent()
        script.tell(.closeAnswered(key, .settled(script.receipt(key))))
        script.advance(.seconds(60))
        script.tell(.timerFired(.coolDown(EngineScript.target)))
        script.publishPrices(round: 60)
        #expect(script.persists.count == 1, "the account still has the version that was closed")
        script.publishAccount(version: 2)
        #expect(script.persists.count == 2)
    }

    @Test func `between intent and bytes the world may move`() {
        var script = EngineScript()
        let key = script.proposed()
        script.publishPrices(round: 9, ether: 2_700_000_000)
        script.tell(.intentDurable(key))
        #expect(script.submits.isEmpty)
        #expect(script.conclusions == [key.text + " cancelled"])
    }

    @Test func `row 5: a disk that takes longer than a price lives sends nothing`() {
        var script = EngineScript()
        let key = script.proposed()
        script.advance(.seconds(11))
        script.tell(.intentDurable(key))
        #expect(script.submits.isEmpty)
        #expect(script.conclusions == [key.text + " cancelled"])
        // With the next price it is planned anew.
        script.publishPrices(round: 9)
        #expect(script.persists.count == 2)
    }

    @Test func `an old price, a jump and a gap are each no ground for a plan`() {
        var stale = EngineScript(publishes: false)
        stale.publishPrices(round: 2)
        stale.tell(.accountsChanged(EngineScript.market, changed: [], removed: []))
        #expect(stale.persists.isEmpty == false)

        var old = EngineScript(publishes: false, ether: 2_700_000_000)
        old.publishPrices(round: 2, ether: 1_950_000_000, sourceAge: .seconds(60))
        #expect(old.persists.isEmpty)
        #expect(old.skips == ["skipped-price-uncertain"])

        var jump = EngineScript(publishes: false, ether: 3_500_000_000)
        jump.publishPrices(round: 2, ether: 1_950_000_000)
        #expect(jump.persists.isEmpty)
        jump.publishPrices(round: 3, ether: 1_950_000_000)
        #expect(jump.persists.count == 1, "a second round agrees")

        var gap = EngineScript(publishes: false, ether: 2_700_000_000)
        gap.tell(.gapDetected(EngineScript.market))
        gap.publishPrices(round: 2)
        #expect(gap.persists.isEmpty)
        #expect(gap.resyncs == [EngineScript.market])
        #expect(gap.skips == ["skipped-accounts-uncertain"])
    }

    @Test func `a plan waits for the books of its prices, unless they stay away`() {
        var script = EngineScript(publishes: false, ether: 2_700_000_000)
        script.publishPrices(round: 2, height: 6)
        #expect(script.persists.isEmpty)
        #expect(script.skips.isEmpty, "it has not been looked at yet")
        script.publishDepth(height: 6)
        #expect(script.persists.count == 1)

        var alone = EngineScript(publishes: false, ether: 2_700_000_000)
        alone.publishPrices(round: 2, height: 6)
        alone.publishPrices(round: 3, height: 7)
        #expect(alone.persists.count == 1)
    }

    @Test func `nothing is begun before it is known what the keeper owns`() {
        var script = EngineScript(wallet: nil)
        #expect(script.persists.isEmpty)
        script.reportWallet(5_000_000_000)
        script.publishPrices(round: 2)
        #expect(script.persists.count == 1)
    }

    @Test func `draining finishes what is open and begins nothing`() {
        var script = EngineScript()
        let key = script.sent()
        script.tell(.drainRequested)
        #expect(!script.isDrained)
        script.tell(.closeAnswered(key, .refused(Refusal(.healthy, detail: ""))))
        #expect(script.isDrained)
        script.advance(.seconds(60))
        script.tell(.timerFired(.coolDown(EngineScript.target)))
        script.publishPrices(round: 70)
        #expect(script.persists.count == 1)
    }

    @Test func `the same verdict is written once`() {
        var script = EngineScript(publishes: false, ether: 2_700_000_000, wallet: 0)
        for round in UInt64(2)...9 { script.publishPrices(round: round) }
        #expect(script.skips == ["skipped-no-funds"])
    }

    @Test func `the same events give the same effects`() {
        func effects() -> [Effect] {
            var script = EngineScript()
            let key = script.sent()
            script.tell(.closeAnswered(key, .unknown(evidence: "x")))
            return script.effects
        }
        #expect(effects() == effects())
    }

    // MARK: Sets of accounts in pages

    @Test func `half a set is no ground for a plan, and who is in no page is gone`() {
        var script = EngineScript(publishes: false, ether: 2_700_000_000)
        script.publishPage(0, ["b", "c"], isLast: false)
        script.publishPrices(round: 2)
        #expect(script.persists.isEmpty)
        #expect(script.skips == ["skipped-accounts-uncertain", "skipped-accounts-uncertain"])
        script.publishPage(1, ["d"], isLast: true)
        #expect(script.persists.count == 2, "the funds suffice for two")
        script.publishPage(0, ["c"], isLast: false)
        script.publishPage(1, ["d"], isLast: true)
        #expect(script.engine.domain(EngineScript.venue)?.state(of: EngineScript.target) == nil)
        #expect(script.engine.eligibleTargets().map(\.account.text) == ["c", "d"])
    }

    @Test func `a page out of its turn leaves the market uncertain until a whole set has come`() {
        var script = EngineScript(publishes: false, ether: 2_700_000_000)
        script.publishPage(0, ["b"], isLast: false)
        script.publishPage(2, ["d"], isLast: true)
        script.publishPrices(round: 2)
        #expect(script.persists.isEmpty)
        #expect(script.engine.eligibleTargets().map(\.account.text) == ["b"])
        script.publishPage(0, ["b"], isLast: true)
        #expect(script.persists.count == 1)
    }

    /// Where no chain says what a call costs, whoever knows may.
    @Test func `a call that costs more than a close earns is not made`() throws {
        var script = EngineScript(publishes: false, ether: 2_700_000_000)
        script.tell(.callCostReported(3_000_000))
        script.publishPrices(round: 2)
        let expected = try #require(script.intents.first?.expectation)
        #expect(expected.sendingUnits == 3_000_000)
        var free = EngineScript(publishes: false, ether: 2_700_000_000)
        free.publishPrices(round: 2)
        let without = try #require(free.intents.first?.expectation)
        #expect(without.netUnits - expected.netUnits == 3_000_000)
        #expect(without.inventoryNeeded == expected.inventoryNeeded, "nothing is reserved for it")
        var dear = EngineScript(publishes: false, ether: 2_700_000_000)
        dear.tell(.callCostReported(1_000_000_000))
        dear.publishPrices(round: 2)
        #expect(dear.persists.isEmpty)
        #expect(dear.skips == ["skipped-below-floor"])
    }
}
