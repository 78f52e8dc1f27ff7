import KeeperModel
import KeeperRisk
import Testing
import WideMath

@Suite struct RiskGateTests {
    let limits = RiskLimits(
        notionalPerCloseMaxUnits: 10_000, notionalOpenMaxUnits: 15_000, openIntentsMax: 3,
        closesPerHourMax: 4, lossPerHourMaxUnits: 100, lossPerDayMaxUnits: 150,
        gasPerDayMaxUnits: 100,
        failuresPerHourMax: 3, unknownOpenMax: 2,
        profitPlausibleMaxPpm: 200_000)
    let start = Instant(milliseconds: 1_000_000)

    @Test func `a sound intent is approved and holds its target and its funds`() {
        var gate = funded()
        #expect(isApproved(gate.review(intent(1, needs: 600), now: start)))
        #expect(gate.isBusy(target(1)))
        #expect(gate.inventory(of: venue).available(usd) == 400)
    }

    @Test func `one open intent per target`() {
        var gate = funded()
        _ = gate.review(intent(1, key: "a"), now: start)
        #expect(gate.review(intent(1, key: "b"), now: start) == .refused(.targetBusy))
    }

    @Test func `each limit refuses by its own name`() {
        var gate = funded()
        #expect(gate.review(intent(1, notional: 10_001), now: start) == .refused(.notionalPerClose))
        #expect(gate.review(intent(1, gross: 5, cost: 5), now: start) == .refused(.noProfit))
        #expect(gate.review(intent(1, gross: 1_500), now: start) == .refused(.implausibleProfit))
        #expect(gate.review(intent(1, needs: 1_001), now: start) == .refused(.inventory))
        _ = gate.review(intent(1, notional: 9_000), now: start)
        #expect(gate.review(intent(2, notional: 6_001), now: start) == .refused(.notionalOpen))
        _ = gate.review(intent(2, notional: 1_000), now: start)
        _ = gate.review(intent(3, notional: 1_000), now: start)
        #expect(gate.review(intent(4), now: start) == .refused(.openIntents))
        gate.setKillSwitch(true)
        #expect(gate.review(intent(4), now: start) == .refused(.killSwitch))
    }

    @Test func `every ending gives the reservation back`() {
        let endings: [IntentEnding] = [
            .voided, .cancelled(reason: "drain"), .refused(Refusal(.healthy, detail: "")),
            .won(receipt("k1", net: 20)),
        ]
        for ending in endings {
            var gate = funded()
            _ = gate.review(intent(1, needs: 600), now: start)
            gate.conclude(ClientID("k1"), ending, now: start)
            #expect(gate.inventory(of: venue).reservationCount == 0)
            #expect(!gate.isBusy(target(1)))
        }
    }

    @Test func `a win counts at once and is not counted again by the report that has it`() {
        var gate = funded()
        _ = gate.review(intent(1, needs: 600), now: start)
        gate.conclude(ClientID("k1"), .won(receipt("k1", net: 20)), now: start)
        #expect(gate.inventory(of: venue).available(usd) == 1_020)
        gate.reportBalances([AssetAmount(asset: usd, amount: 1_020)], domain: venue, height: 6)
        #expect(gate.inventory(of: venue).available(usd) == 1_020)
        gate.reportBalances([AssetAmount(asset: usd, amount: 7)], domain: venue, height: 5)
        #expect(gate.inventory(of: venue).available(usd) == 1_020, "an older report is no news")
    }

    @Test func `losses stop new business for an hour, then for a day`() {
        var gate = funded()
        lose(120, gate: &gate, key: "k1", at: start)
        #expect(gate.review(intent(2), now: start) == .refused(.lossPerHour))
        let later = start + .seconds(3_601)
        #expect(isApproved(gate.review(intent(2), now: later)))
        gate.conclude(ClientID("k2"), .won(receipt("k2", net: -40)), now: later)
        let evenLater = later + .seconds(3_601)
        #expect(gate.review(intent(3), now: evenLater) == .refused(.lossPerDay))
    }

    @Test func `the number of closes in an hour is bounded`() {
        var gate = funded()
        for number in 1...4 {
            #expect(isApproved(gate.review(intent(number), now: start)))
            gate.conclude(ClientID("k\(number)"), .voided, now: start)
        }
        #expect(gate.review(intent(5), now: start) == .refused(.closesPerHour))
        #expect(isApproved(gate.review(intent(5), now: start + .seconds(3_601))))
    }

    @Test func `a recovered intent is sent again only by readmission`() {
        var gate = funded()
        let recovered = intent(1, notional: 99_999, needs: 600)
        gate.reopen(RecoveredIntent(intent: recovered, attempts: []))
        #expect(gate.inventory(of: venue).available(usd) == 400)
        #expect(isApproved(gate.readmit(attempt(recovered), height: 10, now: start)))
        #expect(
            gate.readmit(attempt(recovered), height: 11, now: start) == .refused(.expired))
        #expect(
            gate.readmit(attempt(intent(2)), height: 1, now: start) == .refused(.expired),
            "never reviewed")
        gate.setKillSwitch(true)
        #expect(
            gate.readmit(attempt(recovered), height: 10, now: start) == .refused(.killSwitch))
        #expect(
            isApproved(
                gate.readmit(
                    attempt(recovered, .cancel, costUnits: 1), height: 11, now: start)),
            "taking a nonce back ends a hazard, whatever the switch says")
    }

    @Test func `gas that is offered and gas that was booked share one budget`() {
        var gate = funded()
        let (first, second) = (intent(1), intent(2))
        #expect(isApproved(gate.review(first, now: start)))
        #expect(isApproved(gate.review(second, now: start)))
        #expect(isApproved(gate.readmit(attempt(first, costUnits: 60), height: 1, now: start)))
        #expect(
            gate.readmit(attempt(second, costUnits: 41), height: 1, now: start)
                == .refused(.gasPerDay), "60 and 41 are more than 100")
        #expect(isApproved(gate.readmit(attempt(second, costUnits: 40), height: 1, now: start)))
        gate.conclude(
            ClientID("k1"),
            .reverted(Refusal(.healthy, detail: ""), gas("k1", units: 30)), now: start)
        #expect(
            isApproved(gate.readmit(attempt(second, costUnits: 70), height: 1, now: start)),
            "what was offered is free again, what was paid is not")
        #expect(
            gate.readmit(attempt(second, costUnits: 71), height: 1, now: start)
                == .refused(.gasPerDay))
        #expect(
            isApproved(
                gate.readmit(
                    attempt(second, costUnits: 100), height: 1, now: start + .seconds(86_401))),
            "a day later it is forgotten")
    }

    @Test func `limits that count over time go on after a restart`() {
        var gate = funded()
        gate.recall(
            PastDay(endings: [
                ended(net: -60, hasFailed: false, hoursAgo: 2),
                ended(net: -60, hasFailed: false, hoursAgo: 0),
                ended(net: -900, hasFailed: false, hoursAgo: 30),
            ]), now: start)
        #expect(isApproved(gate.review(intent(1), now: start)), "60 in the hour, 120 in the day")
        gate.recall(
            PastDay(endings: [ended(net: -41, hasFailed: false, hoursAgo: 0)]), now: start)
        #expect(gate.review(intent(2), now: start) == .refused(.lossPerHour))
    }

    @Test func `failed closes of the last hour stop new ones, recalled ones too`() {
        var gate = funded()
        gate.recall(
            PastDay(endings: [
                ended(net: 0, hasFailed: true, hoursAgo: 0),
                ended(net: 0, hasFailed: true, hoursAgo: 2),
            ]), now: start)
        for number in 1...2 {
            #expect(isApproved(gate.review(intent(number), now: start)))
            gate.conclude(
                ClientID("k\(number)"), .refused(Refusal(.slippage, detail: "")), now: start)
        }
        #expect(gate.review(intent(3), now: start) == .refused(.failuresPerHour))
        #expect(isApproved(gate.review(intent(3), now: start + .seconds(3_601))))
    }

    @Test func `too many unknown outcomes stop new closes`() {
        var gate = funded()
        #expect(gate.review(intent(1), unknownCount: 2, now: start) == .refused(.unknownOutcomes))
        #expect(isApproved(gate.review(intent(1), unknownCount: 1, now: start)))
    }

    /// One that refuses everything is no reason to leave another's accounts alone.
    @Test func `what fails at one venue stops closes there, and nowhere else`() {
        let other = DomainID("other")
        var gate = funded()
        gate.recall(
            PastDay(endings: (1...3).map { _ in ended(net: 0, hasFailed: true, domain: other) }),
            now: start)
        #expect(isApproved(gate.review(intent(1), now: start)))
        gate = funded()
        gate.recall(
            PastDay(endings: (1...3).map { _ in ended(net: 0, hasFailed: true) }), now: start)
        #expect(gate.review(intent(1), now: start) == .refused(.failuresPerHour))
    }

    @Test func `a failure that is kept without its venue counts at each`() {
        var gate = funded()
        let unnamed = (1...3).map { _ in ended(net: 0, hasFailed: true, domain: nil) }
        gate.recall(PastDay(endings: unnamed), now: start)
        #expect(gate.review(intent(1), now: start) == .refused(.failuresPerHour))
    }

    @Test func `what was lost anywhere counts everywhere`() {
        var gate = funded()
        gate.recall(
            PastDay(endings: [ended(net: -101, hasFailed: false, domain: DomainID("other"))]),
            now: start)
        #expect(gate.review(intent(1), now: start) == .refused(.lossPerHour))
    }

    @Test func `a venue that is paused is left alone, its open closes too`() {
        var gate = funded()
        let open = intent(1)
        #expect(isApproved(gate.review(open, now: start)))
        gate.setPaused(true, in: DomainID("other"))
        #expect(isApproved(gate.review(intent(2), now: start)), "it is another's pause")
        gate.setPaused(true, in: venue)
        gate = RiskGate(limits: limits, memory: gate.memory)
        #expect(gate.review(intent(3), now: start) == .refused(.venuePaused))
        let attempt = CloseAttempt(
            intent: open, terms: AttemptTerms(number: 1, purpose: .close, lane: .venueAPI, bid: nil)
        )
        #expect(gate.readmit(attempt, height: 5, now: start) == .refused(.venuePaused))
        gate.setKillSwitch(true)
        gate.setPaused(false, in: venue)
        #expect(gate.review(intent(3), now: start) == .refused(.killSwitch), "each ends its own")
        gate.setKillSwitch(false)
        #expect(isApproved(gate.review(intent(3), now: start)))
    }

    private func ended(
        net: Int, hasFailed: Bool, hoursAgo: Int64 = 0, domain: DomainID? = DomainID("venue")
    ) -> PastDay.Ending {
        let instant = Instant(
            nanoseconds: start.nanoseconds - TimeSpan.seconds(3_600 * hoursAgo).nanoseconds)
        return PastDay.Ending(
            domain: domain, approvedAt: instant, endedAt: instant, netUnits: Int256(net),
            gasUnits: 0, hasFailed: hasFailed)
    }

    @Test func `a fill that a chain takes back is reserved for again`() {
        var gate = funded()
        let spending = intent(1, needs: 600)
        #expect(isApproved(gate.review(spending, now: start)))
        gate.provisionallySettle(ClientID("k1"), receipt("k1", net: -600))
        #expect(gate.inventory(of: venue).available(usd) == 400, "spent, no longer reserved")
        gate.goBack(to: 4, domain: venue, undoing: [ClientID("k1")])
        #expect(gate.inventory(of: venue).owned(usd) == 1_000)
        #expect(gate.inventory(of: venue).available(usd) == 400, "reserved again")
    }

    func attempt(
        _ intent: CloseIntent, _ purpose: AttemptTerms.Purpose = .close, costUnits: UInt64? = nil
    ) -> CloseAttempt {
        let bid = costUnits.map {
            GasBid(nonce: 0, gasLimit: 1, feeMax: 1, tip: 1, costMaxUnits: UInt256($0))
        }
        return CloseAttempt(
            intent: intent,
            terms: AttemptTerms(number: 1, purpose: purpose, lane: .venueAPI, bid: bid))
    }

    func gas(_ key: String, units: Int) -> CloseReceipt {
        CloseReceipt(
            clientID: ClientID(key), fillID: "g-" + key, height: 5, settledAt: start,
            movements: [
                Movement(
                    asset: usd, amount: Int256(-units), cause: .gas, valueUnits: Int256(-units))
            ],
            settlements: [])
    }

    let venue = DomainID("venue")
    let usd = AssetID("USD")

    func target(_ number: Int) -> Target {
        Target(domain: venue, market: MarketID("m"), account: AccountID("a\(number)"))
    }

    func funded() -> RiskGate {
        var gate = RiskGate(limits: limits)
        gate.reportBalances([AssetAmount(asset: usd, amount: 1_000)], domain: venue, height: 4)
        return gate
    }

    func intent(
        _ number: Int, key: String? = nil, gross: Int = 20, cost: Int = 0, notional: Int = 1_000,
        needs: Int = 0
    ) -> CloseIntent {
        CloseIntent(
            plan: ClosePlan(
                clientID: ClientID(key ?? "k\(number)"), target: target(number), accountVersion: 1,
                action: .margin(MarginClose(lots: 1, limitPrice: 1, incentiveMin: 0)),
                validUntilHeight: 10),
            by: StrategyRun(StrategyName("s"), version: 1),
            expectation: Expectation(
                grossUnits: Int256(gross), costUnits: Int256(cost),
                inventoryNeeded: needs == 0
                    ? [] : [AssetAmount(asset: usd, amount: UInt256(needs))],
                notionalUnits: UInt256(notional)),
            proposedAt: start, decidedBy: 1)
    }

    func receipt(_ key: String, net: Int) -> CloseReceipt {
        CloseReceipt(
            clientID: ClientID(key), fillID: "f-" + key, height: 5, settledAt: start,
            movements: [
                Movement(
                    asset: usd, amount: Int256(net), cause: .incentive, valueUnits: Int256(net))
            ],
            settlements: [])
    }

    func lose(_ units: Int, gate: inout RiskGate, key: String, at instant: Instant) {
        _ = gate.review(intent(1, key: key), now: instant)
        gate.conclude(ClientID(key), .won(receipt(key, net: -units)), now: instant)
    }

    func isApproved<Subject>(_ verdict: RiskVerdict<Subject>) -> Bool {
        if case .approved = verdict { return true }
        return false
    }
}
