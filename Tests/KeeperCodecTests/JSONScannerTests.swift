import Foundation
import KeeperCodec
import Testing

/// Where the shared data is: beside the checkout, or where BAILIFF_SHARED says.
let sharedData =
    ProcessInfo.processInfo.environment["BAILIFF_SHARED"]
    ?? FileManager.default.currentDirectoryPath + "/../shared"

@Suite struct JSONScannerTests {
    static let testSuite = sharedData + "/data/test-vectors/JSONTestSuite/test_parsing"

    /// Of the texts where the suite leaves the choice, these are taken: numbers stay text, so none
    /// is too large. Refused are lone surrogates, UTF-8 that is none, other encodings, a byte order
    /// mark, and more nesting than the limit.
    private static let takenByChoice = "i_number_"

    /// The public JSONTestSuite: 95 texts that must be taken, 188 that must be refused, 35 where
    /// only a crash would be wrong. Nothing to do where the shared data is absent.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: testSuite), "no shared data"))
    func `every text of the public suite is judged as it should be`() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.testSuite)
        #expect(names.count == 318)
        for name in names {
            let bytes = Array(try Data(contentsOf: URL(filePath: Self.testSuite + "/" + name)))
            let isTaken = isSkippable(bytes)
            // A tree has one demand more: no key twice.
            let isTree = isTaken && !name.hasPrefix("y_object_duplicated_key")
            #expect(isParsed(bytes) == isTree, "\(name)")
            switch name.first {
            case "y": #expect(isTaken, "\(name)")
            case "n": #expect(!isTaken, "\(name)")
            default: #expect(isTaken == name.hasPrefix(Self.takenByChoice), "\(name)")
            }
        }
    }

    /// What parsers are said to do differently must not lose anything: what is taken is written
    /// again as the same value, digits and all.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: testSuite), "no shared data"))
    func `every text of the suite's transformations keeps its value or is refused`() throws {
        let folder = Self.testSuite + "/../test_transform"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        #expect(names.count == 22)
        var refused: [String] = []
        for name in names {
            let bytes = Array(try Data(contentsOf: URL(filePath: folder + "/" + name)))
            guard isParsed(bytes) else {
                refused.append(name)
                continue
            }
            let value = try JSONValue.parse(bytes)
            #expect(try JSONValue.parse(value.canonicalBytes) == value, "\(name)")
        }
        // One key twice, which two spellings of one letter are too, and halves of surrogate pairs.
        let causes = ["key_nfc", "key_nfd", "same_key", "invalid_codepoint"]
        #expect(refused.allSatisfy { name in causes.contains { name.contains($0) } })
        #expect(refused.count == 11)
    }

    @Test func `an object is pulled member by member`() throws {
        var scanner = try JSONScanner(
            Array(#" {"id":"a\u0031","amounts":["12",-3,1.50],"rest":{"x":[null,true]}} "#.utf8))
        try scanner.beginObject()
        var key = try #require(try scanner.nextKey())
        #expect(scanner.text(key, equals: "id"))
        #expect(try scanner.readString() == "a1")
        key = try #require(try scanner.nextKey())
        #expect(scanner.text(key, equals: "amounts") && !scanner.text(key, equals: "amount"))
        try scanner.beginArray()
        #expect(try scanner.nextElement())
        #expect(try scanner.readQuotedUInt64() == 12)
        #expect(try scanner.nextElement())
        #expect(try scanner.readInt64() == -3)
        #expect(try scanner.nextElement())
        #expect(try scanner.readDecimal(scale: 8) == 150_000_000)
        #expect(try !scanner.nextElement())
        key = try #require(try scanner.nextKey())
        #expect(scanner.string(of: key) == "rest")
        try scanner.skipValue()
        #expect(try scanner.nextKey() == nil)
        try scanner.finish()
    }

    @Test(
        arguments: [
            (#""plain text, longer than eight""#, "plain text, longer than eight"),
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
            (#""\u00e9\uD83D\uDE00é😀\u0000""#, "é😀é😀\u{0}"),
            (#""1234567\n12345678\"é9""#, "1234567\n12345678\"é9"),
            (
                "\"\u{7F}\u{80}\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}\"",
                "\u{7F}\u{80}\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}"
            ),
        ])
    func `a string is decoded`(text: String, expected: String) throws {
        var scanner = try JSONScanner(Array(text.utf8))
        #expect(try scanner.readString() == expected)
    }

    /// Every byte that ends the fast path, at every place in an eight-byte word.
    @Test(arguments: 0..<24)
    func `no special byte hides in a word`(position: Int) throws {
        for byte in UInt8.min...UInt8.max {
            var bytes = Array("\"abcdefghijklmnopqrstuvwxyz\"".utf8)
            bytes[1 + position] = byte
            let isPlain = byte >= 0x20 && byte < 0x80 && byte != 0x22 && byte != 0x5C
            // Behind a backslash stands a letter, which is an escape for some.
            let isEscape = byte == 0x5C && "bfnrt".utf8.contains(bytes[2 + position])
            #expect(isSkippable(bytes) == (isPlain || isEscape), "\(byte) at \(position)")
        }
    }

    @Test(
        arguments: [
            ("{\n \"a\": tru\n}", 11, 2, 10),
            ("[1,\r\n2,\n]", 8, 3, 1),
            ("[\"é\",\u{1}]", 6, 1, 6),
            ("[1]x", 3, 1, 4),
            ("[", 1, 1, 2),
        ])
    func `an error names its place`(text: String, offset: Int, line: Int, column: Int) throws {
        let error = try #require(throws: JSONError.self) { try JSONValue.parse(Array(text.utf8)) }
        #expect(error.location.offset == offset)
        #expect((error.location.line, error.location.column) == (line, column))
    }

    @Test func `limits hold`() throws {
        let limits = JSONLimits(byteCountMax: 20, depthMax: 3)
        #expect(try JSONValue.parse(Array("[[[1]]]".utf8), limits: limits) != .null)
        let tooDeep = try #require(throws: JSONError.self) {
            try JSONValue.parse(Array("[[[[1]]]]".utf8), limits: limits)
        }
        #expect(tooDeep.problem == .tooDeep(depthMax: 3) && tooDeep.location.offset == 3)
        let tooLarge = try #require(throws: JSONError.self) {
            try JSONValue.parse(Array(repeating: 0x20, count: 21), limits: limits)
        }
        #expect(tooLarge.problem == .tooLarge(byteCountMax: 20))
    }

    @Test(
        arguments: [
            "// c\n{\"a\": /* x */ 1, /*,*/ \"b\": [1, 2,],} // end",
            "\u{FEFF}{\"a\":1,\"b\":[1,2]}",
            "{\r\n\"a\":1,\r\n\"b\":[1,2]/***/}",
        ])
    func `comments and trailing commas are for configuration only`(text: String) throws {
        let value = try JSONValue.parse(Array(text.utf8), dialect: .withComments)
        #expect(String(decoding: value.canonicalBytes, as: UTF8.self) == #"{"a":1,"b":[1,2]}"#)
        #expect(text.contains(",") == true)
        if text.utf8.contains(UInt8(ascii: "/")) || text.hasPrefix("\u{FEFF}") {
            #expect(!isSkippable(Array(text.utf8)))
        }
    }

    @Test(arguments: ["[,]", "{,}", "[1,,]", "/* open", "/", "[1 / 2]", "// only a comment", "/*/"])
    func `comments excuse nothing else`(text: String) {
        #expect(throws: JSONError.self) {
            try JSONValue.parse(Array(text.utf8), dialect: .withComments)
        }
    }

    @Test func `asking for the wrong kind is an error, not a conversion`() throws {
        for text in ["\"1\"", "true", "null", "[]", "{}"] {
            var scanner = try JSONScanner(Array(text.utf8))
            #expect(throws: JSONError.self) { try scanner.readUInt64() }
        }
        var scanner = try JSONScanner(Array("1".utf8))
        #expect(throws: JSONError.self) { try scanner.readQuotedUInt64() }
        #expect(throws: JSONError.self) { try scanner.readBool() }
        #expect(throws: JSONError.self) { try scanner.readNull() }
    }

    private func isParsed(_ bytes: [UInt8]) -> Bool {
        do {
            _ = try JSONValue.parse(bytes)
            return true
        } catch {
            return false
        }
    }

    private func isSkippable(_ bytes: [UInt8]) -> Bool {
        do {
            var scanner = try JSONScanner(bytes)
            try scanner.skipValue()
            try scanner.finish()
            return true
        } catch {
            return false
        }
    }
}
