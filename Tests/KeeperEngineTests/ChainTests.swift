import KeeperEngine
import KeeperModel
import KeeperRisk
import KeeperStrategy
import Testing
import WideMath

/// The life of a close where calls go through a pool into blocks that may be taken back.
@Suite struct ChainTests {
    static let terms = terms(gasAsset: "ETH")

    static func terms(gasAsset: String) -> ChainTerms {
        ChainTerms(
            gasAsset: AssetID(gasAsset), finalityHeights: 3, bumpMinPpm: 125_000,
            gasPerClose: 500_000,
            gasPerCancel: 21_000,
            lanes: [
                Lane(name: LaneName("pool"), laneClass: .open),
                Lane(name: LaneName("relay"), laneClass: .confidential),
            ])
    }

    static let wallet: [(String, UInt256)] = [
        ("USD", 5_000_000_000), ("ETH", 1_000_000_000_000_000_000),
    ]

    static func script(
        lane: LaneClass = .open, gwei: UInt64? = 10, nonce: UInt64 = 7, offerPpm: UInt64 = 100_000,
        raiseEvery: UInt64 = 2, gasAsset: String = "ETH", wallet: [(String, UInt256)] = wallet,
        limits: RiskLimits = EngineScript.limits(), accounts: [AccountState]? = nil,
        crosses: Bool = true
    ) -> EngineScript {
        var script = EngineScript(
            publishes: false, ether: 2_700_000_000, chain: terms(gasAsset: gasAsset),
            bid: BidRule(
                laneClass: lane, offerPpm: offerPpm, capPpm: 600_000,
                raiseEveryHeights: raiseEvery),
            limits: limits, accounts: accounts)
        script.tell(
            .balancesReported(
                wallet.map { AssetAmount(asset: AssetID($0.0), amount: $0.1) }))
        if let gwei { script.tell(.chainReported(news(gwei: gwei, nonce: nonce))) }
        if crosses { script.publishPrices(round: 2) }
        return script
    }

    static func news(gwei: UInt64, nonce: UInt64 = 7) -> ChainNews {
        ChainNews(
            gas: GasPrice(
                baseFee: UInt256(gwei) * UInt256(1_000_000_000), usualTip: 1_000_000_000),
            nextNonce: nonce)
    }

    static func gas(_ key: ClientID, height: UInt64) -> CloseReceipt {
        CloseReceipt(
            clientID: key, fillID: "\(height)-\(key)", height: height,
            settledAt: Instant(milliseconds: 0),
            movements: [
                Movement(asset: AssetID("ETH"), amount: -9, cause: .gas, valueUnits: -2)
            ], settlements: [])
    }

    @Test func `a close is won only after its inclusion is final`() {
        var script = Self.script()
        let key = script.sent()
        script.tell(.closeAnswered(key, .accepted))
        #expect(script.conclusions.isEmpty, "in the pool is not won")
        let inclusion = Inclusion(result: .settled, receipt: script.receipt(key))
        script.tell(.closeAnswered(key, .included(inclusion, isFinal: false)))
        #expect(script.conclusions.isEmpty, "included is not won")
        #expect(script.booked == [key])
        #expect(script.engine.risk.isBusy(EngineScript.target))
        script.tell(.closeAnswered(key, .included(inclusion, isFinal: true)), height: 8)
        #expect(script.conclusions == [key.text + " won"])
        #expect(script.booked == [key], "booked once")
    }

    @Test func `a reorganisation takes the booking back and asks again`() {
        var script = Self.script()
        let key = script.sent()
        let inclusion = Inclusion(result: .settled, receipt: script.receipt(key))
        script.tell(.closeAnswered(key, .included(inclusion, isFinal: false)))
        script.tell(.reorganised, height: 4)
        #expect(script.reversed == [key])
        #expect(script.lookUps == [key])
        #expect(script.engine.risk.inventory(of: EngineScript.venue).reservationCount == 1)
        script.tell(.closeAnswered(key, .notFound), height: 4)
        #expect(script.submits.count == 1, "accounts are not known again yet")
        script.publishAccount(version: 1)
        script.publishPrices(round: 1, ether: 2_700_000_000, height: 4)
        script.tell(.timerFired(.resolve(key)), height: 4)
        script.tell(.closeAnswered(key, .notFound), height: 4)
        #expect(script.attempts.map(\.purpose) == [.close, .cancel], "it is healthy now")
    }

    @Test func `an inclusion below the height that still stands stays booked`() {
        var script = Self.script()
        let key = script.sent()
        let inclusion = Inclusion(result: .settled, receipt: script.receipt(key))
        script.tell(.closeAnswered(key, .included(inclusion, isFinal: false)))
        script.tell(.reorganised, height: 5)
        #expect(script.reversed.isEmpty)
    }

    @Test func `a call that was passed over is raised under the same nonce, in the same lane`() {
        var script = Self.script(lane: .confidential)
        let key = script.sent()
        script.tell(.closeAnswered(key, .accepted))
        script.tell(.chainReported(Self.news(gwei: 10)), height: 6)
        script.tell(.closeAnswered(key, .accepted), height: 6)
        #expect(script.attempts.count == 1, "its time has not come")
        script.tell(.chainReported(Self.news(gwei: 10)), height: 7)
        script.tell(.closeAnswered(key, .accepted), height: 7)
        #expect(script.attempts.map(\.number) == [1, 2])
        #expect(script.attempts.map(\.lane.laneClass) == [.confidential, .confidential])
        let bids = script.attempts.compactMap(\.bid)
        #expect(bids.map(\.nonce) == [7, 7])
        #expect(bids[1].feeMax * UInt256(8) > bids[0].feeMax * UInt256(9), "an eighth at least")
        #expect(bids[1].tip * UInt256(8) > bids[0].tip * UInt256(9))
    }

    @Test func `bids stop at the share of profit that the strategy allows`() {
        var script = Self.script(raiseEvery: 1)
        let key = script.sent()
        for height in UInt64(6)...10 {
            script.tell(.chainReported(Self.news(gwei: 10)), height: height)
            script.tell(.closeAnswered(key, .accepted), height: height)
        }
        let costs = script.attempts.filter { $0.purpose == .close }
            .compactMap { $0.bid?.costMaxUnits }
        #expect(costs == costs.sorted())
        guard let expected = script.intents.last?.expectation else {
            Issue.record("a close was proposed")
            return
        }
        let profit = expected.netUnits.magnitude + expected.sendingUnits
        #expect(costs.allSatisfy { $0 * UInt256(10) <= profit * UInt256(6) })
        #expect(costs.count > 1 && costs.count < 6)
    }

    @Test func `what is no longer wanted loses its nonce to a call that does nothing`() {
        var script = Self.script()
        let key = script.sent()
        script.tell(.closeAnswered(key, .accepted))
        script.publishPrices(round: 3, ether: 2_700_000_000, height: 6)
        script.tell(.closeAnswered(key, .accepted), height: 6)
        #expect(script.attempts.map(\.purpose) == [.close, .cancel])
        #expect(script.attempts.map { $0.bid?.nonce } == [7, 7])
        let inclusion = Inclusion(result: .cancelled, receipt: Self.gas(key, height: 7))
        script.tell(.closeAnswered(key, .included(inclusion, isFinal: true)), height: 10)
        #expect(script.conclusions == [key.text + " withdrawn"])
    }

    @Test func `a call that the pool forgot goes again with the same bytes`() {
        var script = Self.script()
        let key = script.sent()
        script.tell(.closeAnswered(key, .accepted))
        script.tell(.closeAnswered(key, .notFound))
        #expect(script.submits == [key, key])
        #expect(script.attempts[0] == script.attempts[1])
    }

    @Test func `a spent nonce is a question about all our attempts, never a failure`() {
        var script = Self.script()
        let key = script.sent()
        script.tell(.closeAnswered(key, .unknown(evidence: "nonce too low")))
        #expect(script.conclusions.isEmpty)
        script.tell(.timerFired(.resolve(key)))
        #expect(script.lookUps == [key])
    }

    @Test func `a failed call costs its gas, and the target rests`() {
        var script = Self.script()
        let key = script.sent()
        let reverted = Inclusion(
            result: .reverted(Refusal(.slippage, detail: "thin")),
            receipt: Self.gas(key, height: 6))
        script.tell(.closeAnswered(key, .included(reverted, isFinal: true)), height: 9)
        #expect(script.conclusions == [key.text + " reverted-slippage"])
        #expect(script.booked == [key])
        script.publishPrices(round: 9, height: 9)
        #expect(script.persists.count == 1, "it rests")
    }

    @Test func `gas without a price, or dearer than the profit, is no ground for a plan`() {
        let unknown = Self.script(gwei: nil)
        #expect(unknown.persists.isEmpty)
        #expect(unknown.skips == ["skipped-cost-unknown"])
        let dear = Self.script(gwei: 40)
        #expect(dear.persists.isEmpty)
        #expect(dear.skips == ["skipped-gas-too-dear"])
        let ruinous = Self.script(gwei: 4_000)
        #expect(ruinous.skips == ["skipped-below-floor"])
    }

    @Test func `a restarted keeper keeps the nonce, and asks before it does anything`() {
        var script = Self.script()
        let key = script.sent()
        guard let intent = script.intents.last, let terms = script.attempts.last else {
            Issue.record("an attempt was made")
            return
        }
        script = EngineScript(
            publishes: false, ether: 2_700_000_000, chain: Self.terms,
            bid: BidRule(
                laneClass: .open, offerPpm: 100_000, capPpm: 600_000, raiseEveryHeights: 2))
        script.tell(.intentRecovered(RecoveredIntent(intent: intent, attempts: [terms])))
        #expect(script.lookUps == [key])
        #expect(script.submits.isEmpty)
        script.tell(.chainReported(Self.news(gwei: 10, nonce: 7)))
        script.tell(.closeAnswered(key, .notFound))
        #expect(script.attempts.map(\.purpose) == [.cancel], "the ether is healthy now")
        #expect(script.attempts.map { $0.bid?.nonce } == [7])
    }

    /// Voided at the venue it would end, its nonce would stay empty, and every later call of ours
    /// would wait for it for ever.
    @Test func `before the venue says whether a chain stands there nothing is voided`() {
        var script = Self.script()
        let key = script.sent()
        guard let intent = script.intents.last, let terms = script.attempts.last else {
            Issue.record("an attempt was made")
            return
        }
        script.restart()
        script.tell(.intentRecovered(RecoveredIntent(intent: intent, attempts: [terms])))
        script.tell(.closeAnswered(key, .notFound))
        #expect(script.voids.isEmpty && script.conclusions.isEmpty)
        #expect(!script.resolveDelays(key).isEmpty, "it is asked about again")
        script.describeVenue()
        script.tell(.timerFired(.resolve(key)))
        script.tell(.closeAnswered(key, .notFound))
        #expect(script.voids.isEmpty)
        #expect(script.engine.risk.isBusy(EngineScript.target))
    }

    @Test func `a cancellation that offers plenty is not raised any more`() throws {
        var script = Self.script()
        let key = script.sent()
        script.tell(.closeAnswered(key, .accepted))
        script.publishPrices(round: 3, ether: 2_700_000_000, height: 6)
        for height in UInt64(6)...400 {
            script.tell(.chainReported(Self.news(gwei: 10)), height: height)
            script.tell(.closeAnswered(key, .accepted), height: height)
        }
        let cancellations = script.attempts.filter { $0.purpose == .cancel }
        let last = try #require(cancellations.last?.bid)
        #expect(cancellations.count > 1, "it is raised")
        #expect(last.tip >= 16_000_000_000, "to sixteen times what others pay")
        #expect(last.tip < 40_000_000_000, "and not for ever")
    }

    @Test func `an intent whose bytes never left ends without a call`() {
        var script = Self.script()
        guard let intent = script.intents.last else {
            Issue.record("a close was proposed")
            return
        }
        script = EngineScript(publishes: false, ether: 2_700_000_000, chain: Self.terms)
        script.tell(.intentRecovered(RecoveredIntent(intent: intent, attempts: [])))
        script.tell(.closeAnswered(intent.plan.clientID, .notFound))
        #expect(script.conclusions == [intent.plan.clientID.text + " cancelled"])
        #expect(script.submits.isEmpty)
    }
}
