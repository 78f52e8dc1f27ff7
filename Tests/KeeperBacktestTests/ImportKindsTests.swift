import KeeperBacktest
import KeeperModel
import Testing
import WideMath

/// Each kind of table as the events that it becomes.
@Suite struct ImportKindsTests {
    private static let wish: ImportWish = {
        var wish = ImportWish()
        wish.asset = AssetID("ETH")
        return wish
    }()

    private func events(
        _ kind: ImportKind, _ text: String
    ) throws -> [Event] {
        let fixture = try ImportFixture()
        let file = try fixture.write(text, to: "in.csv")
        return try fixture.run(kind, try #require(kind.layout(Self.wish)), [file]).events
    }

    @Test func `trades share their instants, and their ids have to rise`() throws {
        let text =
            "id,price,qty,quote_qty,time\n7,10.5,1,10.5,1577836800000\n8,11,1,11,1577836800000\n"
        #expect(try events(.trades, text).count == 2)
        let refusal = #expect(throws: ImportRefused.self) {
            try events(.trades, text.replacing("\n8,", with: "\n7,"))
        }
        #expect(refusal?.reason.contains("a number above 7") == true)
    }

    @Test func `an oracle's round is in force from its block`() throws {
        let text = "roundId,answer,updatedAt\n92233720368547758,187.25,1577836800\n"
        let events = try events(.rounds, text)
        #expect(events.map(\.receivedAt) == [Instant(milliseconds: 1_577_836_800_000)])
        #expect(
            events.map(\.body) == [
                .pricesPublished([
                    PriceUpdate(
                        asset: AssetID("ETH"), kind: .eligible, price: UInt256(187_250_000),
                        round: 92_233_720_368_547_758,
                        sourceAt: Instant(milliseconds: 1_577_836_800_000))
                ])
            ])
    }

    @Test func `gas is known a block after its span, and a fraction of a wei is a whole one`()
        throws
    {
        let text = "timestamp,60.0_Perc\n2020-01-01T00:00:00.000Z,81000000000.01459\n"
        let events = try events(.gas, text)
        #expect(events.map(\.receivedAt) == [Instant(milliseconds: ImportFixture.start + 612_000)])
        let news = ChainNews(
            gas: GasPrice(baseFee: UInt256(81_000_000_001), usualTip: .zero), nextNonce: 0)
        #expect(events.map(\.body) == [.chainReported(news)])
    }

    @Test func `a liquidation is a close by somebody, in assets that are known here`() throws {
        let text = """
            timestamp,user,liquidator,collateral_asset,collateral_amount,debt_asset,debt_amount
            1608214863,0xab,,WETH,1.5,USDC,900.1234567
            1608214864,0xab,bot,ENJ,1.5,USDC,900

            """
        let events = try events(.liquidations, text.replacing("\n\n", with: "\n"))
        let close = ObservedClose(
            target: Target(
                domain: HistoryDomain.id, market: MarketID("lend-main"),
                account: AccountID("0xab")),
            keeper: "unknown", height: 0,
            paid: AssetAmount(asset: AssetID("USD"), amount: UInt256(900_123_456)),
            taken: AssetAmount(
                asset: AssetID("ETH"), amount: UInt256(1_500_000_000_000_000_000)),
            valueUnits: .zero)
        #expect(events.map(\.body) == [.closesObserved([close])])
    }

    private static let mapping = """
        {
            "rows": "positions", "time": {"at": "2020-03-09T00:00:00Z"},
            "position": {
                "account": "user", "scale": "0.5",
                "collateral": [{"column": "collateral", "asset": "ETH", "decimals": 18}],
                // In ether, at the price of the day.
                "debts": [{"column": "debt", "asset": "USD", "decimals": 6, "times": "199.43"}],
            },
        }
        """

    @Test func `positions are scaled as the mapping says, and rounded against the account`() throws
    {
        let fixture = try ImportFixture()
        let layout = try MappingFile.read(
            Array(Self.mapping.utf8), file: "map.json", wish: Self.wish)
        let file = try fixture.write(
            "user,collateral,debt\na,3.000000000000000001,1.00000001\nb,1,0\n", to: "in.csv")
        let (report, events) = try fixture.run(.positions, layout, [file])
        let position = LendingPosition(
            collateral: [
                ScaledBalance(
                    asset: AssetID("ETH"), scaledAmount: UInt256(1_500_000_000_000_000_000))
            ],
            debts: [ScaledBalance(asset: AssetID("USD"), scaledAmount: UInt256(99_715_001))])
        let state = AccountState(
            account: AccountID("a"), version: 1, position: .lending(position))
        #expect(
            events.map(\.body) == [
                .accountsPaged(
                    MarketID("lend-main"), AccountPage(number: 0, isLast: true, states: [state]))
            ])
        #expect(report.count(of: "rows left out: who owe nothing") == 1)
    }

    @Test func `an account that comes twice is refused`() throws {
        let fixture = try ImportFixture()
        let layout = try MappingFile.read(
            Array(Self.mapping.utf8), file: "map.json", wish: Self.wish)
        let file = try fixture.write("user,collateral,debt\na,3,1\na,3,1\n", to: "in.csv")
        let refusal = #expect(throws: ImportRefused.self) {
            try fixture.run(.positions, layout, [file])
        }
        #expect(refusal?.line == 3)
    }

    @Test func `a slip in a mapping is named with its place`() throws {
        let refusal = #expect(throws: ImportRefused.self) {
            try MappingFile.read(
                Array(Self.mapping.replacing("\"debts\"", with: "\"depts\"").utf8),
                file: "map.json",
                wish: Self.wish)
        }
        #expect(refusal?.reason.contains("debts") == true, "\(refusal?.reason ?? "")")
    }
}
