package import WideMath

/// Recursive Length Prefix (Ethereum's yellow paper, appendix B): byte strings and lists of them.
package indirect enum RLPItem: Hashable, Sendable {
    case bytes([UInt8])
    case list([RLPItem])

    /// An integer is its shortest big-endian form; zero is empty.
    package static func integer(_ value: UInt256) -> RLPItem {
        .bytes(Array(value.bigEndianBytes.drop { $0 == 0 }))
    }

    package static func integer(_ value: UInt64) -> RLPItem { integer(UInt256(value)) }

    // MARK: Encoding

    package var encoded: [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(encodedCount)
        append(to: &output)
        return output
    }

    private func append(to output: inout [UInt8]) {
        switch self {
        case .bytes(let bytes):
            if bytes.count == 1, bytes[0] < 0x80 { return output.append(bytes[0]) }
            Self.appendHead(0x80, bytes.count, to: &output)
            output.append(contentsOf: bytes)
        case .list(let items):
            Self.appendHead(0xC0, payloadCount, to: &output)
            for item in items { item.append(to: &output) }
        }
    }

    private static func appendHead(_ base: UInt8, _ count: Int, to output: inout [UInt8]) {
        guard count > 55 else { return output.append(base + UInt8(count)) }
        let length = bigEndian(count)
        output.append(base + 55 + UInt8(length.count))
        output.append(contentsOf: length)
    }

    private static func bigEndian(_ count: Int) -> [UInt8] {
        (0..<8).reversed().map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
            .drop { $0 == 0 }.map(\.self)
    }

    private var payloadCount: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .list(let items): items.reduce(0) { $0 + $1.encodedCount }
        }
    }

    private var encodedCount: Int {
        if case .bytes(let bytes) = self, bytes.count == 1, bytes[0] < 0x80 { return 1 }
        let count = payloadCount
        return 1 + count + (count > 55 ? Self.bigEndian(count).count : 0)
    }

    // MARK: Reading what was decoded

    package func byteString() throws(RLPError) -> [UInt8] {
        guard case .bytes(let bytes) = self else { throw .wrongKind }
        return bytes
    }

    package func items() throws(RLPError) -> [RLPItem] {
        guard case .list(let items) = self else { throw .wrongKind }
        return items
    }

    /// An integer without leading zeros.
    package func uint256() throws(RLPError) -> UInt256 {
        let bytes = try byteString()
        if bytes.isEmpty { return .zero }
        guard bytes[0] != 0, let value = UInt256(bigEndianBytes: bytes) else {
            throw .malformedInteger
        }
        return value
    }

    package func uint64() throws(RLPError) -> UInt64 {
        guard let value = try uint256().asUInt64 else { throw .malformedInteger }
        return value
    }
}

package enum RLPError: Error, Hashable, Sendable {
    /// A length that reaches beyond its surroundings.
    case outOfBounds(at: Int)
    /// Whatever has a shorter form: a length, a single byte.
    case notShortest(at: Int)
    case trailingBytes(at: Int)
    case empty
    case tooDeep
    case tooManyItems
    /// A list where bytes should be, or the other way round.
    case wrongKind
    case malformedInteger
    case wrongItemCount(Int)
    /// Bytes of another length than the field has.
    case wrongByteCount(Int)
    case unknownType(UInt8)
}

/// How much is taken before the reader says no.
package struct RLPLimits: Hashable, Sendable {
    package var byteCountMax: Int
    package var depthMax: Int
    package var itemCountMax: Int

    package init(byteCountMax: Int, depthMax: Int, itemCountMax: Int) {
        self.byteCountMax = byteCountMax
        self.depthMax = depthMax
        self.itemCountMax = itemCountMax
    }

    /// A transaction as pools take them has at most 128 KiB, and lists in lists in a list.
    package static let transaction = RLPLimits(
        byteCountMax: 1 << 17, depthMax: 8, itemCountMax: 16_384)
    package static let standard = RLPLimits(
        byteCountMax: 1 << 24, depthMax: 64, itemCountMax: 1 << 20)
}
