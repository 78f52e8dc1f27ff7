import KeeperModel
import KeeperTestKit
import Testing
import WideMath

@Suite struct `UInt256 laws` {
    /// Goal: what must hold whatever the implementation: undoing, distributing, bracketing.
    @Test func `addition, multiplication and division undo each other`() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<20_000 {
            let (a, b, c) = (
                generator.nextUInt256(), generator.nextUInt256(), generator.nextUInt256()
            )
            try #require((a &+ b) &- b == a)
            try #require((a &+ b) &* c == (a &* c) &+ (b &* c))
            try #require(b.isZero || (a / b) * b + a % b == a)
            let root = a.squareRoot()
            try #require(root * root <= a && a - root * root <= root << 1)
        }
    }

    @Test func `a quotient rounded up is at most one above the one rounded down`() throws {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<20_000 {
            let (a, b) = (generator.nextUInt256(), generator.nextUInt256())
            guard !b.isZero else { continue }
            let down = try a.divided(by: b, rounding: .down)
            let nearest = try a.divided(by: b, rounding: .halfUp)
            let up = try a.divided(by: b, rounding: .up)
            try #require(down <= nearest && nearest <= up && up - down <= 1)
            try #require((up == down) == (a % b == 0))
        }
    }

    @Test func `text and bytes come back as they went`() throws {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<5_000 {
            let a = generator.nextUInt256()
            try #require(UInt256(decimal: a.description) == a)
            try #require(UInt256(hex: a.hexString) == a)
            try #require(UInt256(bigEndianBytes: a.bigEndianBytes) == a)
            let signed = Int256(bitPattern: a)
            try #require(Int256(decimal: signed.description) == signed)
            try #require(Int256(bigEndianBytes: signed.bigEndianBytes) == signed)
        }
    }

    @Test func `shifts are multiplications and divisions by powers of two`() throws {
        var generator = SeededGenerator(seed: 6)
        for amount in 0..<256 {
            let a = generator.nextUInt256()
            let power = UInt256.one << amount
            try #require(a << amount == a &* power)
            try #require(a >> amount == a / power)
            try #require(power.trailingZeroBitCount == amount)
            try #require(power.leadingZeroBitCount == 255 - amount)
            try #require(power.bit(at: amount))
        }
    }
}

@Suite struct `UInt256 edges` {
    @Test func `checked forms throw where the answer does not fit`() {
        #expect(throws: ArithmeticError.overflow) { try UInt256.max.checkedAdd(1) }
        #expect(throws: ArithmeticError.overflow) { try UInt256.zero.checkedSubtract(1) }
        #expect(throws: ArithmeticError.overflow) { try UInt256.max.checkedMultiply(2) }
        #expect(throws: ArithmeticError.divisionByZero) {
            try UInt256.one.divided(by: 0, rounding: .down)
        }
        #expect(throws: ArithmeticError.overflow) {
            try mulDiv(.max, .max, dividingBy: 1, rounding: .down)
        }
        #expect(throws: ArithmeticError.divisionByZero) {
            try mulDiv(1, 1, dividingBy: 0, rounding: .up)
        }
    }

    /// 2^257 - 1 has the factor 535006138814359; half of it is 2^256 - 1 and a remainder of one.
    @Test func `rounding up past the top throws`() throws {
        let factor: UInt256 = 535_006_138_814_359
        let cofactor: UInt256 =
            432862656469423142931042426214547535783388063929571229938474969
        #expect(try mulDiv(factor, cofactor, dividingBy: 2, rounding: .down) == UInt256.max)
        for rounding in [Rounding.up, .halfUp] {
            #expect(throws: ArithmeticError.overflow) {
                try mulDiv(factor, cofactor, dividingBy: 2, rounding: rounding)
            }
        }
    }

    @Test func `shifts out of range throw when checked and leave zero otherwise`() throws {
        #expect(UInt256.max << 256 == 0)
        #expect(UInt256.max >> 300 == 0)
        #expect(throws: ArithmeticError.shiftOutOfRange) { try UInt256.one.checkedShiftLeft(256) }
        #expect(throws: ArithmeticError.shiftOutOfRange) { try UInt256.one.checkedShiftLeft(-1) }
        #expect(throws: ArithmeticError.shiftOutOfRange) { try UInt256.one.checkedShiftRight(256) }
        #expect(throws: ArithmeticError.overflow) { try UInt256(3).checkedShiftLeft(255) }
        #expect(try UInt256(1).checkedShiftLeft(255) == UInt256.one << 255)
    }

    @Test(arguments: ["", " 1", "+1", "-1", "1_000", "0x10", "1.0", "１"])
    func `text that is not decimal digits is refused`(text: String) {
        #expect(UInt256(decimal: text) == nil)
    }

    @Test func `decimal text above the top is refused`() {
        let top = UInt256.max.description
        #expect(UInt256(decimal: top) == .max)
        #expect(UInt256(decimal: top.dropLast() + "6") == nil)
        #expect(UInt256(decimal: top + "0") == nil)
        #expect(UInt256(decimal: "000" + top) == .max)
    }

    @Test(arguments: ["", "0x", "0xg", "x1", String(repeating: "f", count: 65)])
    func `text that is not hexadecimal is refused`(text: String) {
        #expect(UInt256(hex: text) == nil)
    }

    @Test func `bytes of a wrong count are refused`() {
        #expect(UInt256(bigEndianBytes: [UInt8]()) == nil)
        #expect(UInt256(bigEndianBytes: [UInt8](repeating: 0, count: 33)) == nil)
        #expect(UInt256(bigEndianBytes: [1, 0] as [UInt8]) == 256)
        #expect(Int256(bigEndianBytes: [1, 0] as [UInt8]) == nil)
    }

    @Test func `conversions are exact or nil`() {
        #expect(UInt256(UInt64.max).asUInt64 == .max)
        #expect((UInt256(UInt64.max) + 1).asUInt64 == nil)
        #expect(UInt256(UInt64(Int64.max)).asInt64 == .max)
        #expect((UInt256(UInt64(Int64.max)) + 1).asInt64 == nil)
        #expect((UInt256(UInt128.max) + 1).asUInt128 == nil)
        #expect(UInt256(exactly: -1) == nil)
        #expect(UInt256(exactly: UInt128.max) == UInt256(UInt128.max))
    }

    @Test func `powers of ten go up to the seventy-seventh`() throws {
        #expect(try UInt256.powerOfTen(0) == 1)
        #expect(try UInt256.powerOfTen(18) == wad)
        #expect(try UInt256.powerOfTen(77).description == "1" + String(repeating: "0", count: 77))
        #expect(throws: ArithmeticError.overflow) { try UInt256.powerOfTen(78) }
    }

    @Test func `operators trap where a result does not fit`() async {
        await #expect(processExitsWith: .failure) { _ = UInt256.max + UInt256(CommandLine.argc) }
        await #expect(processExitsWith: .failure) { _ = UInt256.zero - UInt256(CommandLine.argc) }
        await #expect(processExitsWith: .failure) { _ = UInt256.one / (UInt256.max &+ 1) }
    }
}

@Suite struct `Scaled arithmetic` {
    /// The contracts multiply in one word: what a full-width product could still answer reverts.
    @Test func `a product above one word throws although the result would fit`() throws {
        let half = UInt256.one << 255
        #expect(try mulDiv(half, 4, dividingBy: 8, rounding: .down) == UInt256.one << 254)
        #expect(throws: ArithmeticError.overflow) {
            try narrowMulDiv(half, 4, dividingBy: 8, rounding: .down)
        }
        let largest = UInt256.max / wad
        #expect(try wadMul(largest, wad, rounding: .down) == largest)
        #expect(throws: ArithmeticError.overflow) { try wadMul(.max, 1, rounding: .halfUp) }
        #expect(try wadMul(.max, 1, rounding: .down) == .max / wad)
    }

    struct Case: Sendable {
        let rounding: Rounding
        let wadProduct: UInt256
        let rayQuotient: UInt256
        let percentage: UInt256
    }

    /// 1.5 wad units times half a wad is 0.75; 1/3 ray; 33.33 % of 5,000 is 1,666.5.
    @Test(arguments: [
        Case(
            rounding: .down, wadProduct: 1, rayQuotient: 333_333_333_333_333_333_333_333_333,
            percentage: 1_666),
        Case(
            rounding: .halfUp, wadProduct: 2, rayQuotient: 333_333_333_333_333_333_333_333_333,
            percentage: 1_667),
        Case(
            rounding: .up, wadProduct: 2, rayQuotient: 333_333_333_333_333_333_333_333_334,
            percentage: 1_667),
    ])
    func `each rounding goes its way`(expected: Case) throws {
        let rounding = expected.rounding
        #expect(try wadMul(3, wad / 2, rounding: rounding) == expected.wadProduct)
        #expect(try rayDiv(1, 3, rounding: rounding) == expected.rayQuotient)
        #expect(try percentMul(5_000, 3_333, rounding: rounding) == expected.percentage)
        #expect(
            try percentDiv(expected.percentage, 10_000, rounding: rounding) == expected.percentage)
        #expect(try rayMul(ray, 7, rounding: rounding) == 7)
        #expect(try wadDiv(7, wad, rounding: rounding) == 7)
    }
}
