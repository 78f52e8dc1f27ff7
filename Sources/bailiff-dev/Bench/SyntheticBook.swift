import Glibc
import KeeperModel
import KeeperTestKit
import LiquidationRules
import WideMath

/// A lending market as large books have it, always the same: 32 reserves of which six are stable,
/// one to four collaterals and one or two debts per account, sizes and healths that scatter
/// log-normally, and two accounts in ten thousand at their line or just under it.
struct SyntheticBook {
    static let reserveCount = 32
    static let stableCount = 6
    static let accountCountMax = 1_000_000

    let terms: LendingTerms
    private(set) var prices: [UInt256]
    /// In whole units of the base currency, for sizing.
    private let startPrices: [Double]
    private let popularity: [Double]
    private var generator: SeededGenerator

    /// Prices and worths have eight places, as on Aave's main markets.
    static let baseUnit: UInt64 = 100_000_000

    init() {
        var generator = SeededGenerator(seed: 7)
        let reserves = (0..<Self.reserveCount).map { number in
            ReserveTerms(
                asset: AssetID("R\(number)"), decimals: [6, 8, 18][number % 3],
                liquidationThresholdBps: generator.number(in: 6_000...9_000),
                liquidationBonusBps: 10_500, protocolFeeBps: 1_000)
        }
        terms = LendingTerms(
            market: MarketID("bench"), generation: .v3_5, baseUnit: Self.baseUnit,
            reserves: reserves, policy: .plain)
        startPrices = (0..<Self.reserveCount).map { number in
            number < Self.stableCount ? 1 : exp(generator.uniform * 11.7 - 0.7)
        }
        prices = []
        var heaviness = (0..<Self.reserveCount).map { 1 / pow(Double($0 + 1), 0.9) }
        heaviness.shuffle(using: &generator)
        popularity = heaviness
        self.generator = generator
        returnToStart()
    }

    func number(of asset: AssetID) -> Int? {
        terms.reserves.firstIndex { $0.asset == asset }
    }

    // MARK: Accounts

    mutating func state(number: Int) -> AccountState {
        AccountState(
            account: AccountID("account-\(number)"), version: 1,
            position: .lending(position()))
    }

    private mutating func position() -> LendingPosition {
        let worth = min(exp(8 + 1.8 * generator.gaussian), 5e7)
        let collateral = reserves(count: generator.choice(of: [0.55, 0.25, 0.12, 0.08]) + 1)
        let parts = generator.parts(collateral.count)
        var borrowable = 0.0
        var balances: [ScaledBalance] = []
        for (reserve, part) in zip(collateral, parts) {
            balances.append(balance(reserve, worth: worth * part))
            borrowable +=
                worth * part * Double(terms.reserves[reserve].liquidationThresholdBps) / 10_000
        }
        let debts = reserves(
            count: generator.choice(of: [0.8, 0.2]) + 1, excluding: collateral, prefersStable: true)
        let debtWorth = borrowable / health()
        return LendingPosition(
            collateral: balances,
            debts: zip(debts, generator.parts(debts.count)).map {
                balance($0, worth: debtWorth * $1)
            })
    }

    private mutating func health() -> Double {
        generator.chance(ppm: 200)
            ? 0.95 + 0.05 * generator.uniform : 1 + exp(-0.7 + 1.1 * generator.gaussian)
    }

    private mutating func reserves(
        count: Int, excluding taken: [Int] = [], prefersStable: Bool = false
    ) -> [Int] {
        var weights = popularity
        if prefersStable {
            for stable in 0..<Self.stableCount { weights[stable] += 2 }
        }
        for number in taken { weights[number] = 0 }
        var chosen: [Int] = []
        for _ in 0..<count {
            let number = generator.choice(of: weights)
            weights[number] = 0
            chosen.append(number)
        }
        return chosen
    }

    private func balance(_ reserve: Int, worth: Double) -> ScaledBalance {
        // Twelve digits are plenty for a size; the rest of the decimals is zeros.
        let micro = UInt64(worth / startPrices[reserve] * 1e6) + 1
        let decimals = terms.reserves[reserve].decimals
        var amount = UInt256(micro)
        for _ in 6..<decimals { amount = amount * 10 }
        return ScaledBalance(asset: terms.reserves[reserve].asset, scaledAmount: amount)
    }

    // MARK: Ticks

    mutating func returnToStart() {
        prices = startPrices.map { UInt256(UInt64($0 * Double(Self.baseUnit))) }
    }

    var everyPrice: [PriceUpdate] { (0..<Self.reserveCount).map { update(of: $0) } }

    /// One asset that is not stable moves by a normal step of so many basis points.
    mutating func tick(basisPoints: Double) -> PriceUpdate {
        let number =
            Self.stableCount
            + Int(generator.next() % UInt64(Self.reserveCount - Self.stableCount))
        let step = Int64(generator.gaussian * basisPoints * 100_000)
        let ppb = UInt64(1_000_000_000 + max(-500_000_000, min(500_000_000, step)))
        prices[number] = prices[number] * UInt256(ppb) / UInt256(1_000_000_000)
        return update(of: number)
    }

    /// Every asset that is not stable falls by so many basis points.
    mutating func crash(basisPoints: UInt64) -> [PriceUpdate] {
        (Self.stableCount..<Self.reserveCount).map { number in
            prices[number] = prices[number] * UInt256(10_000 - basisPoints) / UInt256(10_000)
            return update(of: number)
        }
    }

    private func update(of number: Int) -> PriceUpdate {
        PriceUpdate(
            asset: terms.reserves[number].asset, kind: .eligible, price: prices[number], round: 1,
            sourceAt: Instant(nanoseconds: 0))
    }
}

extension SeededGenerator {
    /// At least 0 and below 1.
    fileprivate var uniform: Double {
        mutating get { Double(next() >> 11) / Double(UInt64(1) << 53) }
    }

    /// Mean 0, deviation 1, by the method of Box and Muller.
    var gaussian: Double {
        mutating get { (-2 * log(1 - uniform)).squareRoot() * cos(2 * .pi * uniform) }
    }

    /// The number of a weight, as often as it is heavy.
    fileprivate mutating func choice(of weights: [Double]) -> Int {
        var rest = uniform * weights.reduce(0, +)
        for (number, weight) in weights.enumerated() {
            rest -= weight
            if rest < 0 { return number }
        }
        return weights.lastIndex { $0 > 0 } ?? 0
    }

    /// Shares of one, evenly among all ways to cut it.
    fileprivate mutating func parts(_ count: Int) -> [Double] {
        let pieces = (0..<count).map { _ in -log(1 - uniform) }
        let sum = pieces.reduce(0, +)
        return pieces.map { $0 / sum }
    }
}
