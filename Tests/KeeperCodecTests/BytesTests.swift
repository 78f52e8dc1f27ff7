import KeeperCodec
import Testing

@Suite struct SHA256Tests {
    /// FIPS 180-4 examples, and the empty text.
    @Test(
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (
                String(repeating: "a", count: 1_000_000),
                "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
            ),
        ])
    func `a known text has its known hash`(text: String, expected: String) {
        #expect(Hex.encode(SHA256.hash(Array(text.utf8))) == expected)
    }

    /// The hash over the hashes of all lengths from 0 to 200, as another implementation gives it:
    /// every way in which a block can be full or not.
    @Test func `every length is padded rightly`() {
        var all = SHA256()
        for count in 0...200 { all.update(SHA256.hash((0..<count).map { UInt8($0) })) }
        #expect(
            Hex.encode(all.finish())
                == "64ef7c229fce2408b5336b6a542fea0e078c3a87d2da85cb3fc52e2008b65021")
    }

    @Test(arguments: [1, 3, 63, 64, 65, 127, 200])
    func `pieces give the hash of the whole`(pieceByteCount: Int) {
        let whole = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var hasher = SHA256()
        for start in stride(from: 0, to: whole.count, by: pieceByteCount) {
            hasher.update(whole[start..<min(start + pieceByteCount, whole.count)])
        }
        #expect(hasher.finish() == SHA256.hash(whole))
    }
}

@Suite struct CRC32Tests {
    @Test(
        arguments: [
            ("", 0), ("123456789", 0xCBF4_3926),
            ("The quick brown fox jumps over the lazy dog", 0x414F_A339),
        ] as [(String, UInt32)])
    func `a known text has its known checksum`(text: String, expected: UInt32) {
        #expect(CRC32.checksum(Array(text.utf8)) == expected)
    }
}

@Suite struct HexTests {
    @Test func `bytes go to text and back`() throws {
        let all = (0...255).map { UInt8($0) }
        let text = Hex.encode(all)
        #expect(text.hasPrefix("000102") && text.hasSuffix("fdfeff"))
        #expect(try Hex.decode(text, prefix: .forbidden) == all)
        #expect(try Hex.decode("0x" + text.uppercased(), prefix: .required, byteCount: 256) == all)
        #expect(try Hex.decode("0x", prefix: .required) == [])
    }

    @Test(
        arguments: [
            ("ab", .required, .prefixMissing), ("0Xab", .required, .prefixMissing),
            ("0xab", .forbidden, .prefixUnexpected), ("0xa", .required, .oddDigitCount),
            ("0xag", .required, .notADigit(at: 3)), ("g0", .forbidden, .notADigit(at: 0)),
            ("0xé", .required, .notADigit(at: 2)),
            ("0xabcd", .required, .wrongByteCount(expected: 1, found: 2)),
        ] as [(String, Hex.Prefix, HexError)])
    func `anything else is refused`(text: String, prefix: Hex.Prefix, expected: HexError) {
        #expect(throws: expected) { try Hex.decode(text, prefix: prefix, byteCount: 1) }
    }

    @Test func `a quantity has one text`() throws {
        #expect(try Hex.quantity("0x0") == 0)
        #expect(try Hex.quantity("0xffffffffffffffff") == .max)
        for text in ["0x", "0x00", "0x01", "1", "0X1", "0x10000000000000000", "0x-1"] {
            #expect(throws: HexError.self) { try Hex.quantity(text) }
        }
    }
}

@Suite struct Base64Tests {
    /// RFC 4648, section 10.
    @Test(
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
        ])
    func `bytes go to text and back`(plain: String, text: String) throws {
        #expect(Base64.encode(Array(plain.utf8)) == text)
        #expect(try Base64.decode(text) == Array(plain.utf8))
    }

    @Test(
        arguments: [
            "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Z===", "====", "Zm9v\n", "Zm-v", "Z=9v", "=m9v",
        ])
    func `anything else is refused`(text: String) {
        #expect(throws: Base64Error.self) { try Base64.decode(text) }
    }
}
