package import KeeperModel
package import WideMath

extension SeededGenerator {
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
