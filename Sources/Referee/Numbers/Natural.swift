package import WideMath

/// A natural number of any size: limbs of 32 bits, lowest first, the highest never zero.
///
/// Slow on purpose. Every operation is the one taught at school, so that it can be seen to be
/// right; nothing here shares a line with `WideMath`, whose results it is to judge.
package struct Natural: Hashable, Sendable {
    private(set) var limbs: [UInt32]

    private init(trimming limbs: [UInt32]) {
        self.limbs = limbs
        while self.limbs.last == 0 { self.limbs.removeLast() }
    }

    package init(word value: UInt64) {
        self.init(trimming: [
            UInt32(truncatingIfNeeded: value), UInt32(truncatingIfNeeded: value >> 32),
        ])
    }

    package init(_ value: UInt256) {
        self.init(
            trimming: [value.w0, value.w1, value.w2, value.w3].flatMap {
                [UInt32(truncatingIfNeeded: $0), UInt32(truncatingIfNeeded: $0 >> 32)]
            })
    }

    static let zero = Natural(word: 0)
    static let one = Natural(word: 1)

    var isZero: Bool { limbs.isEmpty }
    var isOne: Bool { limbs == [1] }

    var bitCount: Int {
        guard let top = limbs.last else { return 0 }
        return limbs.count * 32 - top.leadingZeroBitCount
    }
}

extension Natural: Comparable {
    package static func < (left: Natural, right: Natural) -> Bool {
        guard left.limbs.count == right.limbs.count else {
            return left.limbs.count < right.limbs.count
        }
        for index in left.limbs.indices.reversed() where left.limbs[index] != right.limbs[index] {
            return left.limbs[index] < right.limbs[index]
        }
        return false
    }
}

extension Natural {
    package static func + (left: Natural, right: Natural) -> Natural {
        var sum: [UInt32] = []
        var carry: UInt64 = 0
        for index in 0..<max(left.limbs.count, right.limbs.count) {
            carry += UInt64(left.limb(index)) + UInt64(right.limb(index))
            sum.append(UInt32(truncatingIfNeeded: carry))
            carry >>= 32
        }
        sum.append(UInt32(carry))
        return Natural(trimming: sum)
    }

    package static func - (left: Natural, right: Natural) -> Natural {
        precondition(left >= right, "A difference of naturals is not negative")
        var rest = left
        rest.take(right)
        return rest
    }

    package static func * (left: Natural, right: Natural) -> Natural {
        guard !left.isZero, !right.isZero else { return zero }
        if right.isOne { return left }
        var product = [UInt32](repeating: 0, count: left.limbs.count + right.limbs.count)
        for (row, factor) in left.limbs.enumerated() {
            var carry: UInt64 = 0
            for (column, other) in right.limbs.enumerated() {
                carry += UInt64(factor) * UInt64(other) + UInt64(product[row + column])
                product[row + column] = UInt32(truncatingIfNeeded: carry)
                carry >>= 32
            }
            product[row + right.limbs.count] = UInt32(carry)
        }
        return Natural(trimming: product)
    }

    /// Long division, one bit of the quotient at a time.
    package func divided(by divisor: Natural) -> (quotient: Natural, remainder: Natural) {
        precondition(!divisor.isZero, "Nothing is divided by zero: callers ask first")
        guard self >= divisor else { return (.zero, self) }
        if divisor.limbs.count == 1 { return divided(byLimb: divisor.limbs[0]) }
        var quotient = [UInt32](repeating: 0, count: limbs.count)
        var rest = Natural.zero
        for bit in (0..<bitCount).reversed() {
            rest.double(adding: limbs[bit / 32] >> UInt32(bit % 32) & 1)
            guard rest >= divisor else { continue }
            rest.take(divisor)
            quotient[bit / 32] |= 1 << UInt32(bit % 32)
        }
        return (Natural(trimming: quotient), rest)
    }

    private func divided(byLimb divisor: UInt32) -> (quotient: Natural, remainder: Natural) {
        var quotient = limbs
        var rest: UInt64 = 0
        for index in limbs.indices.reversed() {
            rest = rest << 32 | UInt64(limbs[index])
            quotient[index] = UInt32(rest / UInt64(divisor))
            rest %= UInt64(divisor)
        }
        return (Natural(trimming: quotient), Natural(word: rest))
    }

    private mutating func double(adding bit: UInt32) {
        var carry = bit
        for index in limbs.indices {
            let next = limbs[index] >> 31
            limbs[index] = limbs[index] << 1 | carry
            carry = next
        }
        if carry > 0 { limbs.append(carry) }
    }

    /// Subtracts what is not greater.
    private mutating func take(_ other: Natural) {
        var borrow: Int64 = 0
        for index in limbs.indices {
            borrow += Int64(limbs[index]) - Int64(other.limb(index))
            limbs[index] = UInt32(truncatingIfNeeded: borrow)
            borrow >>= 32
        }
        while limbs.last == 0 { limbs.removeLast() }
    }

    private func limb(_ index: Int) -> UInt32 { index < limbs.count ? limbs[index] : 0 }
}

extension Natural: CustomStringConvertible {
    package init?(decimal text: String) {
        guard !text.isEmpty else { return nil }
        var value = Natural.zero
        for character in text.utf8 {
            guard (0x30...0x39).contains(character) else { return nil }
            value = value * Natural(word: 10) + Natural(word: UInt64(character - 0x30))
        }
        self = value
    }

    package var description: String {
        var digits: [String] = []
        var rest = self
        repeat {
            let (quotient, digit) = rest.divided(by: Natural(word: 10))
            digits.append(String(digit.limb(0)))
            rest = quotient
        } while !rest.isZero
        return digits.reversed().joined()
    }
}
