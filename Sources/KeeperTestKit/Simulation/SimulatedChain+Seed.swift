import KeeperModel
package import VenueSimulator
import WideMath

/// Two seeds in five play on a chain: gas from calm to fifty times as dear, blocks with room for
/// few.
package func simulatedChain(seed: UInt64) -> SimulatedChain? {
    var generator = SeededGenerator(seed: seed ^ 0x6368_6169_6E)
    guard generator.chance(ppm: 400_000) else { return nil }
    let gwei = UInt256(1_000_000_000)
    let start = generator.number(in: 10...45)
    let length = generator.chance(ppm: 600_000) ? generator.number(in: 5...33) : 0
    let terms = ChainTerms(
        gasAsset: AssetID("ETH"), finalityHeights: generator.number(in: 2...8),
        bumpMinPpm: 125_000, gasPerClose: 500_000, gasPerCancel: 21_000,
        lanes: [
            Lane(name: LaneName("pool"), laneClass: .open),
            Lane(name: LaneName("relay"), laneClass: .confidential),
        ])
    return SimulatedChain(
        terms: terms,
        congestion: Congestion(
            baseFee: UInt256(generator.number(in: 1...40)) * gwei, calmTip: gwei,
            callsPerBlock: Int(generator.number(in: 1...6)), rush: start..<(start + length),
            generator: generator))
}

/// From nothing to twenty whole ones.
func gasEndowment(seed: UInt64) -> UInt256 {
    var generator = SeededGenerator(seed: seed ^ 0x6761_73)
    return UInt256(generator.number(in: 0...20_000)) * UInt256(1_000_000_000_000_000)
}
