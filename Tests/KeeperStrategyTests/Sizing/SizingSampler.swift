import KeeperModel
import KeeperStrategy
import LiquidationRules
import WideMath

/// Draws books, funds and strategies: deep and shallow, plenty and scarce.
struct SizingSampler {
    var generator: SeededGenerator

    static let quote = AssetID("USD")
    static let collaterals: [(asset: AssetID, decimals: UInt8)] = [
        (AssetID("ETH"), 18), (AssetID("WBTC"), 8), (AssetID("SOL"), 9),
    ]

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    mutating func number(_ range: ClosedRange<UInt64>) -> UInt64 { generator.number(in: range) }
    mutating func chance(percent: UInt64) -> Bool { generator.chance(ppm: percent * 10_000) }

    mutating func collateral() -> (asset: AssetID, decimals: UInt8) {
        Self.collaterals[Int(number(0...2))]
    }

    static func unit(_ decimals: UInt8) -> UInt256 {
        (0..<decimals).reduce(UInt256.one) { unit, _ in unit * UInt256(10) }
    }

    /// So much of an asset as is worth the units.
    static func amount(worth units: UInt64, price: UInt64, decimals: UInt8) -> UInt256 {
        UInt256(units) * unit(decimals) / UInt256(price)
    }

    // MARK: What a plan rests on

    /// Books whose levels hold from a hundredth of the notional to all of it.
    mutating func context(
        notionalUnits: UInt64, _ collaterals: [(asset: AssetID, decimals: UInt8, price: UInt64)],
        payAsset: AssetID = SizingSampler.quote
    ) -> PlanningContext {
        var depth: [AssetID: DepthBook] = [:]
        for collateral in collaterals {
            depth[collateral.asset] = book(notionalUnits, collateral)
        }
        let isScarce = chance(percent: 30)
        let funds =
            isScarce
            ? UInt256(number(notionalUnits / 20...notionalUnits)) : UInt256(notionalUnits * 3)
        let pool =
            chance(percent: 25)
            ? UInt256(number(notionalUnits / 20...notionalUnits)) : UInt256(notionalUnits * 3)
        let scale = payAsset == Self.quote ? UInt256.one : Self.unit(12)
        return PlanningContext(
            now: Instant(nanoseconds: 0), height: 1,
            quote: AssetDescription(asset: Self.quote, decimals: 6), depth: depth,
            flashPools: [
                Self.quote: FlashPool(
                    asset: Self.quote, available: pool, premiumBps: number(0...30))
            ],
            available: [payAsset: funds * scale],
            priceAges: PriceAges(sinceReceived: .zero, sinceMade: .zero),
            sendingCostUnits: chance(percent: 50) ? .zero : UInt256(number(0...30_000_000)),
            notionalMaxUnits: chance(percent: 15)
                ? UInt256(number(notionalUnits / 10...notionalUnits)) : nil)
    }

    private mutating func book(
        _ notionalUnits: UInt64, _ collateral: (asset: AssetID, decimals: UInt8, price: UInt64)
    ) -> DepthBook {
        var price = collateral.price
        let stepMax = number(1...90)
        let share = number(2...60)
        let bids = (0..<number(1...14)).map { _ in
            price -= price / 10_000 * number(0...stepMax)
            let units = number(notionalUnits / 100...max(notionalUnits / share, notionalUnits / 99))
            return DepthLevel(
                price: price,
                quantity: Self.amount(
                    worth: units, price: collateral.price, decimals: collateral.decimals))
        }
        return DepthBook(asset: collateral.asset, bids: bids, asks: [])
    }

    mutating func strategy(
        kind: CloseKind, limitAsset: AssetID, notionalUnits: UInt64, mayFlash: Bool = true
    ) throws -> Strategy {
        let exit: ExitChoice =
            switch number(0...9) {
            case 0: .hold
            case 1...2:
                .holdUpTo(
                    HoldRule(
                        haircutPpm: number(0...40_000),
                        limitUnits: [limitAsset: UInt256(number(0...notionalUnits))],
                        sellTolerancePpm: chance(percent: 60) ? number(500...20_000) : nil))
            default: .sell(tolerancePpm: number(500...10_000))
            }
        var sells = false
        if case .sell = exit { sells = true }
        let funding: FundingChoice =
            sells && mayFlash ? [.inventory, .flash, .cheapest][Int(number(0...2))] : .inventory
        return Strategy(
            name: StrategyName("s"), version: 1, summary: "", markets: [kind],
            condition: try Condition("notional >= 0 usd"), sizing: .optimal, funding: funding,
            exit: exit, bid: nil, validHeights: 5, coolDown: .zero)
    }
}

func eligible(_ asset: AssetID, _ price: UInt64) -> PriceUpdate {
    PriceUpdate(
        asset: asset, kind: .eligible, price: UInt256(price), round: 1,
        sourceAt: Instant(nanoseconds: 0))
}

extension Strategy {
    /// How far prices may move before the plan has to hold no longer.
    var testedDriftPpm: UInt64 {
        switch exit {
        case .hold: 5_000
        case .sell(let tolerancePpm): tolerancePpm
        case .holdUpTo(let rule):
            max(1, rule.sellTolerancePpm ?? rule.haircutPpm)
        }
    }
}
