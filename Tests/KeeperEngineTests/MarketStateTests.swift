import KeeperEngine
import KeeperModel
import Testing
import WideMath

/// What a venue says of its markets' states, now and ahead, and what is planned there.
@Suite struct MarketStateTests {
    private static func standing(
        _ state: MarketState?, next: AnnouncedState? = nil
    ) -> MarketSwitch {
        MarketSwitch(
            market: EngineScript.market, isClosable: state?.takesCloses ?? false,
            closableFrom: nil, implementation: "", reason: "said so", state: state,
            sinceHeight: 3, next: next)
    }

    private static func told(_ state: MarketState?, from height: UInt64) -> AnnouncedState {
        AnnouncedState(state: state, effectiveHeight: height, reason: "told ahead")
    }

    private static func script(_ change: MarketSwitch) -> EngineScript {
        var script = EngineScript(publishes: false, ether: 2_700_000_000)
        script.tell(.marketSwitched(change))
        script.publishPrices(round: 2)
        return script
    }

    @Test(arguments: [
        (MarketState.open, true), (.reduceOnly, true), (.halted, false), (.settling, false),
    ])
    func `closes are planned where they are taken, for a close reduces`(
        state: MarketState, isPlanned: Bool
    ) {
        let script = Self.script(Self.standing(state))
        #expect(script.persists.isEmpty != isPlanned)
        #expect(script.skips == (isPlanned ? [] : ["skipped-market-switched"]))
    }

    @Test func `a word that nobody knows is no permission`() {
        let script = Self.script(Self.standing(nil))
        #expect(script.persists.isEmpty)
        #expect(script.skips == ["skipped-market-switched"])
    }

    @Test func `what was told ahead is in force at its height without another word`() {
        let halt = Self.standing(.open, next: Self.told(.halted, from: 7))
        #expect(Self.script(halt).persists.count == 1, "height 5 is in time")
        var late = EngineScript(publishes: false, ether: 2_700_000_000)
        late.tell(.marketSwitched(halt))
        late.publishPrices(round: 2, height: 7)
        #expect(late.persists.isEmpty)
        #expect(late.skips == ["skipped-market-switched"])
    }

    @Test func `a market that opens at a height is planned for at that height`() {
        var script = Self.script(
            Self.standing(.halted, next: Self.told(.reduceOnly, from: 7)))
        script.publishPrices(round: 3, height: 6)
        #expect(script.persists.isEmpty)
        let facts = script.facts(of: .skipped(.marketSwitched))
        #expect(facts.contains(DecisionFact("untilHeight", "7")))
        script.publishPrices(round: 4, height: 7)
        #expect(script.persists.count == 1)
    }

    /// A call leaves for the next height at the earliest.
    @Test(arguments: [(UInt64(6), false), (7, true)])
    func `on a chain nothing is sent that could only arrive too late`(
        haltedFrom: UInt64, isPlanned: Bool
    ) {
        var script = ChainTests.script(crosses: false)
        script.tell(
            .marketSwitched(
                Self.standing(.open, next: Self.told(.halted, from: haltedFrom))))
        script.publishPrices(round: 2)
        #expect(script.persists.isEmpty != isPlanned)
        #expect(script.skips == (isPlanned ? [] : ["skipped-market-closing"]))
        if !isPlanned {
            let facts = script.facts(of: .skipped(.marketClosing))
            #expect(facts.contains(DecisionFact("fromHeight", "6")))
            #expect(facts.contains(DecisionFact("state", "halted")))
        }
    }

    @Test func `an intent that waits for the disk while its market is halted is not sent`() {
        var script = EngineScript()
        let key = script.proposed()
        script.tell(.marketSwitched(Self.standing(.halted)))
        script.tell(.intentDurable(key))
        #expect(script.submits.isEmpty)
        #expect(script.conclusions == [key.text + " cancelled"])
    }

    @Test func `a checkpoint keeps what was told ahead`() throws {
        var script = EngineScript(publishes: false, ether: 2_700_000_000)
        script.tell(
            .marketSwitched(Self.standing(.open, next: Self.told(.halted, from: 7))))
        var copy = try script.throughCheckpoint()
        copy.publishPrices(round: 2, height: 7)
        #expect(copy.persists.isEmpty)
        #expect(copy.skips == ["skipped-market-switched"])
    }

    /// A bid that is opened at height 9, placed at height 5.
    @Test(arguments: [
        (MarketState.halted, UInt64(9), Optional(SkipReason.marketClosing)),
        (.halted, 10, nil), (.settling, 6, nil), (.settling, 5, .marketSwitched),
        (.reduceOnly, 6, nil),
    ])
    func `a sealed bid has to be opened, and where a market settles it still is`(
        state: MarketState, from: UInt64, expected: SkipReason?
    ) {
        var script = EngineScript()
        let market = MarketID("offers")
        let terms = OfferTerms(
            market: market, allocation: .sealedBid,
            pay: AssetDescription(asset: AssetID("USD"), decimals: 6),
            assets: [AssetDescription(asset: AssetID("ETH"), decimals: 18)])
        let known = EngineScript.description()
        script.tell(
            .venueDescribed(
                VenueDescription(
                    quote: known.quote, assets: known.assets, markets: [.offers(terms)],
                    capabilities: known.capabilities, chain: nil)))
        let offer = OfferPosition(
            payAmount: 1, takeAsset: AssetID("ETH"), takeAmount: 1, closesAtHeight: 9,
            expiresAtHeight: 30)
        let state1 = AccountState(
            account: AccountID("o-1"), version: 1, position: .offer(offer))
        script.tell(.accountsReplaced(market, [state1]))
        script.tell(
            .marketSwitched(
                MarketSwitch(
                    market: market, isClosable: true, closableFrom: nil, implementation: "",
                    reason: "", state: .open, next: Self.told(state, from: from))))
        let target = Target(
            domain: EngineScript.venue, market: market, account: AccountID("o-1"))
        let closed = script.engine.domain(EngineScript.venue)?.closedMarket(
            of: target, at: script.now)
        #expect(closed?.reason == expected)
    }

    @Test func `what is said to people names state, height and what comes`() {
        let script = Self.script(
            Self.standing(.halted, next: Self.told(.open, from: 9)))
        let words = script.engine.domain(EngineScript.venue)?.switchWords.map(\.words)
        #expect(words == ["halted since height 3: said so; open from height 9"])
        let open = Self.script(Self.standing(.open))
        #expect(open.engine.domain(EngineScript.venue)?.switchWords.isEmpty == true)
    }
}

extension EngineScript {
    fileprivate func facts(of verdict: Verdict) -> [DecisionFact] {
        effects.flatMap { effect -> [DecisionFact] in
            guard case .record(let decision) = effect, decision.verdict == verdict else {
                return []
            }
            return decision.facts
        }
    }
}
