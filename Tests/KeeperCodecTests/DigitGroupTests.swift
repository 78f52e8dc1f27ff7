import KeeperCodec
import Testing
import WideMath

/// Digits are read eight at a time: the groups' borders and every byte that is none.
@Suite struct DigitGroupTests {
    @Test(arguments: 1...78)
    func `a number of any length is its digits`(digitCount: Int) throws {
        let text = String((0..<digitCount).map { Character(String(1 + $0 % 9)) })
        #expect(Self.decimal(Array(text.utf8)) == UInt256(decimal: text))
        #expect(Self.decimal(Array((text + "0").utf8)) == UInt256(decimal: text + "0"))
    }

    @Test func `the largest number is read and the next is refused`() {
        let text = UInt256.max.description
        #expect(Self.decimal(Array(text.utf8)) == UInt256.max)
        #expect(Self.decimal(Array((text.dropLast() + "6").utf8)) == nil)
        #expect(Self.decimal(Array((text + "0").utf8)) == nil)
    }

    @Test(arguments: 0..<20)
    func `a byte that is no digit is refused wherever it stands`(place: Int) {
        for byte in UInt8.min...UInt8.max where !(0x30...0x39).contains(byte) {
            var text = [UInt8](repeating: 0x39, count: 20)
            text[place] = byte
            // A quote ends the text, and a minus in front is a sign.
            guard byte != UInt8(ascii: "\""), place > 0 || byte != UInt8(ascii: "-") else {
                continue
            }
            #expect(Self.decimal(text) == nil, "byte \(byte)")
        }
    }

    @Test(arguments: 0..<16)
    func `hexadecimal digits of either case are one word`(place: Int) {
        for byte in UInt8.min...UInt8.max {
            var text = Array("0123456789abcDEF".utf8)
            text[place] = byte
            let expected = UInt256(hex: String(decoding: text, as: UTF8.self))?.asUInt64
            let isDigit = Character(Unicode.Scalar(byte)).isHexDigit && byte < 0x80
            #expect(Hex.word(text, 0..<16) == (isDigit ? expected : nil), "byte \(byte)")
        }
        #expect(Hex.word(Array("0xfff".utf8), 2..<5) == 0xFFF)
    }

    private static func decimal(_ text: [UInt8]) -> UInt256? {
        // Only whether it is read matters here.
        guard var scanner = try? JSONScanner([0x22] + text + [0x22]) else { return nil }
        return try? scanner.readQuotedUInt256()
    }
}
