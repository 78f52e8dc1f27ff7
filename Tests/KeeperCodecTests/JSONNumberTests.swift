import KeeperCodec
import Testing
import WideMath

@Suite struct JSONNumberTests {
    @Test(
        arguments: [
            ("0", 0), ("-1", -1), ("9223372036854775807", Int64.max),
            ("-9223372036854775808", Int64.min), ("9223372036854775808", nil),
            ("-9223372036854775809", nil), ("-0", nil), ("1.0", nil), ("1e3", nil),
        ] as [(String, Int64?)])
    func `an integer is exact or refused`(text: String, expected: Int64?) throws {
        #expect(try #require(JSONNumber(checking: text)).int64 == expected)
    }

    @Test(
        arguments: [
            ("18446744073709551615", UInt64.max), ("18446744073709551616", nil), ("-1", nil),
            ("99999999999999999999", nil),
        ] as [(String, UInt64?)])
    func `an unsigned integer is exact or refused`(text: String, expected: UInt64?) throws {
        #expect(try #require(JSONNumber(checking: text)).uint64 == expected)
    }

    @Test(
        arguments: [
            ("1.5", 8, 150_000_000), ("-1.5", 8, -150_000_000), ("0.00000001", 8, 1),
            ("0.000000010", 8, 1), ("0.000000015", 8, nil), ("1e3", 0, 1000), ("1E+3", 2, 100_000),
            ("12300e-2", 0, 123), ("12345e-2", 0, nil), ("12345e-2", 2, 12345),
            ("0e999999999999", 8, 0),
            ("1e999999999999", 8, nil), ("1e-999999999999", 8, nil), ("0.0", 0, 0),
            ("-0.0", 2, nil),
            ("92233720368.54775807", 8, Int64.max), ("92233720368.54775808", 8, nil),
            ("-92233720368.54775808", 8, Int64.min), ("100", -2, 1), ("150", -2, nil),
            ("0.5", 0, nil),
        ] as [(String, Int, Int64?)])
    func `a decimal is scaled exactly or refused`(text: String, scale: Int, expected: Int64?) throws
    {
        let number = try #require(JSONNumber(checking: text))
        #expect(number.decimal(scale: scale, as: Int64.self) == expected)
    }

    @Test(arguments: [
        "", "-", "+1", "01", ".5", "1.", "1e", "1e+", "NaN", "Infinity", "0x10", " 1", "1 ",
    ])
    func `what is no number of the grammar is refused`(text: String) {
        #expect(JSONNumber(checking: text) == nil)
    }

    @Test func `256 bits are read to the last unit`() throws {
        let greatest = UInt256.max.description
        let number = try #require(JSONNumber(checking: greatest))
        #expect(number.integer(as: UInt256.self) == UInt256.max)
        #expect(number.integer(as: Int256.self) == nil && number.uint64 == nil)
        let above = try #require(JSONNumber(checking: greatest.dropLast() + "6"))
        #expect(above.integer(as: UInt256.self) == nil)
        let least = try #require(JSONNumber(checking: Int256.min.description))
        #expect(least.integer(as: Int256.self) == Int256.min)
        #expect(least.integer(as: UInt256.self) == nil)
        let digits = "1" + String(repeating: "0", count: 40) + ".000000000000000001"
        let scaled = try #require(JSONNumber(checking: digits))
        #expect(
            scaled.decimal(scale: 18, as: Int256.self)?.description
                == "1" + String(repeating: "0", count: 57) + "1")
    }

    /// Every count of digits around the words of eighteen in which they are gathered.
    @Test func `numbers of every length are read`() throws {
        for count in 1...77 {
            let text = String(repeating: "987654321", count: 9).prefix(count)
            let number = try #require(JSONNumber(checking: String(text)))
            #expect(number.integer(as: UInt256.self)?.description == String(text))
        }
    }
}
