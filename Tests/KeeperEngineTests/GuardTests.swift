import KeeperEngine
import KeeperModel
import KeeperRisk
import Testing
import WideMath

/// What keeps a candidate that pays from being closed: lists, switches, prices that part, and its
/// own failures.
@Suite struct GuardTests {
    private static let paused = MarketSwitch(
        market: EngineScript.market, isClosable: false, closableFrom: nil, implementation: "v1",
        reason: "paused by its owners")

    @Test(arguments: [
        AvoidList.Subject.account(EngineScript.target.account), .asset(AssetID("ETH")),
        .market(EngineScript.market),
    ])
    func `what is on the list is left alone, until the entry expires`(
        subject: AvoidList.Subject
    ) {
        let entry = AvoidList.Entry(
            subject, reason: "under dispute", until: Instant(milliseconds: 1_005_000))
        var script = EngineScript(avoided: AvoidList([entry]))
        #expect(script.persists.isEmpty)
        #expect(script.skips == ["skipped-listed"])
        script.advance(.seconds(5))
        script.publishPrices(round: 2)
        #expect(script.persists.count == 1)
    }

    @Test func `a new version plans small, and whole once the books say it is no longer new`() {
        let canary = CanaryRule(notionalMaxUnits: 200_000_000, wonCountMin: 2)
        let script = EngineScript(limits: EngineScript.limits(canary: canary))
        #expect(script.intents.map(\.run.version) == [1])
        #expect(script.intents.allSatisfy { $0.expectation.notionalUnits <= 200_000_000 })
        #expect(script.intents.allSatisfy { $0.expectation.notionalUnits >= 199_000_000 })

        let run = StrategyRun(StrategyName("s"), version: 1)
        var known = EngineScript(
            publishes: false, ether: 2_700_000_000, limits: EngineScript.limits(canary: canary))
        known.tell(.strategiesRecalled([StrategyRecord(run: run, wonCount: 2)]))
        known.publishPrices(round: 2)
        #expect(known.intents.allSatisfy { $0.expectation.notionalUnits > 800_000_000 })
        #expect(known.intents.count == 1)
    }

    @Test func `a list that speaks of others stops nobody`() {
        let entry = AvoidList.Entry(.account(AccountID("else")), reason: "", until: nil)
        #expect(EngineScript(avoided: AvoidList([entry])).persists.count == 1)
    }

    @Test func `a paused market is planned for the end of its grace period`() {
        var script = EngineScript(publishes: false, ether: 2_700_000_000)
        script.tell(.marketSwitched(Self.paused))
        script.publishPrices(round: 2)
        #expect(script.skips == ["skipped-market-switched"])
        let open = MarketSwitch(
            market: EngineScript.market, isClosable: true,
            closableFrom: Instant(milliseconds: 1_004_000), implementation: "v1",
            reason: "grace period")
        script.tell(.marketSwitched(open))
        #expect(script.persists.isEmpty)
        #expect(script.alarms.contains(.marketOpens(EngineScript.market)))
        script.advance(.seconds(4))
        script.tell(.timerFired(.marketOpens(EngineScript.market)))
        #expect(script.persists.count == 1, "at the first moment that it may be closed")
    }

    @Test func `code that our rules were not written for is watched only`() {
        var script = EngineScript(publishes: false, ether: 2_700_000_000)
        for version in ["v1", "v2"] {
            script.tell(
                .marketSwitched(
                    MarketSwitch(
                        market: EngineScript.market, isClosable: true, closableFrom: nil,
                        implementation: version, reason: "")))
        }
        script.publishPrices(round: 2)
        #expect(script.persists.isEmpty)
        #expect(script.skips == ["skipped-market-switched"])
    }

    @Test func `row 16: while clocks part nothing is planned, and once they agree it is`() {
        var script = EngineScript(publishes: false, ether: 2_700_000_000)
        script.tell(.clocksParted(TimeSpan(nanoseconds: -3_600_000_000_000)))
        script.publishPrices(round: 2)
        #expect(script.persists.isEmpty)
        #expect(script.skips == ["skipped-clocks-part"])
        script.tell(.clocksParted(nil))
        #expect(script.persists.count == 1, "at once, not with the next price")
    }

    // MARK: Prices that part

    private static func parting(_ policy: PartingRule.Policy) -> EngineScript {
        var script = EngineScript(
            publishes: false, ether: 2_700_000_000,
            parting: PartingRule(
                partingMaxPpm: 30_000, policy: policy, holdMax: .seconds(60)))
        script.publishMarketPrice(2_100_000_000)
        script.publishPrices(round: 2)
        return script
    }

    @Test func `where eligible and market price part, the operator's policy decides`() {
        #expect(Self.parting(.act).persists.count == 1)
        #expect(Self.parting(.skip).skips == ["skipped-prices-part"])
        #expect(Self.parting(.hold).skips == ["skipped-held"])
    }

    @Test func `prices that part between the decision and the send stop it`() {
        var script = EngineScript(
            parting: PartingRule(partingMaxPpm: 30_000, policy: .skip, holdMax: .seconds(60)))
        let key = script.proposed()
        script.publishMarketPrice(2_100_000_000)
        script.tell(.intentDurable(key))
        #expect(script.submits.isEmpty)
        #expect(script.conclusions == [key.text + " cancelled"])
    }

    @Test(arguments: [
        "the operator's list", "the venue's switch", "clocks that part", "a gap in the accounts",
    ])
    func `what comes between the decision and the send stops it too`(cause: String) {
        var script = EngineScript()
        let key = script.proposed()
        switch cause {
        case "the operator's list":
            script.avoid(
                AvoidList([
                    AvoidList.Entry(
                        .account(EngineScript.target.account), reason: "under dispute",
                        until: Instant(milliseconds: 2_000_000))
                ]))
        case "the venue's switch": script.tell(.marketSwitched(Self.paused))
        case "clocks that part": script.tell(.clocksParted(.seconds(6)))
        default: script.tell(.gapDetected(EngineScript.market))
        }
        script.tell(.intentDurable(key))
        #expect(script.submits.isEmpty)
        #expect(script.conclusions == [key.text + " cancelled"])
    }

    @Test func `a held plan goes on with a person's word, and is planned anew then`() {
        var script = Self.parting(.hold)
        script.advance(.seconds(5))
        script.publishMarketPrice(2_100_000_000)
        script.tell(.approvalGiven(EngineScript.target))
        #expect(script.persists.count == 1)
    }

    @Test func `without a word in time it is skipped, and a later word changes nothing`() {
        var script = Self.parting(.hold)
        #expect(script.alarms.contains(.holdEnds(EngineScript.target)))
        script.advance(.seconds(60))
        script.publishMarketPrice(2_100_000_000)
        script.publishPrices(round: 3)
        #expect(script.skips.first == "skipped-held")
        #expect(script.skips.last == "skipped-prices-part")
        script.tell(.approvalGiven(EngineScript.target))
        #expect(script.persists.isEmpty)
    }

    @Test func `a market price that is old or close by holds nothing up`() {
        var old = Self.parting(.skip)
        old.advance(.seconds(11))
        old.publishPrices(round: 3)
        #expect(old.persists.count == 1, "the market's price is older than ten seconds")
        var near = EngineScript(
            publishes: false, ether: 2_700_000_000,
            parting: PartingRule(
                partingMaxPpm: 30_000, policy: .skip, holdMax: .seconds(60)))
        near.publishMarketPrice(1_960_000_000)
        near.publishPrices(round: 2)
        #expect(near.persists.count == 1)
    }

    @Test func `where a price of the market is needed, nothing is planned without a fresh one`() {
        var script = EngineScript(marketPriceNeeded: [AssetID("ETH")])
        #expect(script.skips == ["skipped-price-uncertain"])
        #expect(script.persists.isEmpty)
        script.publishMarketPrice(1_950_000_000)
        #expect(script.persists.count == 1)
        var late = EngineScript(
            publishes: false, ether: 2_700_000_000, marketPriceNeeded: [AssetID("ETH")])
        late.publishMarketPrice(1_950_000_000)
        late.advance(.seconds(11))
        late.publishPrices(round: 2)
        late.publishPrices(round: 3)
        #expect(late.skips.last == "skipped-price-uncertain")
        #expect(late.persists.isEmpty)
    }

    @Test func `a lost feed of one asset stops nobody who does not hold it`() {
        let script = EngineScript(marketPriceNeeded: [AssetID("BTC")])
        #expect(script.persists.count == 1)
    }

    @Test func `sources of one domain are asked for in that domain and in no other`() {
        let ether: Set<AssetID> = [AssetID("ETH")]
        let here = EngineScript(marketPriceNeededIn: [EngineScript.venue: ether])
        #expect(here.skips == ["skipped-price-uncertain"])
        let elsewhere = EngineScript(marketPriceNeededIn: [DomainID("elsewhere"): ether])
        #expect(elsewhere.persists.count == 1)
    }

    @Test func `a market price that is lost between the decision and the send stops it`() {
        var script = EngineScript(
            publishes: false, ether: 2_700_000_000, marketPriceNeeded: [AssetID("ETH")])
        script.publishMarketPrice(1_950_000_000)
        script.publishPrices(round: 2)
        script.publishPrices(round: 3)
        guard let key = script.persists.first else {
            Issue.record("it is planned")
            return
        }
        script.advance(.seconds(11))
        script.publishPrices(round: 4)
        script.tell(.intentDurable(key))
        #expect(script.submits.isEmpty)
        #expect(script.conclusions == [key.text + " cancelled"])
    }

    // MARK: Quarantine

    @Test func `failures in a row rest the target ever longer, and say why`() {
        var script = EngineScript()
        var rests: [Int64] = []
        for attempt in 0..<6 {
            guard let key = script.persists.last, script.persists.count == attempt + 1 else {
                Issue.record("attempt \(attempt) is made")
                return
            }
            script.tell(.intentDurable(key))
            script.tell(.closeAnswered(key, .refused(Refusal(.slippage, detail: ""))))
            rests.append(script.coolDownDelays.last ?? 0)
            script.publishPrices(round: UInt64(100 + 2 * attempt))
            script.advance(.milliseconds(rests.last ?? 0))
            script.publishPrices(round: UInt64(101 + 2 * attempt))
        }
        #expect(rests == [2_000, 2_000, 4_000, 8_000, 16_000, 32_000])
        #expect(script.skips.contains("skipped-cool-down"))
        #expect(script.skips.last == "skipped-quarantined")
    }

    @Test func `a success ends the count of failures`() {
        var script = EngineScript()
        for _ in 0..<2 {
            let key = script.sent()
            script.tell(.closeAnswered(key, .refused(Refusal(.slippage, detail: ""))))
            script.advance(.seconds(3))
            script.publishDepth()
            script.publishPrices(round: UInt64(100 + script.persists.count))
        }
        let key = script.sent()
        script.tell(.closeAnswered(key, .settled(script.receipt(key))))
        script.advance(.seconds(2))
        script.publishAccount(version: 2)
        script.publishPrices(round: 200)
        let next = script.sent()
        script.tell(.closeAnswered(next, .refused(Refusal(.slippage, detail: ""))))
        #expect(script.coolDownDelays.last == 2_000)
    }
}
