import KeeperJournal
import KeeperModel
import KeeperRuntime
import Testing
import WideMath

@Suite struct LotBookTests {
    private static let usd = AssetID("USD")
    private static let weth = AssetID("WETH")

    private func moved(
        _ day: Int64, _ amount: Int256, worth: Int256, entry: Int64? = nil,
        asset: AssetID = weth, domain: String = "v", cause: MovementCause? = nil
    ) -> InventoryMovement {
        InventoryMovement(
            entry: entry ?? day, domain: DomainID(domain), asset: asset,
            occurredAt: Instant(nanoseconds: day * 86_400_000_000_000),
            cause: cause ?? (amount.isNegative ? .gas : .seized), amount: amount,
            valueUnits: worth)
    }

    private func book(
        _ movements: [InventoryMovement], _ method: LotMethod = .fifo
    ) -> LotBook {
        LotBook(movements, method: method, unit: Self.usd)
    }

    /// Ten for 100, ten for 300, ten for 200 of the same close that sells five.
    private var history: [InventoryMovement] {
        [
            moved(1, 10, worth: 100), moved(2, 10, worth: 300), moved(3, 10, worth: 200),
            moved(3, -5, worth: -120, entry: 3),
        ]
    }

    @Test(
        arguments: [
            (LotMethod.fifo, 50, 70), (.hifo, 150, -30), (.specific, 100, 20),
        ] as [(LotMethod, UInt256, Int256)])
    func `each method takes the lot that its name says`(
        method: LotMethod, cost: UInt256, gain: Int256
    ) {
        let parts = book(history, method).disposals
        #expect(parts.map(\.costUnits) == [cost])
        #expect(parts.map(\.gainUnits) == [gain])
    }

    @Test func `a disposal may take several lots, each with its own cost`() {
        let parts = book([
            moved(1, 3, worth: 10), moved(2, 4, worth: 20), moved(3, -5, worth: -50),
        ]).disposals
        #expect(parts.map(\.amount) == [3, 2])
        #expect(parts.map(\.costUnits) == [10, 10])
        #expect(parts.map(\.proceedsUnits) == [30, 20])
    }

    @Test func `what rounding leaves stays with the rest, so that nothing is lost`() {
        let sales = (2...8).map { moved($0, -1, worth: -3) }
        let result = book([moved(1, 7, worth: 100)] + sales)
        #expect(result.disposals.map(\.costUnits) == [14, 14, 14, 14, 14, 15, 15])
        #expect(result.disposals.reduce(UInt256.zero) { $0 + $1.costUnits } == 100)
        #expect(result.openLots.isEmpty)
    }

    @Test func `every unit of cost and proceeds is in one part, however lots are cut`() {
        var generator = SeededGenerator(seed: 7)
        for method in LotMethod.allCases {
            var movements: [InventoryMovement] = []
            var atHand: UInt64 = 0
            for day in 1...400 as ClosedRange<Int64> {
                let amount = generator.number(in: 1...1_000)
                let worth = Int256(Int64(generator.number(in: 0...100_000)))
                if amount <= atHand {
                    atHand -= amount
                    movements.append(
                        moved(day, .zero - Int256(Int64(amount)), worth: .zero - worth))
                } else {
                    atHand += amount
                    movements.append(moved(day, Int256(Int64(amount)), worth: worth))
                }
            }
            let result = book(movements, method)
            let came = movements.filter { !$0.amount.isNegative }
            let went = movements.filter(\.amount.isNegative)
            let openCost = result.openLots.reduce(UInt256.zero) { $0 + $1.lot.costUnits }
            let cost = result.disposals.reduce(openCost) { $0 + $1.costUnits }
            #expect(cost == came.reduce(UInt256.zero) { $0 + $1.valueUnits.magnitude })
            let proceeds = result.disposals.reduce(UInt256.zero) { $0 + $1.proceedsUnits }
            #expect(proceeds == went.reduce(UInt256.zero) { $0 + $1.valueUnits.magnitude })
            let open = result.openLots.reduce(UInt256.zero) { $0 + $1.lot.amount }
            #expect(open == UInt256(atHand))
        }
    }

    @Test func `what was sold brought what the sale paid, divided among all that was sold`() {
        let parts = book([
            moved(1, 10, worth: 100), moved(1, 10, worth: 50, asset: AssetID("WBTC")),
            moved(2, -10, worth: -90, cause: .exitSold),
            moved(2, -10, worth: -30, asset: AssetID("WBTC"), cause: .exitSold),
            moved(2, 101, worth: 101, asset: Self.usd, cause: .exitProceeds),
        ]).disposals
        #expect(parts.map(\.proceedsUnits) == [75, 26])
        #expect(parts.map(\.gainUnits) == [-25, -24])
    }

    @Test func `what the books never saw come has no cost, and says so`() {
        let parts = book([moved(1, 2, worth: 10), moved(2, -5, worth: -50)]).disposals
        #expect(parts.map(\.acquiredAt?.nanoseconds) == [86_400_000_000_000, nil])
        #expect(parts.map(\.costUnits) == [10, 0])
        #expect(parts.map(\.amount) == [2, 3])
    }

    @Test func `amounts of 2^200 are divided exactly`() {
        let huge: Int256 = 0x1_0000000000_0000000000_0000000000_0000000000_0000000000
        let result = book([
            moved(1, huge, worth: huge), moved(2, -1, worth: -1), moved(3, 1 - huge, worth: -5),
        ])
        #expect(result.disposals.map(\.costUnits) == [1, huge.magnitude - 1])
    }

    @Test func `lots of one domain are not those of another, and money has none`() {
        let result = book([
            moved(1, 5, worth: 10), moved(2, 5, worth: 20, domain: "w"),
            moved(3, -5, worth: -50, domain: "w"), moved(4, -9, worth: -9, asset: Self.usd),
        ])
        #expect(result.disposals.map(\.costUnits) == [20])
        #expect(result.openLots.map(\.holding.domain) == [DomainID("v")])
    }
}
