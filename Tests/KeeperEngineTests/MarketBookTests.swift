import KeeperEngine
import KeeperModel
import KeeperTestKit
import LiquidationRules
import Testing
import WideMath

/// Whatever happens to prices, indexes and accounts: the index and a full exact scan agree.
@Suite struct MarketBookTests {
    @Test(arguments: 1...6)
    func `index and exact scan agree after every change`(seed: Int) {
        var walk = LendingWalk(seed: UInt64(seed))
        for _ in 0..<120 {
            walk.step()
            #expect(walk.book.disagreements().isEmpty)
        }
        #expect(walk.crossingCount > 10, "a walk that crosses nothing shows nothing")
    }

    @Test func `a tick that crosses nothing asks nobody`() {
        var walk = LendingWalk(seed: 3)
        for _ in 0..<50 { walk.step() }
        let before = walk.book.tally.confirmations
        let price = walk.book.rules.value(ofVariable: 3)
        _ = walk.book.publish([LendingWalk.price(of: 1, UInt256(price), round: 900)])
        #expect(walk.book.tally.confirmations == before)
    }

    @Test func `an account that leaves takes its eligibility along`() {
        var walk = LendingWalk(seed: 5)
        while walk.book.eligibleAccounts.isEmpty { walk.step() }
        let gone = walk.book.eligibleAccounts[0]
        let crossings = walk.book.change([], removed: [gone])
        #expect(crossings == [Crossing(account: gone, isEligible: false)])
        #expect(walk.book.state(of: gone) == nil)
        #expect(walk.book.disagreements().isEmpty)
    }

    @Test func `a snapshot replaces everything`() {
        var walk = LendingWalk(seed: 6)
        for _ in 0..<100 { walk.step() }
        let kept = walk.states(count: 3)
        _ = walk.book.replaceAll(kept)
        #expect(walk.book.accountCount == 3)
        for state in kept { #expect(walk.book.state(of: state.account) == state) }
        #expect(walk.book.disagreements().isEmpty)
    }

    @Test func `an account that does not fit the market is counted, not forgotten`() {
        var walk = LendingWalk(seed: 7)
        let odd = AccountState(
            account: AccountID("odd"), version: 1,
            position: .lending(
                LendingPosition(
                    collateral: [ScaledBalance(asset: AssetID("NOPE"), scaledAmount: 1)],
                    debts: [])))
        _ = walk.book.change([odd], removed: [])
        #expect(walk.book.unreadableAccounts == [AccountID("odd")])
        #expect(!walk.book.isEligible(AccountID("odd")))
    }
}

/// A lending market that lives: prices and indexes walk, borrowers come, change and go.
struct LendingWalk {
    private(set) var crossingCount = 0
    var book: MarketBook<LendingMarket>
    private var generator: SeededGenerator
    private var prices: [UInt64] = [1_000_000, 2_500_000_000, 50_000_000_000]
    private var debtIndex = ray
    private var round: UInt64 = 1

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        let reserves = (0..<3).map { number in
            ReserveTerms(
                asset: AssetID("A\(number)"), decimals: [6, 18, 8][number],
                liquidationThresholdBps: [9_000, 8_300, 7_800][number],
                liquidationBonusBps: 10_500, protocolFeeBps: 1_000)
        }
        book = MarketBook(
            rules: LendingMarket(
                terms: LendingTerms(
                    market: MarketID("m"), generation: .v3_3, baseUnit: 1_000_000,
                    reserves: reserves, policy: .plain)))
        publish([0, 1, 2])
        _ = book.change(states(count: 60), removed: [])
    }

    static func price(of number: Int, _ price: UInt256, round: UInt64) -> PriceUpdate {
        PriceUpdate(
            asset: AssetID("A\(number)"), kind: .eligible, price: price, round: round,
            sourceAt: Instant(nanoseconds: 0))
    }

    mutating func step() {
        switch generator.next() % 10 {
        case 0: note(book.change([state(Int(generator.next() % 80))], removed: []))
        case 1:
            note(book.change([], removed: [AccountID("b-\(generator.next() % 80)")]))
        case 2:
            debtIndex += debtIndex / UInt256(generator.number(in: 1_000...1_000_000))
            note(
                book.take(
                    .indexes(
                        of: AssetID("A0"), liquidityRay: ray, variableBorrowRay: debtIndex)))
        case 3: move([1, 2], bps: 900)
        default: move([generator.chance(ppm: 500_000) ? 1 : 2], bps: 40)
        }
    }

    mutating func states(count: Int) -> [AccountState] {
        (0..<count).map { state($0) }
    }

    private mutating func move(_ numbers: [Int], bps: UInt64) {
        for number in numbers {
            let factor = 10_000 - bps + generator.next() % (2 * bps + 1)
            prices[number] = max(1, prices[number] / 10_000 * factor)
        }
        publish(numbers)
    }

    private mutating func publish(_ numbers: [Int]) {
        round += 1
        note(
            book.publish(
                numbers.map { Self.price(of: $0, UInt256(prices[$0]), round: round) }))
    }

    private mutating func note(_ crossings: [Crossing]) {
        crossingCount += crossings.count
    }

    /// One or two collaterals, and a debt that is near what they carry.
    private mutating func state(_ number: Int) -> AccountState {
        let worth = generator.number(in: 1_000_000...40_000_000_000)
        let legs =
            generator.chance(ppm: 300_000) ? [1, 2] : [generator.chance(ppm: 500_000) ? 1 : 2]
        let collateral = legs.map { leg in
            let unit: UInt256 = leg == 1 ? 1_000_000_000_000_000_000 : 100_000_000
            return ScaledBalance(
                asset: AssetID("A\(leg)"),
                scaledAmount: UInt256(worth / UInt64(legs.count)) * unit / UInt256(prices[leg]))
        }
        let debt = worth / 1_000 * generator.number(in: 600...830)
        return AccountState(
            account: AccountID("b-\(number)"), version: generator.next() >> 1,
            position: .lending(
                LendingPosition(
                    collateral: collateral,
                    debts: [
                        ScaledBalance(
                            asset: AssetID("A0"), scaledAmount: UInt256(debt) * ray / debtIndex)
                    ])))
    }
}
