import KeeperModel
import KeeperTestKit
import LiquidationRules
import WideMath

/// Moves a market inside the enclosure of an account, and finds accounts at the line.
struct EnclosureWalk {
    var generator: SeededGenerator
    private(set) var opened = 0
    private(set) var walked = 0
    private(set) var liquidatable = 0

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    /// How often the rule answers otherwise than at the centre, over moves to the ends of its
    /// watches and to places between. `market` makes a market of such values, none of them zero
    /// that is not so at present.
    mutating func flips<Rules: MarketRules>(
        of position: Rules.Position, in rules: Rules, limits: [UInt128], moves: Int = 12,
        market: ([UInt128]) -> Rules
    ) -> Int {
        let isLiquidatable = rules.isLiquidatable(position)
        let watches = rules.watches(for: position)
        walked += 1
        if isLiquidatable { liquidatable += 1 }
        if watches.contains(where: { $0.low > 0 && $0.low < $0.high || isAbove($0, rules) }) {
            opened += 1
        }
        return (0..<moves).count { _ in
            let values = values(of: rules, within: watches, limits: limits)
            return market(values).isLiquidatable(position) != isLiquidatable
        }
    }

    private func isAbove(_ watch: Watch, _ rules: some MarketRules) -> Bool {
        watch.high < .max && watch.high > rules.value(ofVariable: watch.variable)
    }

    /// Every variable somewhere inside its watches, half of the time on an end.
    private mutating func values(
        of rules: some MarketRules, within watches: [Watch], limits: [UInt128]
    ) -> [UInt128] {
        (0..<rules.variableCount).map { variable in
            let own = watches.filter { $0.variable == variable }
            let present = rules.value(ofVariable: variable)
            let low = max(min(1, present), own.map(\.low).max() ?? 0)
            let high = max(low, min(limits[variable], own.map(\.high).min() ?? .max))
            let bits = generator.number(in: 0...127)
            let random = UInt128(generator.next()) << 64 | UInt128(generator.next())
            switch generator.next() % 5 {
            case 0: return low
            case 1: return high
            case 2: return low + random % (high - low + (high - low == .max ? 0 : 1))
            case 3: return min(max(present, low), high)
            default: return low + min(high - low, random >> UInt128(bits))
            }
        }
    }

    /// A number of up to so many bits, all lengths alike.
    mutating func amount(bits: ClosedRange<UInt64>) -> UInt128 {
        let length = generator.number(in: bits)
        let random = UInt128(generator.next()) << 64 | UInt128(generator.next())
        return max(1, random >> (128 - UInt128(length)))
    }

    /// The last debt that is safe, the first that is not, and both a basis point farther.
    func debtsNearLine(
        upTo most: UInt128, isLiquidatable: (UInt128) throws -> Bool
    ) rethrows -> [UInt128] {
        var (safe, unsafe) = (UInt128.zero, most)
        guard try isLiquidatable(unsafe), try !isLiquidatable(safe) else { return [] }
        while unsafe - safe > 1 {
            let middle = safe + (unsafe - safe) / 2
            if try isLiquidatable(middle) { unsafe = middle } else { safe = middle }
        }
        let point = safe / 10_000
        let distant = unsafe / 3
        return [safe, unsafe, safe - point, min(most, unsafe + point), distant]
            .filter { $0 > 0 }
    }
}

/// A price as markets take it in.
func eligiblePrice(_ asset: AssetID, _ price: UInt256) -> PriceUpdate {
    PriceUpdate(
        asset: asset, kind: .eligible, price: price, round: 1,
        sourceAt: Instant(nanoseconds: 0))
}

/// `health` is below one wad exactly where the account can be closed.
func healthAgrees<Rules: MarketRules>(_ rules: Rules, _ position: Rules.Position) -> Bool {
    (rules.healthWad(position) < wad) == rules.isLiquidatable(position)
}
