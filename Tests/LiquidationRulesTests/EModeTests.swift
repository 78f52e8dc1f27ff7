import KeeperModel
import LiquidationRules
import Testing
import WideMath

@Suite struct EModeTests {
    private static let places = [
        AssetID("WETH"): AaveReservePlace(index: 0, category: 1),
        AssetID("WSTETH"): AaveReservePlace(index: 2, category: 1),
        AssetID("WBTC"): AaveReservePlace(index: 5),
    ]

    private static func category(_ members: AaveEModeCategory.Members) -> AaveEModeCategory? {
        AaveEModeCategory(
            id: 1, liquidationThresholdBps: 9_500, liquidationBonusBps: 10_100,
            collaterals: members)
    }

    private static func reserve(_ name: String, _ price: UInt64) -> AaveReserve {
        AaveReserve(
            terms: ReserveTerms(
                asset: AssetID(name), decimals: 18, liquidationThresholdBps: 8_000,
                liquidationBonusBps: 10_500, protocolFeeBps: 1_000),
            liquidityIndexRay: ray, variableBorrowIndexRay: ray, price: UInt256(price))
    }

    /// 10 wstETH and one coin of another kind against 9 ether.
    private static let position = AavePosition(
        collateral: [
            AaveHolding(reserve: reserve("WSTETH", 2_000_00000000), scaledAmount: wad * 10),
            AaveHolding(reserve: reserve("WBTC", 1_000_00000000), scaledAmount: wad),
        ],
        debts: [AaveHolding(reserve: reserve("WETH", 2_000_00000000), scaledAmount: wad * 9)])

    @Test(arguments: [
        AaveEModeCategory.Members.ofCategory(1), .bitmap(0b100), .bitmap(0b101),
    ])
    func `members count by the category's threshold, others by their own`(
        members: AaveEModeCategory.Members
    ) throws {
        let plain = try Self.position.accountData(.v3_5)
        #expect(plain.isLiquidatable, "20,000 at 80 % and 1,000 at 80 % against 18,000")
        let granted = Self.position.inEMode(Self.category(members), places: Self.places)
        let data = try granted.accountData(.v3_5)
        // (20,000 · 0.95 + 1,000 · 0.8) / 18,000
        #expect(data.healthFactorWad == UInt256(1_100_000_000_000_000_000))
        #expect(granted.collateral.map(\.reserve.terms.liquidationBonusBps) == [10_100, 10_500])
        #expect(granted.debts == Self.position.debts)
    }

    @Test func `no category, another category and a bit that is not set change nothing`() {
        #expect(Self.category(.bitmap(0)).map { $0.id } == 1)
        for category in [nil, Self.category(.ofCategory(2)), Self.category(.bitmap(0b1000))] {
            #expect(Self.position.inEMode(category, places: Self.places) == Self.position)
        }
        #expect(
            AaveEModeCategory(
                id: 0, liquidationThresholdBps: 1, liquidationBonusBps: 1,
                collaterals: .bitmap(.max)) == nil)
        let far = AaveReservePlace(index: 300)
        #expect(Self.category(.bitmap(.max))?.contains(far) == false)
    }
}
