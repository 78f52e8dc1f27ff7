import KeeperCodec
import KeeperEngine
import KeeperModel
import KeeperRisk
import KeeperStrategy
import Testing
import WideMath

/// The life of a transfer: proposed, approved, journaled, sent, unknown, resolved, ended.
@Suite struct TreasuryTests {
    static let usd = AssetID("USD")
    static let target = Target.treasury(of: usd, in: EngineScript.venue)

    static func rules(
        automatic: Bool = true, perDay: UInt256 = 1_000_000_000, asset: String = "USD",
        decimals: UInt8 = 6
    ) -> TreasuryRules {
        TreasuryRules(
            isAutomatic: automatic, coolDown: .seconds(60), gasPerTransferMaxUnits: 50_000_000,
            purses: [
                PurseRule(
                    domain: EngineScript.venue, asset: AssetID(asset), decimals: decimals,
                    floor: 100_000_000, target: 200_000_000, ceiling: 400_000_000,
                    perTransferMax: 300_000_000, perDayMax: perDay)
            ])
    }

    /// Nobody can be closed, 50 USD are at hand, 500 are kept aside.
    static func script(
        _ rules: TreasuryRules = rules(), wallet: UInt64 = 50_000_000,
        reserve: UInt64 = 500_000_000, movesReserve: Bool = true, chain: ChainTerms? = nil
    ) -> EngineScript {
        var script = EngineScript(
            publishes: false, ether: 2_700_000_000, wallet: wallet, chain: chain,
            limits: EngineScript.limits(treasury: rules), movesReserve: movesReserve)
        script.tell(.reserveReported([AssetAmount(asset: usd, amount: UInt256(reserve))]))
        return script
    }

    static func receipt(_ key: ClientID, _ amount: Int256, at height: UInt64 = 6) -> CloseReceipt {
        CloseReceipt(
            clientID: key, fillID: "transfer-1", height: height,
            settledAt: Instant(milliseconds: 1),
            movements: [
                Movement(
                    asset: usd, amount: amount, cause: amount.isNegative ? .swept : .toppedUp,
                    valueUnits: amount)
            ], settlements: [])
    }

    @Test func `a purse below its floor is topped up once, from intent to booking`() {
        var script = Self.script()
        #expect(
            script.intents.map(\.plan.action)
                == [
                    .transfer(
                        ReserveTransfer(
                            asset: Self.usd, amount: 150_000_000, direction: .topUp))
                ])
        #expect(script.submits.isEmpty, "not before it is durable")
        script.reportWallet(50_000_000)
        #expect(script.intents.count == 1, "one is open")
        let key = script.sent()
        #expect(script.submits == [key])
        script.tell(.closeAnswered(key, .settled(Self.receipt(key, 150_000_000))))
        #expect(script.conclusions == [key.text + " won"])
        let (risk, venue) = (script.engine.risk, EngineScript.venue)
        #expect(risk.inventory(of: venue).owned(Self.usd) == 200_000_000)
        #expect(risk.reserve(of: venue).owned(Self.usd) == 350_000_000)
        #expect(risk.reserve(of: venue).reservationCount == 0)
    }

    @Test func `what is above the ceiling is swept, and what a close has reserved stays`() {
        var script = EngineScript(
            wallet: 5_000_000_000, limits: EngineScript.limits(treasury: Self.rules()),
            movesReserve: true)
        let close = script.proposed()
        let reserved = script.engine.risk.inventory(of: EngineScript.venue).reserved(Self.usd)
        #expect(!reserved.isZero)
        script.tell(.reserveReported([]))
        let sweep = script.intents.last?.plan.action.transfer
        #expect(sweep?.direction == .sweep)
        #expect(sweep?.amount == 300_000_000, "what one transfer may move")
        #expect(script.intents.map(\.plan.clientID) != [close])
        let inventory = script.engine.risk.inventory(of: EngineScript.venue)
        #expect(inventory.reserved(Self.usd) == reserved + 300_000_000)
    }

    @Test func `without the automatic mode a transfer that is due is said and not made`() {
        var script = Self.script(Self.rules(automatic: false))
        #expect(script.intents.isEmpty)
        #expect(script.skips == ["skipped-transfer-due"])
        guard let plan = script.plan else {
            Issue.record("there is a plan")
            return
        }
        script.tell(.transfersApproved(plan: plan.name))
        #expect(script.intents.map(\.plan.action.transfer) == [plan.transfers[0]])
    }

    @Test func `a plan that changed since it was shown is not carried out`() {
        var script = Self.script(Self.rules(automatic: false))
        let name = script.plan?.name ?? ""
        script.reportWallet(60_000_000)
        script.tell(.transfersApproved(plan: name))
        #expect(script.intents.isEmpty)
        #expect(script.skips.last == "skipped-plan-changed")
    }

    @Test func `under the kill switch nothing is moved, and afterwards it is`() {
        var script = Self.script(wallet: 150_000_000)
        script.tell(.killSwitchSet(true))
        script.reportWallet(50_000_000)
        #expect(script.intents.isEmpty)
        #expect(script.skips == ["skipped-refused-by-risk"])
        script.tell(.killSwitchSet(false))
        script.reportWallet(50_000_000)
        #expect(script.intents.count == 1)
    }

    @Test func `a kill switch between intent and bytes keeps the bytes here`() {
        var script = Self.script()
        script.tell(.killSwitchSet(true))
        script.tell(.intentDurable(script.proposed()))
        #expect(script.submits.isEmpty)
        #expect(script.conclusions.map { $0.hasSuffix(" cancelled") } == [true])
    }

    @Test func `a reserve that is empty is said once and never asked again and again`() {
        var script = Self.script(reserve: 0)
        for _ in 0..<20 {
            script.advance(.seconds(30))
            script.reportWallet(50_000_000)
        }
        #expect(script.intents.isEmpty)
        #expect(script.skips == ["skipped-reserve-short"])
        script.reportWallet(150_000_000)
        #expect(script.verdicts.last == "recovered")
    }

    @Test func `the day's limit holds, across a restart too, and ends after a day`() {
        var script = Self.script(Self.rules(perDay: 160_000_000))
        let key = script.sent()
        script.tell(.closeAnswered(key, .settled(Self.receipt(key, 150_000_000))))
        script.advance(.seconds(120))
        script.tell(.balancesReported([]), height: 7)
        #expect(script.intents.last?.plan.action.transfer?.amount == 10_000_000)
        script.restart()
        script.describeVenue()
        let ended = PastDay.Ending(
            .won(Self.receipt(key, 160_000_000)), of: Self.target, approvedAt: script.now,
            endedAt: script.now)
        script.tell(.pastDayRecalled(PastDay(endings: [ended])))
        script.tell(.reserveReported([AssetAmount(asset: Self.usd, amount: 900_000_000)]))
        script.reportWallet(0)
        #expect(script.intents.isEmpty)
        #expect(script.skips.last == "skipped-transfers-per-day")
        script.advance(.seconds(86_401))
        script.reportWallet(0)
        #expect(script.intents.count == 1)
    }

    @Test func `after a transfer the asset rests, so nothing moves to and fro`() {
        var script = Self.script()
        let key = script.sent()
        script.tell(.closeAnswered(key, .settled(Self.receipt(key, 150_000_000))))
        script.advance(.seconds(59))
        script.tell(.balancesReported([]), height: 7)
        #expect(script.intents.count == 1)
        script.advance(.seconds(2))
        script.tell(.balancesReported([]), height: 7)
        #expect(script.intents.count == 2)
    }

    @Test func `an answer that never comes is asked about, sent again, and voided`() {
        var script = Self.script()
        let key = script.sent()
        for _ in 0..<3 {
            script.tell(.closeAnswered(key, .unknown(evidence: "timed out")))
            script.tell(.timerFired(.resolve(key)))
            script.tell(.closeAnswered(key, .notFound))
        }
        #expect(script.submits == [key, key, key])
        #expect(script.voids == [key])
        script.tell(.closeAnswered(key, .voided))
        #expect(script.conclusions == [key.text + " voided"])
        #expect(script.engine.risk.reserve(of: EngineScript.venue).reservationCount == 0)
    }

    @Test func `a recovered transfer is resolved and never sent anew`() {
        var script = Self.script()
        let intent = script.intents[0]
        script.restart()
        script.describeVenue()
        script.tell(.intentRecovered(RecoveredIntent(intent: intent, attempts: [])))
        script.tell(.reserveReported([AssetAmount(asset: Self.usd, amount: 500_000_000)]))
        script.reportWallet(50_000_000)
        #expect(script.lookUps == [intent.plan.clientID])
        #expect(script.intents.isEmpty, "its asset is busy")
        script.tell(.closeAnswered(intent.plan.clientID, .notFound))
        #expect(script.submits.isEmpty)
        #expect(script.voids == [intent.plan.clientID])
    }

    @Test(arguments: [
        (asset: "USD", movesReserve: false, words: "keeps no reserve"),
        (asset: "ETH", movesReserve: true, words: "has 18 decimals"),
    ])
    func `where something stands in the way it is said, and nothing is moved`(
        asset: String, movesReserve: Bool, words: String
    ) {
        let script = Self.script(Self.rules(asset: asset), movesReserve: movesReserve)
        let obstacle = script.engine.treasuryObstacle(in: EngineScript.venue)
        #expect(obstacle?.contains(words) == true)
        #expect(script.intents.isEmpty)
        #expect(script.plan == nil)
    }

    @Test func `a keeper that drains begins no transfer`() {
        var script = Self.script(wallet: 150_000_000)
        script.tell(.drainRequested)
        script.reportWallet(50_000_000)
        #expect(script.intents.isEmpty)
        #expect(script.isDrained)
    }

    @Test func `the treasury's state goes through a checkpoint`() throws {
        var script = Self.script()
        let key = script.sent()
        var copy = try script.throughCheckpoint()
        for body in [
            EventBody.closeAnswered(key, .settled(Self.receipt(key, 150_000_000))),
            .balancesReported([AssetAmount(asset: Self.usd, amount: 20_000_000)]),
        ] {
            script.tell(body, height: 7)
            copy.tell(body, height: 7)
        }
        script.advance(.seconds(61))
        copy.advance(.seconds(61))
        script.reportWallet(20_000_000)
        copy.reportWallet(20_000_000)
        #expect(script.intents.count == 2)
        #expect(copy.intents == Array(script.intents.dropFirst()))
    }

    @Test func `on a chain a transfer has a nonce and a bid, and takes no more gas than it may`() {
        var script = Self.script(chain: ChainTests.terms)
        script.tell(.chainReported(ChainTests.news(gwei: 10)))
        script.tell(
            .balancesReported([
                AssetAmount(asset: Self.usd, amount: 50_000_000),
                AssetAmount(asset: AssetID("ETH"), amount: EngineScript.ether()),
            ]))
        let key = script.sent()
        let bid = script.attempts.first?.bid
        #expect(bid?.nonce == 7)
        #expect((bid?.costMaxUnits ?? .max) <= 50_000_000)
        let inclusion = Inclusion(
            result: .settled, receipt: Self.receipt(key, 150_000_000))
        script.tell(.closeAnswered(key, .included(inclusion, isFinal: false)), height: 6)
        #expect(script.booked == [key])
        let venue = EngineScript.venue
        #expect(script.engine.risk.reserve(of: venue).owned(Self.usd) == 350_000_000)
        script.tell(.reorganised, height: 5)
        #expect(script.reversed == [key])
        #expect(script.engine.risk.reserve(of: venue).reserved(Self.usd) == 150_000_000)
    }
}
