import KeeperBacktest
import KeeperModel
import Testing
import WideMath

/// Measures over figures that a person can check.
@Suite struct MeasuresTests {
    static func close(
        _ number: Int, atHour hour: Int64, net: Int64, isWon: Bool = true
    ) -> CloseFigures {
        let at = Instant(milliseconds: 1_700_000_000_000) + .seconds(hour * 3_600)
        return CloseFigures(
            clientID: ClientID("c-\(number)"),
            target: Target(
                domain: DomainID("v"), market: MarketID("m"), account: AccountID("a-\(number)")),
            createdAt: at, endedAt: at + .seconds(1), ending: isWon ? "won" : "refused-slippage",
            expectedUnits: .zero, causes: [.bonus: Int256(net)])
    }

    @Test func `a fall is measured from the highest point before it`() {
        let nets: [Int64] = [100, -30, 50, -90, -10, 200]
        let equity = EquityMeasures(
            nets.enumerated().map { Self.close($0, atHour: Int64($0), net: $1) })
        #expect(equity.drawdownUnits == 100)
        #expect(equity.worstCloseUnits == -90)
        #expect(equity.points.map(\.units) == [100, 70, 120, 30, 20, 220])
    }

    @Test func `the best three days are told from the rest`() {
        let closes = (0..<10).map { Self.close($0, atHour: Int64($0) * 24, net: $0 < 3 ? 20 : 4) }
        #expect(EquityMeasures(closes).topDaysPpm == Int256(60 * 1_000_000 / 88))
    }

    @Test func `closes within the hour are one event, and one event has no band`() {
        let together = (0..<5).map { Self.close($0, atHour: 0, net: 10) }
        let one = EventBootstrap(together, seed: 1)
        #expect(one.eventCount == 1)
        #expect(!one.hasBand)
        let apart = (0..<40).map { Self.close($0, atHour: Int64($0) * 2, net: Int64($0)) }
        let many = EventBootstrap(apart, seed: 1)
        #expect(many.eventCount == 40)
        #expect(many.lowUnits < 780 && many.highUnits > 780, "the net itself lies within")
        #expect(many == EventBootstrap(apart, seed: 1))
        #expect(many != EventBootstrap(apart, seed: 2))
    }

    /// Nearest rank of 1 to 100.
    @Test func `percentiles are values that occurred`() {
        let spans = Percentiles((1...100).reversed().map { TimeSpan.milliseconds($0) })
        #expect(spans?.p50 == .milliseconds(50))
        #expect(spans?.p99 == .milliseconds(99))
        #expect(spans?.max == .milliseconds(100))
        #expect(Percentiles([]) == nil)
    }

    @Test func `a deficit is followed through the venue's own lines`() {
        let lines = [
            ("proceeds", -80, "proceeds"), ("principal", 80, "recovered"),
            ("fund", -5, "deficit"), ("backstop:b", -3, "loan"),
            ("adl:x", -4, "deleveraged"), ("social:y", -2, "socialised"),
            ("badDebt", -6, "badDebt"), ("principal", 14, "covered"), ("principal", 6, "owed"),
        ]
        let record = SettlementRecord(
            id: 1, revision: 0, previousHash: "", policyName: "p", policyVersion: 1, height: 7,
            account: "z", keeper: "k", facts: [],
            lines: lines.map {
                SettlementLine(beneficiary: $0.0, amountUnits: Int256($0.1), reason: $0.2)
            })
        let venue = VenueMeasures([record])
        #expect(venue.recoveryPpm == 800_000)
        #expect(venue.deficitUnits == 20)
        #expect(venue.deficitPerNotionalPpm == 250_000)
        #expect(venue.deleveragedUnits == 4 && venue.socialisedUnits == 2)
        #expect(venue.badDebtUnits == 6 && venue.loanUnits == 3)
        #expect(venue.fund.map(\.units) == [-5] && venue.fundDrawdownUnits == 5)
    }
}

/// What may stand at the top of a report.
@Suite struct HeadlineTests {
    static func evidence(
        net: Int64 = 500, bonus: Int64 = 1_000, won: Int = 40, contests: Int = 100,
        rivals: RivalAssumption = .equals(count: 1), events: Int = 30, isReconciled: Bool = true
    ) -> HeadlineEvidence {
        HeadlineEvidence(
            netUnits: Int256(net), bonusUnits: Int256(bonus), contestCount: contests,
            wonCount: won, rivals: rivals, eventCount: events, isReconciled: isReconciled)
    }

    @Test func `an honest result may be quoted`() {
        #expect(Self.evidence().refusals.isEmpty)
        #expect(Self.evidence(won: 64).refusals.isEmpty, "within three deviations of one half")
    }

    static let bad: [(HeadlineEvidence, HeadlineRefusal)] = [
        (evidence(net: 1_001), .aboveBonus(netUnits: 1_001, bonusUnits: 1_000)),
        (evidence(rivals: .none), .noRivals),
        (evidence(rivals: .recorded(closeCount: 0)), .noRivals),
        (
            evidence(won: 66), .shareAboveRivals(wonCount: 66, contestCount: 100, rivalCount: 1)
        ),
        (evidence(events: 29), .fewEvents(count: 29, countMin: 30)),
        (evidence(isReconciled: false), .notReconciled),
    ]

    @Test(arguments: bad)
    func `a flattering result may not`(_ evidence: HeadlineEvidence, _ refusal: HeadlineRefusal) {
        #expect(evidence.refusals == [refusal])
    }
}
