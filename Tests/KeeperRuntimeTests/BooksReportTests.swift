import KeeperJournal
import KeeperModel
import KeeperRuntime
import Testing
import WideMath

/// What an accountant gets out of one close that was won, one that failed at a cost, and capital.
@Suite struct BooksReportTests {
    private let journal: Journal
    private let unit = AssetDescription(asset: AssetID("USD"), decimals: 2)
    /// 2026-01-31T23:59:59Z.
    private static let january = Instant(nanoseconds: 1_769_903_999_000_000_000)
    private static let february = Instant(nanoseconds: 1_769_904_000_000_000_000)

    init() throws {
        journal = try Journal(path: ":memory:")
        _ = try journal.record(
            LedgerEntry(
                kind: .opening, domain: DomainID("venue"), externalID: "opening",
                occurredAt: Self.january,
                movements: [Self.moved("USD", 100_000, .openingBalance, worth: 0)]),
            at: Self.january)
        try end("c-1", "acc-1", lane: "api", at: Self.january) { receipt in .won(receipt) }
        try end("c-2", "acc-2", lane: "public", at: Self.february) { receipt in
            .reverted(
                Refusal(.healthy, detail: ""),
                CloseReceipt(
                    clientID: receipt.clientID, fillID: "gas-2", height: 2,
                    settledAt: Self.february,
                    movements: [Self.moved("ETH", -5, .gas, worth: -40)], settlements: []))
        }
    }

    private static func moved(
        _ asset: String, _ amount: Int256, _ cause: MovementCause, worth: Int256
    ) -> Movement {
        Movement(asset: AssetID(asset), amount: amount, cause: cause, valueUnits: worth)
    }

    /// Repays 1,000, seizes what is worth 1,100, sells it for 1,080, pays 9 and gas of 30.
    private func end(
        _ key: String, _ account: String, lane: String, at instant: Instant,
        _ ending: (CloseReceipt) -> IntentEnding
    ) throws {
        let clientID = ClientID(key)
        let target = Target(
            domain: DomainID("venue"), market: MarketID("core"),
            account: AccountID(account))
        let intent = CloseIntent(
            plan: ClosePlan(
                clientID: clientID, target: target, accountVersion: 1,
                action: .margin(MarginClose(lots: 5, limitPrice: 9, incentiveMin: 1)),
                validUntilHeight: 40),
            by: StrategyRun(StrategyName("s"), version: 1),
            expectation: Expectation(
                grossUnits: 110, costUnits: 49, inventoryNeeded: [], notionalUnits: 1_000,
                sendingUnits: 25, exitCostUnits: 15),
            proposedAt: instant, decidedBy: 1)
        let terms = AttemptTerms(
            number: 1, purpose: .close,
            lane: Lane(name: LaneName(lane), laneClass: .confidential), bid: nil)
        try journal.recordIntent(
            intent, attempt: Attempt(terms: terms, bytes: [1]), at: instant)
        let receipt = CloseReceipt(
            clientID: clientID, fillID: "fill-\(key)", height: 2, settledAt: instant,
            movements: [
                Self.moved("USD", -1_000, .repaid, worth: -1_000),
                Self.moved("ETH", 110, .seized, worth: 1_100),
                Self.moved("ETH", -110, .exitSold, worth: -1_100),
                Self.moved("USD", 1_080, .exitProceeds, worth: 1_080),
                Self.moved("USD", -9, .flashPremium, worth: -9),
                Self.moved("ETH", -3, .gas, worth: -30),
            ], settlements: [])
        _ = try journal.recordEnding(ending(receipt), of: clientID, at: instant)
    }

    @Test func `every unit of the net has a cause, gas among them`() throws {
        let report = try RevenueReport(journal, unit: unit)
        #expect(report.netUnits == 1)
        #expect(report.gasUnits == -70)
        #expect(report.bonusUnits == 100)
        #expect(report.slippageUnits == -20)
        #expect(report.unexplainedUnits.isZero)
    }

    @Test func `expected stands beside realised, and the rest beside what was not won`() throws {
        let lines = RevenueExpectation(try journal.outcomeSums()).lines
        #expect(lines.map(\.expectedUnits) == [95, -9, -25, 0])
        #expect(lines.map(\.realisedUnits) == [80, -9, -30, -40])
        #expect(lines.map(\.differenceUnits) == [-15, 0, -5, -40])
        let net = try RevenueReport(journal, unit: unit).netUnits
        #expect(lines.reduce(Int256.zero) { $0 + $1.realisedUnits } == net)
    }

    @Test(
        arguments: [
            (RevenueGrouping.day, ["2026-01-31,1,41", "2026-02-01,1,-40"]),
            (.strategy, ["s,2,1"]), (.market, ["core,2,1"]), (.domain, ["venue,2,1"]),
            (.account, ["acc-1,1,41", "acc-2,1,-40"]), (.lane, ["api,1,41", "public,1,-40"]),
            (.asset, ["ETH,2,-70", "USD,1,71"]),
        ] as [(RevenueGrouping, [String])])
    func `revenue is split, and each split has the same sum`(
        grouping: RevenueGrouping, rows: [String]
    ) throws {
        let table = try RevenueTable(journal, by: grouping, unit: unit)
        #expect(table.csvLines == ["\(grouping.rawValue),entries,net"] + rows)
        #expect(table.lines.last == table.lines.last { $0.hasPrefix("all") })
        #expect(table.lines.last?.hasSuffix("0.01") == true)
    }

    @Test func `a spreadsheet reads fields with commas and quotes as they are`() {
        #expect(CSVText.lines([["a,b", "say \"no\"", "c"]]) == [#""a,b","say ""no""",c"#])
    }

    @Test func `lots come from the ledger, without what was lent`() throws {
        let movements = try journal.inventoryMovements()
        let book = LotBook(movements, method: .specific, unit: unit.asset)
        // The close sold what it had seized; its gas and that of the failed one came from nowhere.
        #expect(book.disposals.map(\.amount) == [110, 3, 5])
        #expect(book.disposals.map(\.gainUnits) == [-20, 30, 40])
        let report = LotsReport(book, method: .specific, unit: unit)
        #expect(
            report.csvLines[1]
                == "disposal,venue,ETH,2026-01-31T23:59:59Z,2026-01-31T23:59:59Z,110,1100,1080,-20")
    }

    @Test func `a close is one row with its expectation and what it came to`() throws {
        let rows = try ClosesReport(journal, unit: unit).csvLines
        #expect(
            rows == [
                "clientId,domain,market,account,strategy,created,ending,attempts,"
                    + "expectedNet,realisedNet",
                "c-2,venue,core,acc-2,s,2026-02-01T00:00:00Z,reverted-healthy,1,61,-40",
                "c-1,venue,core,acc-1,s,2026-01-31T23:59:59Z,won,1,61,41",
            ])
    }
}
