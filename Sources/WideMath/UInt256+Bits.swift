/// Shifts, masks, counts, and the integer square root that rests on them.

extension UInt256 {
    /// A shift by 256 and more leaves zero; a negative amount is a bug.
    @inlinable
    package static func << (value: UInt256, amount: Int) -> UInt256 {
        precondition(amount >= 0, "A shift amount is not negative")
        if amount >= 128 { return UInt256(high: value.lowHalf << (amount - 128), low: 0) }
        let high = value.highHalf << amount | value.lowHalf >> (128 - amount)
        return UInt256(high: high, low: value.lowHalf << amount)
    }

    /// A shift by 256 and more leaves zero; a negative amount is a bug.
    @inlinable
    package static func >> (value: UInt256, amount: Int) -> UInt256 {
        precondition(amount >= 0, "A shift amount is not negative")
        if amount >= 128 { return UInt256(high: 0, low: value.highHalf >> (amount - 128)) }
        let low = value.lowHalf >> amount | value.highHalf << (128 - amount)
        return UInt256(high: value.highHalf >> amount, low: low)
    }

    /// The value times two to the power; throws when the amount is out of range or bits would fall
    /// off.
    @inlinable
    package func checkedShiftLeft(_ amount: Int) throws(ArithmeticError) -> UInt256 {
        guard (0..<256).contains(amount) else { throw .shiftOutOfRange }
        guard isZero || leadingZeroBitCount >= amount else { throw .overflow }
        return self << amount
    }

    @inlinable
    package func checkedShiftRight(_ amount: Int) throws(ArithmeticError) -> UInt256 {
        guard (0..<256).contains(amount) else { throw .shiftOutOfRange }
        return self >> amount
    }

    @inlinable
    package static func & (left: UInt256, right: UInt256) -> UInt256 {
        UInt256(
            w0: left.w0 & right.w0, w1: left.w1 & right.w1, w2: left.w2 & right.w2,
            w3: left.w3 & right.w3)
    }

    @inlinable
    package static func | (left: UInt256, right: UInt256) -> UInt256 {
        UInt256(
            w0: left.w0 | right.w0, w1: left.w1 | right.w1, w2: left.w2 | right.w2,
            w3: left.w3 | right.w3)
    }

    @inlinable
    package static func ^ (left: UInt256, right: UInt256) -> UInt256 {
        UInt256(
            w0: left.w0 ^ right.w0, w1: left.w1 ^ right.w1, w2: left.w2 ^ right.w2,
            w3: left.w3 ^ right.w3)
    }

    @inlinable
    package static prefix func ~ (value: UInt256) -> UInt256 {
        UInt256(w0: ~value.w0, w1: ~value.w1, w2: ~value.w2, w3: ~value.w3)
    }

    @inlinable
    package var leadingZeroBitCount: Int {
        if w3 != 0 { return w3.leadingZeroBitCount }
        if w2 != 0 { return 64 + w2.leadingZeroBitCount }
        if w1 != 0 { return 128 + w1.leadingZeroBitCount }
        return 192 + w0.leadingZeroBitCount
    }

    @inlinable
    package var trailingZeroBitCount: Int {
        if w0 != 0 { return w0.trailingZeroBitCount }
        if w1 != 0 { return 64 + w1.trailingZeroBitCount }
        if w2 != 0 { return 128 + w2.trailingZeroBitCount }
        return 192 + w3.trailingZeroBitCount
    }

    @inlinable
    package func bit(at index: Int) -> Bool {
        precondition((0..<256).contains(index), "A UInt256 has bits 0 to 255")
        return (self >> index).w0 & 1 == 1
    }

    /// The largest integer whose square is not above this one. Newton's method from above falls
    /// strictly until it has arrived.
    package func squareRoot() -> UInt256 {
        if isZero { return .zero }
        let bitCount = 256 - leadingZeroBitCount
        var root = UInt256.one << ((bitCount + 1) / 2)
        while true {
            let next = (root + self / root) >> 1
            if next >= root { return root }
            root = next
        }
    }
}
