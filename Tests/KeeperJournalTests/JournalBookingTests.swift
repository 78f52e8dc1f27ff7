import KeeperJournal
import KeeperModel
import Testing
import WideMath

@Suite struct JournalBookingTests {
    let directory: TemporaryDirectory
    let journal: Journal

    init() throws {
        directory = try TemporaryDirectory()
        journal = try Journal(path: directory.journalPath)
    }

    private func win(
        _ clientID: String, _ receipt: CloseReceipt, target: Target = Sample.target(),
        strategy: String = "default"
    ) throws -> Booking {
        try journal.recordIntent(
            Sample.intent(clientID, target: target, strategy: strategy), at: Sample.second)
        return try journal.recordEnding(.won(receipt), of: ClientID(clientID), at: Sample.second)
    }

    @Test func `a fill is booked once, however often it is reported`() throws {
        let receipt = Sample.receipt("c-1")
        #expect(try win("c-1", receipt) == .booked)
        let before = try journal.balances()
        for _ in 0..<3 {
            let again = try journal.recordEnding(
                .won(receipt), of: ClientID("c-1"), at: Sample.january)
            #expect(again == .alreadyBooked)
        }
        #expect(try journal.balances() == before)
        #expect(try journal.revenue(by: .total).map(\.earnedUnits) == [10])
        #expect(try journal.openIntents() == [])
    }

    @Test func `another content under the same fill is an error`() throws {
        _ = try win("c-1", Sample.receipt("c-1"))
        #expect(throws: JournalError.endedOtherwise(ClientID("c-1"), label: "won")) {
            try journal.recordEnding(
                .won(Sample.receipt("c-1", at: Sample.february)), of: ClientID("c-1"),
                at: Sample.second)
        }
        #expect(throws: JournalError.endedOtherwise(ClientID("c-1"), label: "won")) {
            try journal.recordEnding(.voided, of: ClientID("c-1"), at: Sample.second)
        }
        #expect(throws: JournalError.contentChanged(id: "fill-1")) {
            try win("c-2", Sample.receipt("c-2"), target: Sample.target("acc-2"))
        }
        // The refused ending left the second intent as it was.
        #expect(try journal.openIntents().map(\.intent.plan.clientID.text) == ["c-2"])
        #expect(try journal.revenue(by: .total).map(\.entryCount) == [1])
    }

    @Test func `a receipt for somebody else is not booked`() throws {
        #expect(throws: JournalError.contentChanged(id: "fill-1")) {
            try win("c-1", Sample.receipt("c-9"))
        }
        #expect(try journal.balances() == [])
    }

    @Test func `an ending without a fill books nothing`() throws {
        try journal.recordIntent(Sample.intent("c-1"), at: Sample.second)
        let refusal = IntentEnding.refused(Refusal(.healthy, detail: "above its line"))
        for _ in 0..<2 {
            #expect(
                try journal.recordEnding(refusal, of: ClientID("c-1"), at: Sample.second)
                    == .nothingToBook)
        }
        let close = try #require(try journal.closes().first)
        #expect(close.ending == refusal && close.realisedUnits == nil)
        #expect(try journal.revenue(by: .total) == [])
    }

    @Test func `sums beyond every machine word are exact`() throws {
        let huge = Int256(bitPattern: UInt256.one << 200)
        for (index, amount) in [huge, huge, Int256.one, .zero - huge].enumerated() {
            let entry = LedgerEntry(
                kind: .transfer, domain: Sample.domain, externalID: "t-\(index)",
                occurredAt: Sample.second,
                movements: [Sample.movement("WEI", amount, .deposit, value: amount)])
            #expect(try journal.record(entry, at: Sample.second) == .booked)
        }
        #expect(try journal.balances().map(\.amount) == [huge + .one])
    }

    @Test func `a sum beyond 256 bits is an error, not a number`() throws {
        for index in 0..<2 {
            let entry = LedgerEntry(
                kind: .opening, domain: Sample.domain, externalID: "o-\(index)",
                occurredAt: Sample.second,
                movements: [Sample.movement("WEI", .max, .openingBalance, value: 0)])
            _ = try journal.record(entry, at: Sample.second)
        }
        #expect(throws: JournalError.overflow) { try journal.balances() }
        #expect(throws: JournalError.overflow) {
            try journal.record(
                LedgerEntry(
                    kind: .opening, domain: Sample.domain, externalID: "o-3",
                    occurredAt: Sample.second,
                    movements: [Sample.movement("WEI", .min, .openingBalance, value: 0)]),
                at: Sample.second)
        }
    }

    @Test func `a transfer is booked once under its name`() throws {
        func transfer(_ amount: Int256) -> LedgerEntry {
            LedgerEntry(
                kind: .transfer, domain: Sample.domain, externalID: "t-1",
                occurredAt: Sample.second,
                movements: [Sample.movement("USD", amount, .deposit, value: amount)])
        }
        #expect(try journal.record(transfer(50), at: Sample.second) == .booked)
        #expect(try journal.record(transfer(50), at: Sample.january) == .alreadyBooked)
        #expect(throws: JournalError.contentChanged(id: "t-1")) {
            try journal.record(transfer(51), at: Sample.second)
        }
        #expect(try journal.balances().map(\.amount) == [50])
        // Capital is no revenue.
        #expect(try journal.revenue(by: .total) == [])
    }

    @Test func `revenue is split by whatever is asked, and always adds up`() throws {
        _ = try win("c-1", Sample.receipt("c-1", fill: "f-1"))
        _ = try win(
            "c-2", Sample.receipt("c-2", fill: "f-2", at: Sample.february),
            target: Sample.target("acc-2", market: "isolated"), strategy: "bold")
        let correction = LedgerEntry(
            kind: .adjustment, domain: Sample.domain, externalID: "bust-1",
            occurredAt: Sample.february,
            movements: [Sample.movement("USD", -3, .incentive, value: -3)])
        _ = try journal.record(correction, at: Sample.second)

        for grouping in RevenueGrouping.allCases {
            let lines = try journal.revenue(by: grouping)
            #expect(lines.reduce(Int256.zero) { $0 + $1.earnedUnits } == 17, "\(grouping)")
        }
        func split(_ grouping: RevenueGrouping) throws -> [String] {
            try journal.revenue(by: grouping).map { "\($0.key) \($0.earnedUnits)" }
        }
        #expect(try split(.day) == ["2026-01-31 10", "2026-02-01 7"])
        #expect(try split(.strategy) == ["- -3", "bold 10", "default 10"])
        #expect(try split(.market) == ["- -3", "core 10", "isolated 10"])
        #expect(try split(.asset) == ["USD -207", "WETH 224"])
        #expect(
            try split(.cause)
                == ["flashPremium -4", "incentive -3", "repaid -200", "seized 224"])
        let january = try journal.revenue(by: .total, until: Sample.february)
        #expect(january.map(\.earnedUnits) == [10])
    }

    @Test func `what ended lately is recalled with its result`() throws {
        _ = try win("c-1", Sample.receipt("c-1", fill: "f-1"))
        try journal.recordIntent(
            Sample.intent("c-2", target: Sample.target("acc-2")), at: Sample.january)
        _ = try journal.recordEnding(
            .refused(Refusal(.slippage, detail: "")), of: ClientID("c-2"), at: Sample.february)
        let all = try journal.endings(since: Instant(nanoseconds: 0)).endings
        #expect(all.map(\.netUnits) == [10, 0])
        #expect(all.map(\.hasFailed) == [false, true])
        #expect(all.map(\.approvedAt) == [Sample.second, Sample.january])
        #expect(try journal.endings(since: Sample.january).endings.count == 1)
    }

    @Test func `each version of a strategy is credited with what it won`() throws {
        for (number, version) in [(1, 1), (2, 2), (3, 2)] as [(Int, UInt64)] {
            let name = "c-\(number)"
            try journal.recordIntent(
                Sample.intent(name, strategy: "bold", version: version), at: Sample.second)
            _ = try journal.recordEnding(
                .won(Sample.receipt(name, fill: "f-\(number)")), of: ClientID(name),
                at: Sample.second)
        }
        try journal.recordIntent(Sample.intent("c-4", strategy: "bold"), at: Sample.january)
        _ = try journal.recordEnding(.voided, of: ClientID("c-4"), at: Sample.january)
        let bold = StrategyName("bold")
        #expect(
            try journal.strategyRecords() == [
                StrategyRecord(run: StrategyRun(bold, version: 1), wonCount: 1),
                StrategyRecord(run: StrategyRun(bold, version: 2), wonCount: 2),
            ])
    }

    @Test func `closes are found by what they were`() throws {
        _ = try win("c-1", Sample.receipt("c-1", fill: "f-1"))
        try journal.recordIntent(
            Sample.intent("c-2", target: Sample.target("acc-2"), strategy: "bold"),
            attempt: Sample.attempt(1, [1]), at: Sample.january)
        #expect(try journal.closes().map(\.intent.plan.clientID.text) == ["c-2", "c-1"])
        let bold = try journal.closes(CloseFilter(strategy: StrategyName("bold")))
        #expect(bold.map(\.attemptCount) == [1] && bold.map(\.endedAt) == [nil])
        let first = try journal.closes(
            CloseFilter(domain: Sample.domain, account: AccountID("acc-1"), until: Sample.january))
        #expect(first.map(\.realisedUnits) == [10])
        #expect(first.first?.intent.expectation.netUnits == 15)
        #expect(try journal.closes(CloseFilter(market: MarketID("none"))) == [])
        #expect(try journal.closes(CloseFilter(countMax: 1)).count == 1)
    }
}
