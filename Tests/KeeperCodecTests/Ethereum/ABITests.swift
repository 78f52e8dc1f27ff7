import KeeperCodec
import KeeperModel
import Testing
import WideMath

@Suite struct ABITests {
    @Test(arguments: [
        "uint256", "int8", "address", "bool", "bytes32", "bytes", "string", "uint8[]",
        "bytes3[2][]", "(uint256,bytes)[4]", "((bool,string),int104)[][3]",
    ])
    func `a type is written as it was read`(text: String) throws {
        #expect(try ABIType(text).canonicalText == text)
    }

    @Test(arguments: [
        "", "uint", "uint7", "uint264", "uint08", "bytes0", "bytes33", "address8", "bool1", "()",
        "uint8[", "uint8[0]", "uint8[01]", "uint8[-1]", "(uint8", "uint8)", "(uint8,)", "uint8 ",
        "Uint8", "function", "uint8[65537]", "uint8[60000][60000]",
    ])
    func `what is no type is refused`(text: String) {
        #expect(throws: ABIError.self) { try ABIType(text) }
    }

    @Test func `nesting is bounded`() {
        #expect(throws: ABIError.unreasonableType) {
            try ABIType(String(repeating: "(", count: 40) + "bool")
        }
        #expect(throws: ABIError.unreasonableType) {
            try ABIType("bool" + String(repeating: "[]", count: 40))
        }
    }

    @Test func `whatever is encoded comes back`() throws {
        var sampler = ABISampler(seed: 3)
        for _ in 0..<1_500 {
            let (types, values) = sampler.values()
            let data = try ABIEncoder.encode(values, as: types)
            #expect(data.count % 32 == 0)
            #expect(try ABIDecoder.decode(data, as: types) == values)
            #expect(try ABIDecoder.decode(data + [1, 2, 3], as: types) == values)
        }
    }

    @Test func `no data, however wrong, does more than throw`() throws {
        var sampler = ABISampler(seed: 4)
        var refused = 0
        for _ in 0..<20_000 {
            let (types, values) = sampler.values()
            let data = sampler.damaged(try ABIEncoder.encode(values, as: types))
            do {
                _ = try ABIDecoder.decode(data, as: types)
            } catch {
                refused += 1
            }
        }
        #expect(refused > 5_000, "most damage is seen")
    }

    @Test func `a length or an offset beyond the data is refused before anything is allocated`() {
        let huge = UInt256.max.bigEndianBytes
        let start = UInt256(32).bigEndianBytes
        for type in ["bytes", "string", "uint8[]", "(bytes)[]"] {
            #expect(throws: ABIError.outOfBounds(at: 0)) {
                try ABIDecoder.decode(huge, as: [ABIType(type)])
            }
            #expect(throws: ABIError.outOfBounds(at: 32)) {
                try ABIDecoder.decode(start + huge, as: [ABIType(type)])
            }
        }
    }

    @Test func `offsets that name the same bytes over and over use up the budget`() throws {
        // 4,000 elements, all of which are the same 100,000 bytes.
        let count = 4_000
        let offset = UInt256(32 * count).bigEndianBytes
        var data = UInt256(32).bigEndianBytes + UInt256(count).bigEndianBytes
        for _ in 0..<count { data += offset }
        data += UInt256(100_000).bigEndianBytes + [UInt8](repeating: 7, count: 100_000)
        #expect(throws: ABIError.tooLarge) {
            try ABIDecoder.decode(data, as: [ABIType("bytes[]")])
        }
    }

    @Test(arguments: [
        ("uint8", UInt256(256)), ("bool", 2), ("address", UInt256.one << 160),
        ("int8", UInt256(128)), ("bytes4", UInt256.one),
    ])
    func `a word with bits that the type does not have is refused`(
        type: String, word: UInt256
    ) {
        #expect(throws: ABIError.malformedWord(at: 0)) {
            try ABIDecoder.decode(word.bigEndianBytes, as: [ABIType(type)])
        }
    }

    @Test func `a value of another type is refused`() throws {
        let function = try ABIFunction("f(uint8,bytes4)")
        #expect(throws: ABIError.wrongValueCount(expected: 2)) {
            try function.encodeCall([.uint(1)])
        }
        #expect(throws: ABIError.wrongValue(expected: "uint8")) {
            try function.encodeCall([.uint(256), .bytes([1, 2, 3, 4])])
        }
        #expect(throws: ABIError.wrongValue(expected: "bytes4")) {
            try function.encodeCall([.uint(1), .bytes([1])])
        }
    }

    /// The example of the ABI specification's page on layout.
    @Test func `head and tail lie as the specification's example says`() throws {
        let types = try ["uint256", "uint32[]", "bytes10", "bytes"].map { try ABIType($0) }
        let data = try ABIEncoder.encode(
            [
                .uint(0x123), .list([.uint(0x456), .uint(0x789)]), .bytes(Array("1234567890".utf8)),
                .bytes(Array("Hello, world!".utf8)),
            ], as: types)
        let words = stride(from: 0, to: data.count, by: 32).map {
            UInt256(bigEndianBytes: data[$0..<$0 + 32]) ?? .zero
        }
        #expect(words[0] == 0x123 && words[1] == 0x80 && words[3] == 0xE0)
        #expect(words[4] == 2 && words[5] == 0x456 && words[6] == 0x789 && words[7] == 13)
    }
}

@Suite struct RevertReasonTests {
    @Test func `an error of ours is named, another is handed on`() throws {
        let known = try ABIFunction("PreLiquidationTooLarge(uint256,uint256)")
        let data = try known.encodeCall([.uint(1), .uint(2)])
        #expect(RevertReason(returnData: data) == .custom(known))
        #expect(RevertReason(returnData: [1, 2, 3, 4]) == .unknown([1, 2, 3, 4]))
    }

    @Test func `a message that is cut off is handed on raw`() {
        let data: [UInt8] = [0x08, 0xC3, 0x79, 0xA0, 0, 0]
        #expect(RevertReason(returnData: data) == .unknown(data))
    }
}

/// Draws types and values that fit them, and damages data.
private struct ABISampler {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func values() -> ([ABIType], [ABIValue]) {
        let types = (0..<generator.number(in: 1...4)).map { _ in type(depth: 0) }
        return (types, types.map { value($0) })
    }

    mutating func damaged(_ data: [UInt8]) -> [UInt8] {
        var data = data
        for _ in 0..<Int(generator.number(in: 1...3)) where !data.isEmpty {
            let place = Int(generator.next() % UInt64(data.count))
            switch generator.next() % 3 {
            case 0: data[place] = UInt8(generator.next() & 255)
            case 1: data[place] = 255
            default: data = Array(data.prefix(place))
            }
        }
        return data
    }

    private mutating func type(depth: Int) -> ABIType {
        switch generator.next() % (depth < 3 ? 10 : 7) {
        case 0: .uint(bits: 8 * Int(generator.number(in: 1...32)))
        case 1: .int(bits: 8 * Int(generator.number(in: 1...32)))
        case 2: .address
        case 3: .bool
        case 4: .fixedBytes(Int(generator.number(in: 1...32)))
        case 5: .bytes
        case 6: .string
        case 7: .array(type(depth: depth + 1))
        case 8: .fixedArray(type(depth: depth + 1), count: Int(generator.number(in: 1...3)))
        default: .tuple((0..<generator.number(in: 1...3)).map { _ in type(depth: depth + 1) })
        }
    }

    private mutating func value(_ type: ABIType) -> ABIValue {
        switch type {
        case .uint(let bits): return .uint(word() >> (256 - bits))
        case .int(let bits):
            let magnitude = word() >> (257 - bits)
            let number = Int256(bitPattern: magnitude)
            return .int(generator.chance(ppm: 500_000) ? number : -1 - number)
        case .address:
            return EthereumAddress(bytes(20)).map { .address($0) } ?? .bytes([])
        case .bool: return .bool(generator.chance(ppm: 500_000))
        case .fixedBytes(let count): return .bytes(bytes(count))
        case .bytes: return .bytes(bytes(Int(generator.number(in: 0...70))))
        case .string: return .string(String(repeating: "ä", count: Int(generator.next() % 40)))
        case .array(let element):
            return .list((0..<generator.number(in: 0...3)).map { _ in value(element) })
        case .fixedArray(let element, let count):
            return .list((0..<count).map { _ in value(element) })
        case .tuple(let members): return .list(members.map { value($0) })
        }
    }

    private mutating func word() -> UInt256 {
        UInt256(
            w0: generator.next(), w1: generator.next(), w2: generator.next(),
            w3: generator.next())
    }

    private mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(generator.next() & 255) }
    }
}
