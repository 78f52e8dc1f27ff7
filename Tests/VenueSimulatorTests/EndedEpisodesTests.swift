import KeeperModel
import KeeperTestKit
import LiquidationRules
import Testing
import VenueSimulator
import WideMath

/// Not everybody is asked with every price; whoever is over must be found with the first that makes
/// it so all the same.
@Suite struct EndedEpisodesTests {
    @Test(arguments: [1, 2, 3, 4])
    func `an episode ends with the price that ends it, as if all were asked every time`(
        seed: UInt64
    ) {
        var crowd = EpisodeCrowd(seed: seed)
        var (endedCount, askedCount) = (0, 0)
        for _ in 0..<Self.stepCount {
            crowd.movePrice()
            let wanted = crowd.overByAskingAll()
            let (found, asked) = crowd.over()
            #expect(found == wanted)
            for account in found { crowd.end(account) }
            crowd.beginAgain()
            (endedCount, askedCount) = (endedCount + found.count, askedCount + asked)
        }
        #expect(endedCount > 10, "prices rose above some lines")
        #expect(
            askedCount < Self.stepCount * crowd.count / 4, "most were left in peace: \(askedCount)")
    }

    private static let stepCount = 500
}

/// Accounts that all have earned, in a market whose two prices wander and now and then jump.
private struct EpisodeCrowd {
    private var market: LendingMarket
    private var forks = AccountForks()
    private var drift = PriceDrift()
    private var positions: [AccountID: AccountPosition] = [:]
    private var open: Set<AccountID> = []
    private var generator: SeededGenerator
    private var prices: [UInt64] = [2_000_000_000, 30_000_000_000]
    private var round: UInt64 = 1
    let count = 40

    private static let market = MarketID("lend")
    private static let assets = [AssetID("ETH"), AssetID("WBTC")]
    private static let decimals: [UInt8] = [18, 8]

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        market = LendingMarket(
            terms: LendingTerms(
                market: Self.market, generation: .v3_3, baseUnit: 1_000_000,
                reserves: [
                    ReserveTerms(
                        asset: AssetID("USD"), decimals: 6, liquidationThresholdBps: 0,
                        liquidationBonusBps: 10_500, protocolFeeBps: 1_000)
                ]
                    + zip(Self.assets, Self.decimals).map {
                        ReserveTerms(
                            asset: $0, decimals: $1, liquidationThresholdBps: 8_000,
                            liquidationBonusBps: 10_500, protocolFeeBps: 1_000)
                    },
                policy: .plain))
        publish(AssetID("USD"), 1_000_000)
        for (asset, price) in zip(Self.assets, prices) { publish(asset, price) }
        for number in 0..<count { add(number) }
    }

    private mutating func add(_ number: Int) {
        let amounts = [
            UInt256(generator.number(in: 1...9)) * UInt256(100_000_000_000_000_000),
            UInt256(generator.number(in: 0...5) * 1_000_000),
        ]
        // At the first prices, in dollars with six places.
        let worth =
            amounts[0] * UInt256(2_000_000_000) / UInt256(1_000_000_000_000_000_000)
            + amounts[1] * UInt256(30_000_000_000) / UInt256(100_000_000)
        let debt = worth * UInt256(generator.number(in: 8_001...8_120)) / UInt256(10_000)
        let position = AccountPosition.lending(
            LendingPosition(
                collateral: zip(Self.assets, amounts).filter { !$1.isZero }.map {
                    ScaledBalance(asset: $0, scaledAmount: $1)
                },
                debts: [ScaledBalance(asset: AssetID("USD"), scaledAmount: debt)]))
        positions[AccountID("account-\(number)")] = position
        begin(AccountID("account-\(number)"), position)
    }

    private mutating func begin(_ account: AccountID, _ position: AccountPosition) {
        open.insert(account)
        _ = forks.close(
            Self.market,
            recorded: AccountState(account: account, version: 1, position: position), position: nil)
    }

    /// Whoever fell below the line again is closed again.
    mutating func beginAgain() {
        for (account, position) in positions where !open.contains(account) && !isOver(position) {
            begin(account, position)
        }
    }

    mutating func movePrice() {
        let place = Int(generator.number(in: 0...1))
        let reach: UInt64 = generator.chance(ppm: 10_000) ? 60_000 : 1_000
        let factor = 1_000_000 - reach + generator.number(in: 0...2 * reach)
        // It returns to where it began, so that lines are crossed again and again.
        let home: UInt64 = place == 0 ? 2_000_000_000 : 30_000_000_000
        prices[place] = (prices[place] / 1_000_000 * factor * 199 + home) / 200
        publish(Self.assets[place], prices[place])
    }

    private mutating func publish(_ asset: AssetID, _ price: UInt64) {
        round += 1
        let update = PriceUpdate(
            asset: asset, kind: .eligible, price: UInt256(price), round: round,
            sourceAt: Instant(nanoseconds: 0))
        _ = market.publish(update)
        drift.note(update)
    }

    private func isOver(_ published: AccountPosition) -> Bool {
        market.position(from: published).map { !market.isLiquidatable($0) } ?? true
    }

    func overByAskingAll() -> [AccountID] {
        positions.filter { open.contains($0.key) && isOver($0.value) }.map(\.key).sorted()
    }

    mutating func over() -> (accounts: [AccountID], asked: Int) {
        var asked = 0
        let (market, driftPpm) = (market, drift.ppm)
        let found = forks.endedEpisodes(of: Self.market, driftPpm: driftPpm) { published in
            asked += 1
            guard let position = market.position(from: published), market.isLiquidatable(position)
            else { return nil }
            return PriceDrift.roomPpm(healthWad: market.healthWad(position))
        }
        return (found, asked)
    }

    mutating func end(_ account: AccountID) {
        forks.endEpisode(Self.market, account)
        open.remove(account)
    }
}
