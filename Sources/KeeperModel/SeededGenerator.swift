/// Repeatable randomness: the same seed gives the same run for ever. Chance, like time, is an
/// input.
///
/// SplitMix64 of Steele, Lea and Flood ("Fast Splittable Pseudorandom Number Generators", 2014).
package struct SeededGenerator: RandomNumberGenerator, Hashable, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// True `ppm` times in a million.
    package mutating func chance(ppm: UInt64) -> Bool {
        next() % 1_000_000 < ppm
    }

    /// Evenly from the range, both ends included.
    package mutating func number(in range: ClosedRange<UInt64>) -> UInt64 {
        let width = range.upperBound - range.lowerBound
        guard width < .max else { return next() }
        return range.lowerBound + next() % (width + 1)
    }
}
