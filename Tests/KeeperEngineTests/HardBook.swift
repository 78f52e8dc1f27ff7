import KeeperEngine
import KeeperModel
import KeeperTestKit
import LiquidationRules
import WideMath

/// A lending book that is hard on bounds: balances from one unit to more than 96 bits, accounts
/// within a unit of their line, prices that are missing, tiny and huge, indexes below one half.
struct HardBook {
    var book: MarketBook<LendingMarket>
    private(set) var crossings: [Crossing] = []
    private(set) var published: [AccountID: AccountState] = [:]
    private var generator: SeededGenerator
    private var prices: [UInt256]
    private let names: Int

    private static let decimals: [UInt8] = [6, 8, 18, 18, 2, 27, 6, 18]

    init(
        _ generation: AaveGeneration, seed: UInt64, moreLines: [AccountLine] = [],
        accountCount: Int = 40
    ) {
        generator = SeededGenerator(seed: seed)
        let reserves = Self.decimals.indices.map { number in
            ReserveTerms(
                asset: AssetID("H\(number)"), decimals: Self.decimals[number],
                liquidationThresholdBps: [9_000, 8_300, 1, 0, 10_000, 7_777, 6_500, 7_800][number],
                liquidationBonusBps: 10_500, protocolFeeBps: 0)
        }
        book = MarketBook(
            rules: LendingMarket(
                terms: LendingTerms(
                    market: MarketID("hard"), generation: generation, baseUnit: 100_000_000,
                    reserves: reserves, policy: .plain)), moreLines: moreLines)
        prices = [
            100_000_000, 6_000_000_000_000, 250_000_000_000, 3, 1_000_000, 5_000, 99_000_000, 0,
        ]
        names = accountCount
        publish(Array(prices.indices.dropLast()))
        for _ in 0..<accountCount { change() }
    }

    var exactCount: Int {
        published.keys.sorted().count { account in
            book.position(of: account).map { book.rules.isLiquidatable($0) } ?? false
        }
    }

    mutating func step() {
        switch generator.next() % 12 {
        case 0, 1, 2: for _ in 0..<5 { change() }
        case 3: remove()
        case 4: accrue()
        case 5: crash()
        case 6: wild()
        case 7, 8: move([Int(generator.next() % 7)], bps: 300)
        default: move([Int(generator.next() % 7)], bps: 5)
        }
    }

    /// All at once, in either direction.
    mutating func crash() { move(Array(0..<7), bps: 2_000) }

    /// One price far from where it was, or the one that was missing.
    private mutating func wild() {
        let number = Int(generator.next() % 8)
        let old = prices[number]
        prices[number] = UInt256(generator.number(in: 1...1_000_000_000_000))
        publish([number])
        guard !old.isZero else { return }
        prices[number] = old
        publish([number])
    }

    private mutating func move(_ numbers: [Int], bps: UInt64) {
        let common = generator.chance(ppm: 500_000)
        for number in numbers {
            let factor = 10_000 - bps + generator.next() % (common ? bps : 2 * bps + 1)
            prices[number] = max(1, prices[number] * UInt256(factor) / UInt256(10_000))
        }
        publish(numbers)
    }

    private mutating func publish(_ numbers: [Int]) {
        crossings += book.publish(
            numbers.map {
                PriceUpdate(
                    asset: AssetID("H\($0)"), kind: .eligible, price: prices[$0], round: 1,
                    sourceAt: Instant(nanoseconds: 0))
            })
    }

    private mutating func accrue() {
        let index = ray / UInt256(1_000) * UInt256(generator.number(in: 400...1_500))
        crossings += book.take(
            .indexes(
                of: AssetID("H\(generator.next() % 7)"), liquidityRay: index,
                variableBorrowRay: index + index / UInt256(generator.number(in: 2...900))))
    }

    private mutating func remove() {
        let account = AccountID("h-\(generator.next() % UInt64(names))")
        published[account] = nil
        crossings += book.change([], removed: [account])
    }

    private mutating func change() {
        let state = AccountState(
            account: AccountID("h-\(generator.next() % UInt64(names))"),
            version: generator.next() >> 1, position: .lending(position()))
        published[state.account] = state
        crossings += book.change([state], removed: [])
    }

    private mutating func position() -> LendingPosition {
        let order = Array(0..<8).shuffled(using: &generator)
        let count = Int(generator.number(in: 1...3))
        let collateral = order.prefix(count).map { balance($0, worth: worth()) }
        let debt = order[count]
        var position = LendingPosition(collateral: collateral, debts: [])
        guard generator.chance(ppm: 950_000) else { return position }
        // At the line by the rule itself, then a little to either side.
        let amount = nearLine(position, debt)
        position.debts = [
            ScaledBalance(asset: AssetID("H\(debt)"), scaledAmount: UInt256(amount))
        ]
        return position
    }

    private mutating func nearLine(_ position: LendingPosition, _ debt: Int) -> UInt128 {
        var (safe, closable) = (UInt128(0), UInt128(1) << 90)
        while closable - safe > 1 {
            let middle = safe + (closable - safe) / 2
            var tried = position
            tried.debts = [
                ScaledBalance(asset: AssetID("H\(debt)"), scaledAmount: UInt256(middle))
            ]
            let isBelow =
                book.rules.position(from: .lending(tried))
                .map { book.rules.isLiquidatable($0) } ?? false
            if isBelow { closable = middle } else { safe = middle }
        }
        switch generator.next() % 6 {
        case 0: return safe
        case 1: return closable
        case 2: return safe - safe / 1_000_000
        case 3: return closable + closable / 300_000
        case 4: return safe / 100 * UInt128(generator.number(in: 80...130))
        default: return safe / 10
        }
    }

    private mutating func worth() -> UInt256 {
        UInt256(generator.next() >> generator.number(in: 8...63))
    }

    /// In base units; where no price is known, of so many units.
    private mutating func balance(_ number: Int, worth: UInt256) -> ScaledBalance {
        // Any unit of the test fits its word.
        let unit = (try? UInt256.powerOfTen(Int(Self.decimals[number]))) ?? 1
        let price = max(1, prices[number])
        return ScaledBalance(
            asset: AssetID("H\(number)"), scaledAmount: worth * unit / price)
    }
}
