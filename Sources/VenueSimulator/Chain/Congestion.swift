package import KeeperModel
package import WideMath

/// How full a chain's blocks are with the calls of others, and what inclusion costs because of it.
///
/// The base fee follows EIP-1559: it moves by up to an eighth from height to height, up where
/// blocks are fuller than half and down where they are emptier. While a crowd is there, the usual
/// tip grows too.
package struct Congestion: Hashable, Sendable {
    package private(set) var price: GasPrice
    /// So many of the keepers' calls find room in a block.
    package let callsPerBlock: Int
    private let calmTip: UInt256
    /// Heights, counted from the start, in which everybody wants in.
    private let rush: Range<UInt64>
    private var count: UInt64 = 0
    private var generator: SeededGenerator

    package init(
        baseFee: UInt256, calmTip: UInt256, callsPerBlock: Int, rush: Range<UInt64>,
        generator: SeededGenerator
    ) {
        precondition(callsPerBlock > 0, "A block has room for a call")
        price = GasPrice(baseFee: baseFee, usualTip: calmTip)
        self.calmTip = calmTip
        self.callsPerBlock = callsPerBlock
        self.rush = rush
        self.generator = generator
    }

    package mutating func advance() {
        count += 1
        let isRush = rush.contains(count)
        // Fullness in ppm of the target: 2 000 000 is a full block.
        let fullness =
            isRush
            ? generator.number(in: 1_600_000...2_000_000)
            : generator.number(in: 0...1_900_000)
        let step = price.baseFee / UInt256(8)
        let baseFee =
            fullness >= 1_000_000
            ? price.baseFee + step * UInt256(fullness - 1_000_000) / UInt256(1_000_000) + .one
            : price.baseFee - step * UInt256(1_000_000 - fullness) / UInt256(1_000_000)
        let tip = isRush ? calmTip * UInt256(generator.number(in: 2...12)) : calmTip
        price = GasPrice(baseFee: max(baseFee, .one), usualTip: tip)
    }
}
