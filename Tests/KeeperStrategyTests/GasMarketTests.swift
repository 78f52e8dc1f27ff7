import KeeperModel
import KeeperStrategy
import Testing
import WideMath

/// What a call costs that carries more than one close.
@Suite struct GasMarketTests {
    private func market() throws -> GasMarket {
        let terms = ChainTerms(
            gasAsset: AssetID("ETH"), finalityHeights: 5, bumpMinPpm: 125_000,
            gasPerClose: 500_000, gasPerCancel: 21_000,
            lanes: [Lane(name: LaneName("pool"), laneClass: .open)])
        return try #require(
            GasMarket(
                terms: terms,
                price: GasPrice(baseFee: 20_000_000_000, usualTip: 1_000_000_000),
                gasAssetDecimals: 18, gasAssetUnits: 2_000_000_000))
    }

    private let rule = BidRule(
        laneClass: .open, offerPpm: 100_000, capPpm: 900_000, raiseEveryHeights: 2)

    @Test func `a call with two closes takes the gas of both`() throws {
        let (one, two) = (try market(), try market().carrying(closes: 2))
        let profit: UInt256 = 1_000_000_000_000
        let single = try #require(one.firstBid(nonce: 7, profitUnits: profit, rule: rule))
        let double = try #require(two.firstBid(nonce: 7, profitUnits: profit, rule: rule))
        #expect(single.gasLimit == 500_000)
        #expect(double.gasLimit == 1_000_000)
        let usual = try #require(one.usualCostUnits)
        #expect(try #require(two.usualCostUnits) >= usual * 2 - 1)
    }

    @Test func `a raised bid keeps the gas that its call needs`() throws {
        let two = try market().carrying(closes: 2)
        let profit: UInt256 = 1_000_000_000_000
        let first = try #require(two.firstBid(nonce: 7, profitUnits: profit, rule: rule))
        let raised = try market().raisedBid(over: first, profitUnits: profit, rule: rule)
        #expect(raised?.gasLimit == 1_000_000)
    }
}
