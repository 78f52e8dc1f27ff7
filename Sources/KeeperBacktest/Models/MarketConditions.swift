package import KeeperModel
import WideMath

/// How wild the market is, and what that does to gas, books and latency: one figure and one draw
/// for all three, because they get worse together and not one by one.
package struct MarketConditions: Hashable, Sendable {
    /// One in calm, in millionths.
    package let stressPpm: UInt64

    package init(stressPpm: UInt64) {
        precondition(stressPpm >= Self.calmPpm, "Nothing is calmer than calm")
        self.stressPpm = stressPpm
    }

    package static let calmPpm: UInt64 = 1_000_000
    package static let calm = MarketConditions(stressPpm: calmPpm)

    /// So much times more, of which a part in a million follows the stress.
    package func grown(_ value: UInt64, followingPpm share: UInt64) -> UInt64 {
        let excess = (stressPpm - Self.calmPpm).multipliedFullWidth(by: share)
        let factor = Self.calmPpm + Self.calmPpm.dividingFullWidth(excess).quotient
        let product = value.multipliedFullWidth(by: factor)
        guard product.high < Self.calmPpm else { return .max }
        return Self.calmPpm.dividingFullWidth(product).quotient
    }

    /// As many times less.
    package func shrunk(_ value: UInt64, followingPpm share: UInt64) -> UInt64 {
        let factor = grown(Self.calmPpm, followingPpm: share)
        return factor.dividingFullWidth(value.multipliedFullWidth(by: Self.calmPpm)).quotient
    }
}

/// Conditions from prices: the mean move from one price to the next, of all assets and lately,
/// beside what it is on a calm day.
package struct ConditionsModel: Sendable {
    /// The median over 2020 of the mean move of ETH within a minute, of thirty minutes each.
    package static let calmMovePpm: UInt64 = 636
    private static let movesMax = 30
    private static let stressMaxPpm: UInt64 = 20_000_000

    private var lastPrices: [AssetID: UInt64] = [:]
    private var moves: [UInt64] = []
    private var generator: SeededGenerator
    package private(set) var now = MarketConditions.calm
    /// The draw that is in it, from a half to one and a half, in calm too.
    package private(set) var drawPpm: UInt64 = 1_000_000

    package init(seed: UInt64) {
        generator = SeededGenerator(seed: seed ^ 0x636F_6E64_6974)
    }

    /// Takes the prices of one instant.
    package mutating func note(_ prices: [(asset: AssetID, price: UInt64)]) {
        for (asset, price) in prices {
            defer { lastPrices[asset] = price }
            guard let last = lastPrices[asset], last > 0 else { continue }
            let move = price > last ? price - last : last - price
            let product = move.multipliedFullWidth(by: 1_000_000)
            guard product.high < last else { continue }
            moves.append(last.dividingFullWidth(product).quotient)
        }
        if moves.count > Self.movesMax { moves.removeFirst(moves.count - Self.movesMax) }
        now = MarketConditions(stressPpm: stressPpm())
    }

    /// The excess of the mean move over a calm one, times something from a half to one and a half.
    private mutating func stressPpm() -> UInt64 {
        drawPpm = generator.number(in: 500_000...1_500_000)
        guard !moves.isEmpty else { return MarketConditions.calmPpm }
        let mean = moves.reduce(0, &+) / UInt64(moves.count)
        guard mean > Self.calmMovePpm else { return MarketConditions.calmPpm }
        let excess = min(mean - Self.calmMovePpm, 1_000_000) * drawPpm / Self.calmMovePpm
        return min(MarketConditions.calmPpm + excess, Self.stressMaxPpm)
    }

    package static let part = ModelPart(
        "volatility", .borrowed(from: "2020"),
        "stress is the mean move of the last 30 prices beside \(calmMovePpm) ppm, the median of "
            + "ETH's minutes, times one draw from 0.5 to 1.5 for gas, depth and latency alike")
}

/// Where the conditions of the moment hang, for everybody who runs over the same history.
package final class ConditionsBoard {
    package internal(set) var now = MarketConditions.calm
    /// Units of account for one unit of gas, in billionths; nil where calls cost nothing.
    package internal(set) var gasCostPpb: UInt64?
    package internal(set) var lastHeightAt = Instant(nanoseconds: 0)
    package internal(set) var heightSpan = TimeSpan.zero

    package init() {}

    /// In units of account.
    func units(ofGas gas: UInt64) -> UInt256 {
        guard let gasCostPpb else { return .zero }
        return UInt256(gas) * UInt256(gasCostPpb) / UInt256(1_000_000_000)
    }
}
