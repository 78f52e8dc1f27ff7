package import WideMath

/// Repeatable randomness for tests and simulations: the same seed gives the same run for ever.
///
/// SplitMix64 of Steele, Lea and Flood ("Fast Splittable Pseudorandom Number Generators", 2014).
package struct SeededGenerator: RandomNumberGenerator, Sendable {
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

    /// A number of any size: widths are drawn evenly, and limbs are often all zeros or all ones,
    /// because carries and estimates of quotients go wrong there.
    package mutating func nextUInt256() -> UInt256 {
        let value = UInt256(w0: nextLimb(), w1: nextLimb(), w2: nextLimb(), w3: nextLimb())
        return value >> Int.random(in: 0..<256, using: &self)
    }

    private mutating func nextLimb() -> UInt64 {
        switch Int.random(in: 0..<8, using: &self) {
        case 0: 0
        case 1: .max
        case 2: 1 << 63
        default: next()
        }
    }
}
