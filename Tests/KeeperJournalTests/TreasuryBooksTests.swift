import KeeperJournal
import KeeperModel
import Testing
import WideMath

/// Transfers between inventory and reserve, on the books.
@Suite struct TreasuryBooksTests {
    let directory: TemporaryDirectory
    let journal: Journal
    static let usd = AssetID("USD")

    init() throws {
        directory = try TemporaryDirectory()
        journal = try Journal(path: directory.journalPath)
        _ = try journal.record(
            LedgerEntry(
                kind: .opening, domain: Sample.domain, externalID: "opening",
                occurredAt: Sample.second,
                movements: [Sample.movement("USD", 50, .openingBalance, value: 0)]),
            at: Sample.second)
        _ = try journal.openReserve(
            Sample.domain, with: [AssetAmount(asset: Self.usd, amount: 900)], at: Sample.second)
    }

    static func intent(
        _ key: String, _ amount: UInt256, _ direction: TransferDirection
    ) -> CloseIntent {
        CloseIntent(
            plan: ClosePlan(
                clientID: ClientID(key),
                target: .treasury(of: usd, in: Sample.domain), accountVersion: 0,
                action: .transfer(
                    ReserveTransfer(asset: usd, amount: amount, direction: direction)),
                validUntilHeight: 40),
            by: .treasury,
            expectation: Expectation(
                grossUnits: 0, costUnits: 0, inventoryNeeded: [], notionalUnits: 0),
            proposedAt: Sample.second, decidedBy: 1)
    }

    static func receipt(
        _ key: String, _ amount: Int256, gas: Int256 = 0
    ) -> CloseReceipt {
        let moved = Sample.movement(
            "USD", amount, amount.isNegative ? .swept : .toppedUp, value: amount)
        let paid = gas.isZero ? [] : [Sample.movement("USD", .zero - gas, .gas, value: .zero - gas)]
        return CloseReceipt(
            clientID: ClientID(key), fillID: "transfer-" + key, height: 9,
            settledAt: Sample.january, movements: [moved] + paid, settlements: [])
    }

    private func book(_ key: String, _ amount: Int256, gas: Int256 = 0) throws {
        let intent = Self.intent(key, amount.magnitude, amount.isNegative ? .sweep : .topUp)
        try journal.recordIntent(intent, at: Sample.second)
        let booking = try journal.recordEnding(
            .won(Self.receipt(key, amount, gas: gas)), of: ClientID(key), at: Sample.second)
        #expect(booking == .booked)
    }

    private func amounts(_ balances: [BookedBalance]) -> [Int256] { balances.map(\.amount) }

    @Test func `a transfer moves units between inventory and reserve and earns nothing`() throws {
        try book("t-1", 300)
        try book("t-2", -100)
        #expect(try amounts(journal.balances()) == [250])
        #expect(try amounts(journal.reserveBalances()) == [700])
        #expect(try journal.revenue(by: .total) == [])
        #expect(try journal.closes() == [])
        let transfers = try journal.transfers()
        #expect(transfers.map(\.transfer.amount) == [100, 300])
        #expect(transfers.map(\.isBooked) == [true, true])
        #expect(try journal.findDamage() == [])
    }

    @Test func `only the gas of a transfer is a cost`() throws {
        try book("t-1", 300, gas: 7)
        #expect(try journal.revenue(by: .cause).map(\.earnedUnits) == [-7])
        #expect(try journal.revenue(by: .cause).map(\.entryCount) == [0], "no close")
        #expect(try journal.revenue(by: .strategy).map(\.key) == ["treasury"])
        #expect(try amounts(journal.balances()) == [343])
    }

    @Test func `it is booked once, whatever is said again`() throws {
        try book("t-1", 300)
        let again = try journal.recordEnding(
            .won(Self.receipt("t-1", 300)), of: ClientID("t-1"), at: Sample.second)
        #expect(again == .alreadyBooked)
        #expect(throws: JournalError.self) {
            try journal.recordEnding(
                .won(Self.receipt("t-1", 301)), of: ClientID("t-1"), at: Sample.second)
        }
        #expect(try amounts(journal.balances()) == [350])
        let image = try directory.crashImage()
        let database = try Database(path: image.journalPath, schema: JournalSchema.schema)
        #expect(throws: JournalError.self) {
            try database.execute(
                "INSERT INTO transfers SELECT max(id) + 1, 't-1' FROM entries")
        }
        #expect(throws: JournalError.self) { try database.execute("DELETE FROM transfers") }
    }

    @Test func `what a chain takes back is taken back in both purses`() throws {
        try journal.recordIntent(Self.intent("t-1", 300, .topUp), at: Sample.second)
        let receipt = Self.receipt("t-1", 300)
        _ = try journal.recordFill(receipt, of: ClientID("t-1"), at: Sample.second)
        #expect(try journal.openIntents().first?.booked == receipt)
        #expect(try journal.recordReversal(of: ClientID("t-1"), at: Sample.second))
        #expect(try amounts(journal.balances()) == [50])
        #expect(try amounts(journal.reserveBalances()) == [900])
        #expect(try journal.openIntents().first?.booked == nil)
        _ = try journal.recordEnding(.won(receipt), of: ClientID("t-1"), at: Sample.second)
        #expect(try amounts(journal.reserveBalances()) == [600])
        #expect(try journal.findDamage() == [])
    }

    @Test func `a reserve is opened once, and never with what a transfer put there`() throws {
        let more = [AssetAmount(asset: Self.usd, amount: 1_000)]
        #expect(try !journal.openReserve(Sample.domain, with: more, at: Sample.second))
        let other = try Journal(path: directory.path + "/other.sqlite")
        try other.recordIntent(Self.intent("t-1", 300, .sweep), at: Sample.second)
        #expect(try !other.openReserve(Sample.domain, with: more, at: Sample.second))
    }

    @Test func `a day that is recalled has transfers as transfers`() throws {
        try book("t-1", -300)
        try journal.recordIntent(Self.intent("t-2", 5, .topUp), at: Sample.second)
        _ = try journal.recordEnding(
            .refused(Refusal(.insufficientFunds, detail: "")), of: ClientID("t-2"),
            at: Sample.second)
        let endings = try journal.endings(since: Instant(nanoseconds: 0)).endings
        #expect(endings.map { $0.transfer?.amount } == [300, 0])
        #expect(endings.map(\.netUnits) == [0, 0], "a sweep is no loss")
    }

    @Test func `lots know no transfer: what is kept aside is owned all the same`() throws {
        try book("t-1", -40)
        let movements = try journal.inventoryMovements()
        #expect(movements.map(\.amount) == [50, 900])
        #expect(movements.map(\.cause) == [.openingBalance, .openingBalance])
    }

    @Test func `books and venue are held against each other transfer by transfer`() throws {
        try book("t-1", 300)
        try book("t-2", -100)
        let one = ReserveTransfer(asset: Self.usd, amount: 300, direction: .topUp)
        let two = ReserveTransfer(asset: Self.usd, amount: 100, direction: .sweep)
        func statement(
            _ transfers: [ClientID: ReserveTransfer], reserve: UInt256
        ) -> VenueStatement {
            VenueStatement(
                domain: Sample.domain, keeper: "us", settlements: [],
                balances: [AssetAmount(asset: Self.usd, amount: 250)],
                reserve: [AssetAmount(asset: Self.usd, amount: reserve)], transfers: transfers)
        }
        let both = [ClientID("t-1"): one, ClientID("t-2"): two]
        let clean = try journal.reconcile(against: statement(both, reserve: 700))
        #expect(clean.isClean && clean.matchedTransferCount == 2)
        let unknown = both.merging([ClientID("t-3"): one]) { $1 }
        let more = try journal.reconcile(against: statement(unknown, reserve: 701))
        #expect(
            more.transferDifferences
                == [TransferDifference(clientID: ClientID("t-3"), atVenue: one, inBooks: nil)])
        #expect(more.reserveDifferences.map(\.unexplained) == [1])
        let less = try journal.reconcile(against: statement([ClientID("t-1"): two], reserve: 700))
        #expect(less.transferDifferences.map(\.clientID.text) == ["t-1", "t-2"])
    }
}
