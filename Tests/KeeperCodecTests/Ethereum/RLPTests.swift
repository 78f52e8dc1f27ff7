import Foundation
import KeeperCodec
import KeeperModel
import Testing
import WideMath

private let rlpFolder = sharedData + "/data/test-vectors/ethereum-tests/RLPTests"

@Suite struct RLPTests {
    @Test func `whatever is encoded comes back`() throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<2_000 {
            let item = randomItem(&generator, depth: 0)
            #expect(try RLPItem.decode(item.encoded) == item)
        }
    }

    @Test func `what decodes has one form: it encodes to the same bytes`() {
        var generator = SeededGenerator(seed: 2)
        var decoded = 0
        for _ in 0..<20_000 {
            var bytes = randomItem(&generator, depth: 0).encoded
            for _ in 0..<Int(generator.number(in: 0...2)) {
                bytes[Int(generator.next() % UInt64(bytes.count))] = UInt8(generator.next() & 255)
            }
            // Most mutations are refused, as they should be.
            guard let item = try? RLPItem.decode(bytes) else { continue }
            decoded += 1
            #expect(item.encoded == bytes)
        }
        #expect(decoded > 1_000, "some mutations stay well formed")
    }

    @Test(
        arguments: [
            ([], RLPError.empty), ([0x81, 0x05], .notShortest(at: 0)),
            ([0xB8, 0x01, 0x80], .notShortest(at: 2)), ([0x83, 1, 2], .outOfBounds(at: 1)),
            ([0xC1], .outOfBounds(at: 1)), ([0x05, 0x05], .trailingBytes(at: 1)),
            ([0xBF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], .outOfBounds(at: 5)),
            ([0xF9, 0x00, 0x40], .notShortest(at: 1)),
        ] as [([UInt8], RLPError)])
    func `a text that is not the shortest or not whole is refused`(
        bytes: [UInt8], error: RLPError
    ) {
        #expect(throws: error) { try RLPItem.decode(bytes) }
    }

    @Test func `depth and number of items are bounded`() {
        let limits = RLPLimits(byteCountMax: 1_000, depthMax: 4, itemCountMax: 8)
        let deep = (0..<5).reduce(RLPItem.list([])) { inner, _ in .list([inner]) }
        let many = RLPItem.list(Array(repeating: .bytes([]), count: 8))
        #expect(throws: RLPError.tooDeep) { try RLPItem.decode(deep.encoded, limits: limits) }
        #expect(throws: RLPError.tooManyItems) {
            try RLPItem.decode(many.encoded, limits: limits)
        }
    }

    @Test func `an integer has no leading zero, and zero is empty`() throws {
        #expect(RLPItem.integer(UInt256.zero).encoded == [0x80])
        #expect(try RLPItem.bytes([]).uint256() == .zero)
        #expect(throws: RLPError.malformedInteger) { try RLPItem.bytes([0]).uint256() }
        #expect(throws: RLPError.malformedInteger) {
            try RLPItem.bytes([UInt8](repeating: 1, count: 33)).uint256()
        }
    }

    /// The data does not belong to the repository, so a checkout alone cannot run this.
    @Test(
        .enabled(if: FileManager.default.fileExists(atPath: rlpFolder), "no shared data"),
        arguments: ["rlptest.json", "invalidRLPTest.json", "RandomRLPTests/example.json"])
    func `every case of the public tests`(file: String) throws {
        let text = try [UInt8](Data(contentsOf: URL(filePath: "\(rlpFolder)/\(file)")))
        var cases = try JSONReader(JSONValue.parse(text)).object()
        for (name, reader) in cases.entries() {
            var entry = try reader.object()
            let hex = try entry.required("out").string
            let bytes = try Hex.decode(
                hex, prefix: hex.hasPrefix("0x") ? .required : .forbidden)
            let input = try entry.required("in").value
            guard input != .string("INVALID") else {
                #expect(throws: RLPError.self, "\(name)") { try RLPItem.decode(bytes) }
                continue
            }
            let item = try RLPItem.decode(bytes)
            #expect(item.encoded == bytes, "\(name)")
            if let meant = self.item(of: input) { #expect(item == meant, "\(name)") }
        }
    }

    /// Nil for numbers beyond 256 bits and for what only says that the text is valid.
    private func item(of value: JSONValue) -> RLPItem? {
        switch value {
        case .string("VALID"): return nil
        case .string(let text) where text.hasPrefix("#"):
            return UInt256(decimal: text.dropFirst()).map { .integer($0) }
        case .string(let text): return .bytes(Array(text.utf8))
        case .number(let number): return number.uint64.map { .integer($0) }
        case .array(let elements):
            let items = elements.compactMap(item)
            return items.count == elements.count ? .list(items) : nil
        default: return nil
        }
    }

    private func randomItem(_ generator: inout SeededGenerator, depth: Int) -> RLPItem {
        if depth < 4, generator.chance(ppm: 400_000) {
            let count = generator.number(in: 0...6)
            return .list((0..<count).map { _ in randomItem(&generator, depth: depth + 1) })
        }
        let lengths: [ClosedRange<UInt64>] = [0...2, 50...60, 250...260]
        let count = generator.number(in: lengths[Int(generator.next() % 3)])
        return .bytes((0..<count).map { _ in UInt8(generator.next() & 255) })
    }
}
