import KeeperEngine
import KeeperModel
import Testing
import WideMath

/// Every close that somebody else made gets one cause, out of what was last decided about it.
@Suite struct MissedClosesTests {
    private static let close = ObservedClose(
        target: EngineScript.target, keeper: "other", height: 6,
        paid: AssetAmount(asset: AssetID("USD"), amount: 850_000_000),
        taken: AssetAmount(asset: AssetID("ETH"), amount: 1), valueUnits: 40_000_000)

    private static let gone = EventBody.accountsChanged(
        EngineScript.market, changed: [], removed: [EngineScript.target.account])

    private static func misses(_ script: EngineScript) -> [String] {
        script.effects.compactMap { effect in
            guard case .record(let decision) = effect, case .missed = decision.verdict else {
                return nil
            }
            return decision.verdict.label
        }
    }

    private static func script(_ cause: MissedCause) -> EngineScript {
        switch cause {
        case .notSeen: EngineScript(publishes: false, ether: 2_700_000_000)
        // Without the first word on what it owns nothing is looked at.
        case .seenLate: EngineScript(wallet: nil)
        case .noFunds: EngineScript(wallet: 0)
        case .heldBack:
            EngineScript(
                avoided: AvoidList([
                    AvoidList.Entry(.market(EngineScript.market), reason: "", until: nil)
                ]))
        default: EngineScript()
        }
    }

    @Test(arguments: [MissedCause.notSeen, .seenLate, .noFunds, .heldBack])
    func `what was last said is the cause, also where the account is gone by then`(
        cause: MissedCause
    ) throws {
        for isGoneFirst in [false, true] {
            var script = Self.script(cause)
            if isGoneFirst { script.tell(Self.gone) }
            script.tell(.closesObserved([Self.close]))
            #expect(Self.misses(script) == ["missed-" + cause.rawValue])
            #expect(script.engine.missedCounts == [cause: 1])
        }
    }

    @Test func `with our own close on its way another was faster`() {
        var script = EngineScript()
        _ = script.sent()
        script.tell(.closesObserved([Self.close]))
        #expect(Self.misses(script) == ["missed-seen-late"])
    }

    @Test func `the record says who, what and what it was worth, and nothing else changes`() {
        var script = EngineScript(wallet: 0)
        script.tell(.closesObserved([Self.close]))
        script.publishPrices(round: 2)
        #expect(script.skips == ["skipped-no-funds"], "what was said about it still stands")
        let facts = script.effects.compactMap { effect -> [String]? in
            guard case .record(let decision) = effect, case .missed = decision.verdict else {
                return nil
            }
            return decision.facts.map { "\($0.name)=\($0.value)" }
        }
        #expect(
            facts == [
                [
                    "keeper=other", "at=6", "paid=850000000 USD", "taken=1 ETH", "value=40000000",
                ]
            ])
    }

    @Test(arguments: [
        (RefusalClass.staleVersion, "missed-seen-late"), (.slippage, "missed-reverted"),
    ])
    func `a refusal says whether we were late or failed`(
        refusal: RefusalClass, expected: String
    ) {
        var script = EngineScript()
        let key = script.sent()
        script.tell(.closeAnswered(key, .refused(Refusal(refusal, detail: ""))))
        script.tell(.closesObserved([Self.close]))
        #expect(Self.misses(script) == [expected])
    }

    @Test func `a word is good for one close`() {
        var script = EngineScript(wallet: 0)
        script.tell(Self.gone)
        script.tell(.closesObserved([Self.close, Self.close]))
        #expect(Self.misses(script) == ["missed-no-funds", "missed-not-seen"])
    }
}

/// What is remembered about accounts ends with them.
@Suite struct ForgettingTests {
    private static let gone = EventBody.accountsChanged(
        EngineScript.market, changed: [], removed: [EngineScript.target.account])

    @Test func `an account that is gone before its close is answered leaves nothing behind`() {
        var script = EngineScript()
        let key = script.sent()
        script.tell(Self.gone)
        script.tell(.closeAnswered(key, .settled(script.receipt(key))))
        #expect(script.engine.load.verdictCount == 0)
        #expect(script.engine.load.settledVersionCount == 0)
    }

    @Test func `one of the same name that is opened later is looked at anew`() {
        var script = EngineScript()
        let key = script.sent()
        script.tell(Self.gone)
        script.tell(.closeAnswered(key, .settled(script.receipt(key))))
        script.advance(.seconds(2))
        script.publishAccount(version: 1)
        script.publishPrices(round: 2)
        #expect(script.persists.count == 2)
    }

    @Test func `a whole set without the account ends it as a removal does`() {
        var script = EngineScript(wallet: 0)
        #expect(script.engine.load.verdictCount == 1)
        let other = EngineScript.borrower("other", owes: 1, against: EngineScript.ether())
        script.tell(.accountsReplaced(EngineScript.market, [other]))
        #expect(script.engine.load.verdictCount == 0)
    }
}

/// The guard against jumps.
@Suite struct JumpTests {
    @Test func `the same round once more confirms no jump, a later one does`() {
        var script = EngineScript(publishes: false, ether: 2_900_000_000)
        script.publishPrices(round: 2)
        #expect(script.skips == ["skipped-price-uncertain"])
        script.publishPrices(round: 2)
        #expect(script.persists.isEmpty, "sent again after a reconnection")
        script.publishPrices(round: 3)
        #expect(script.persists.count == 1)
    }
}
