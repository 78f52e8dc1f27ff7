import KeeperCodec
import KeeperModel
import KeeperTestKit
import LiquidationRules
import WideMath

/// Whether one account of a lending market is as healthy here as it is in demeter, minute by
/// minute, at the same prices and indexes. Demeter counts with 28 digits and never rounds to a
/// token's unit; the protocol does, since 3.5 always against the borrower.
struct DemeterHealth {
    let minuteCount: Int
    /// Minutes in which ours is above theirs, or below by more than the rounding explains.
    let differingCount: Int
    /// Of any minute, in parts of a million million.
    let largestGapPpt: UInt64

    /// The last unit of the one bitcoin is one part in a hundred million of it, and it is three
    /// fifths of the collateral, a little more where its price has risen; that of the debt is one
    /// part in ten thousand million.
    static let gapMaxPpt: UInt64 = 7_100

    private static let (ether, bitcoin, dollar) = (
        AssetID("WETH"), AssetID("WBTC"), AssetID("USDC")
    )
    private static let wad = UInt256(1_000_000_000_000_000_000)

    /// Nil from a peer that is absent or has gone.
    init?(_ peer: Peer, minutes: Int) throws {
        guard let answer = peer.answer(to: "health \(minutes)") else { return nil }
        let rows = try JSONReader(JSONValue.parse(Array(answer.utf8))).array()
        guard rows.count == minutes else { return nil }
        var market = LendingMarket(terms: Self.terms)
        guard let account = market.position(from: .lending(Self.account)) else {
            throw BacktestBenchProblem("the account does not fit its market")
        }
        var (differing, largest) = (0, UInt64(0))
        for row in rows {
            let wads = try row.array().map { try $0.uint256 }
            guard wads.count == 5 else { throw BacktestBenchProblem("demeter told no minute") }
            Self.set(&market, prices: wads[0], wads[1], indexes: wads[2], wads[3])
            let gapPpt = try Self.gapPpt(ours: market.healthWad(account), theirs: wads[4])
            largest = max(largest, gapPpt ?? 0)
            if gapPpt.map({ $0 > Self.gapMaxPpt }) ?? true { differing += 1 }
        }
        minuteCount = rows.count
        differingCount = differing
        largestGapPpt = largest
    }

    /// By how much ours is below theirs, rounded up; nil where it is above.
    private static func gapPpt(ours: UInt256, theirs: UInt256) throws -> UInt64? {
        guard ours <= theirs else { return nil }
        let gap = try mulDiv(
            theirs - ours, 1_000_000_000_000, dividingBy: theirs, rounding: .up)
        return gap.asUInt64 ?? .max
    }

    private static func set(
        _ market: inout LendingMarket, prices ether: UInt256, _ bitcoin: UInt256,
        indexes liquidity: UInt256, _ borrow: UInt256
    ) {
        for (asset, priceWad) in [(Self.ether, ether), (Self.bitcoin, bitcoin), (dollar, wad)] {
            let update = PriceUpdate(
                asset: asset, kind: .eligible, price: priceWad / UInt256(10_000_000_000), round: 1,
                sourceAt: Instant(nanoseconds: 0))
            _ = market.publish(update)
            _ = market.take(
                .indexes(
                    of: asset, liquidityRay: liquidity * UInt256(1_000_000_000),
                    variableBorrowRay: borrow * UInt256(1_000_000_000)))
        }
    }

    /// As in `Benchmarks/demeter_bars.py`.
    private static let account = LendingPosition(
        collateral: [
            ScaledBalance(asset: ether, scaledAmount: UInt256(10) * wad),
            ScaledBalance(asset: bitcoin, scaledAmount: UInt256(100_000_000)),
        ], debts: [ScaledBalance(asset: dollar, scaledAmount: UInt256(10_000_000_000))])

    private static let terms = LendingTerms(
        market: MarketID("demeter"), generation: .v3_5, baseUnit: 100_000_000,
        reserves: [(ether, 18), (bitcoin, 8), (dollar, 6)].map { asset, decimals in
            ReserveTerms(
                asset: asset, decimals: decimals, liquidationThresholdBps: 8_300,
                liquidationBonusBps: 10_500, protocolFeeBps: 1_000)
        }, policy: .plain)
}
