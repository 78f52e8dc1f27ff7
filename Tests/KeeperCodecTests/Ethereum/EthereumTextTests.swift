import KeeperCodec
import Testing
import WideMath

@Suite struct EthereumAddressTests {
    private let text = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"

    @Test func `a checksum that is right is accepted, and so is none`() throws {
        let address = try EthereumAddress(text)
        #expect(address.description == text)
        #expect(try EthereumAddress(text.lowercased()) == address)
        #expect(try EthereumAddress("0x" + text.dropFirst(2).uppercased()) == address)
    }

    @Test func `one letter of the wrong case is a mistyped address`() {
        for place in text.indices.dropFirst(2) where text[place].isLetter {
            var wrong = text
            let letter = text[place]
            wrong.replaceSubrange(
                place...place, with: letter.isUppercase ? letter.lowercased() : letter.uppercased())
            #expect(throws: AddressError.wrongChecksum) { try EthereumAddress(wrong) }
        }
    }

    @Test(arguments: ["", "0x", "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "0x5aaeb6", "0x5g"])
    func `what is no address is refused`(text: String) {
        #expect(throws: AddressError.self) { try EthereumAddress(text) }
    }
}

@Suite struct Keccak256Tests {
    /// Published digests of the empty text and of "abc".
    @Test(arguments: [
        ("", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
        ("abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
    ])
    func `known answers`(text: String, digest: String) {
        #expect(Hex.encode(Keccak256.hash(text)) == digest)
    }
}

@Suite struct TypedDataTests {
    private func digest(types: String, message: String) throws -> [UInt8] {
        let text = """
            {"types": {"EIP712Domain": [{"name": "name", "type": "string"}], \(types)},
             "primaryType": "Order", "domain": {"name": "x"}, "message": \(message)}
            """
        return try TypedData(JSONReader(JSONValue.parse(Array(text.utf8)))).digest
    }

    private let order = #""Order": [{"name": "sizes", "type": "uint8[2]"}]"#

    @Test func `the same data have the same digest, other data another`() throws {
        let first = try digest(types: order, message: #"{"sizes": [1, 2]}"#)
        #expect(try digest(types: order, message: #"{"sizes": ["1", 2]}"#) == first)
        #expect(try digest(types: order, message: #"{"sizes": [2, 1]}"#) != first)
    }

    @Test(arguments: [
        #"{"sizes": [1]}"#, #"{"sizes": [1, 256]}"#, #"{"sizes": [1, -2]}"#, "{}",
        #"{"sizes": [1, 2], "more": 3}"#, #"{"sizes": [1, "0x2"]}"#,
    ])
    func `a message that is not the declared type is refused`(message: String) {
        #expect(throws: JSONReadError.self) { try digest(types: order, message: message) }
    }

    @Test(arguments: ["uint9", "Nobody", "uint8[", "uint8[2]]"])
    func `a type that nobody declared is refused`(type: String) {
        let types = "\"Order\": [{\"name\": \"sizes\", \"type\": \"\(type)\"}]"
        #expect(throws: JSONReadError.self) {
            try digest(types: types, message: #"{"sizes": [1, 2]}"#)
        }
    }

    @Test func `a type that holds itself ends where the data or the depth does`() throws {
        let types = #""Order": [{"name": "next", "type": "Order[]"}]"#
        _ = try digest(types: types, message: #"{"next": [{"next": []}]}"#)
        let deep = (0..<20).reduce(#"{"next": []}"#) { inner, _ in "{\"next\": [\(inner)]}" }
        #expect(throws: JSONReadError.self) { try digest(types: types, message: deep) }
    }
}

@Suite struct FeeRulesTests {
    @Test func `a block of half its limit leaves the fee, an empty or full one moves an eighth`()
        throws
    {
        let fee: UInt256 = 8_000
        #expect(try FeeRules.nextBaseFee(after: fee, gasLimit: 100, gasUsed: 50) == fee)
        #expect(try FeeRules.nextBaseFee(after: fee, gasLimit: 100, gasUsed: 0) == 7_000)
        #expect(try FeeRules.nextBaseFee(after: fee, gasLimit: 100, gasUsed: 100) == 9_000)
        #expect(try FeeRules.nextBaseFee(after: 0, gasLimit: 100, gasUsed: 51) == 1)
    }

    @Test func `a block without a limit and a fee past the word are errors`() {
        #expect(throws: ArithmeticError.divisionByZero) {
            try FeeRules.nextBaseFee(after: 1, gasLimit: 1, gasUsed: 1)
        }
        #expect(throws: ArithmeticError.overflow) {
            try FeeRules.nextBaseFee(after: .max, gasLimit: 100, gasUsed: 100)
        }
    }

    @Test func `a block that asks more than the most has no price for us`() {
        #expect(
            FeeRules.effectivePrice(baseFee: 11, perGasMax: 10, priorityPerGasMax: 1) == nil)
    }

    @Test func `when every block was empty nothing is suggested`() throws {
        #expect(try FeeRules.suggested(nextBaseFee: 5, rewards: [(1, true)]) == nil)
    }
}
