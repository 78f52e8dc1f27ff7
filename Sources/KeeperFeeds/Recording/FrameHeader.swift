import KeeperCodec
package import KeeperModel

/// The 64 bytes in front of each frame's compressed rows. A checksum over them ends them, so that a
/// damaged length is never believed.
package struct FrameHeader: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case rows(RowKind)
        /// The list of all frames, last in a finished file.
        case index

        var byte: UInt8 {
            switch self {
            case .rows(let kind): kind.rawValue
            case .index: 255
            }
        }

        init?(byte: UInt8) {
            if byte == 255 {
                self = .index
            } else if let kind = RowKind(rawValue: byte) {
                self = .rows(kind)
            } else {
                return nil
            }
        }
    }

    package let kind: Kind
    package let rowCount: UInt32
    package let uncompressedByteCount: UInt32
    package let compressedByteCount: UInt32
    package let compressedCRC32: UInt32
    package let firstSequence: UInt64
    package let lastSequence: UInt64
    package let firstAvailableAt: Instant
    package let lastAvailableAt: Instant

    static let byteCount = 64
    static let magic: [UInt8] = Array("BFR1".utf8)

    func encoded() -> [UInt8] {
        var bytes = Self.magic
        bytes += [kind.byte, 0, 0, 0]
        for value in [rowCount, uncompressedByteCount, compressedByteCount, compressedCRC32] {
            bytes.appendLittleEndian(value)
        }
        bytes.appendLittleEndian(firstSequence)
        bytes.appendLittleEndian(lastSequence)
        bytes.appendLittleEndian(firstAvailableAt.nanoseconds)
        bytes.appendLittleEndian(lastAvailableAt.nanoseconds)
        bytes.appendLittleEndian(UInt32(0))
        bytes.appendLittleEndian(CRC32.checksum(bytes))
        precondition(bytes.count == Self.byteCount, "the header has its size")
        return bytes
    }

    /// Nil unless the bytes are a header of ours, undamaged and with nothing unknown in it.
    init?(decoding bytes: [UInt8]) {
        precondition(bytes.count == Self.byteCount)
        let checked = Array(bytes[..<(Self.byteCount - 4)])
        var reader = LittleEndianReader(bytes, from: Self.byteCount - 4)
        guard checked.starts(with: Self.magic), reader.integer() == CRC32.checksum(checked),
            let kind = Kind(byte: bytes[4]), bytes[5...7].allSatisfy({ $0 == 0 }),
            bytes[56...59].allSatisfy({ $0 == 0 })
        else { return nil }
        self.kind = kind
        reader = LittleEndianReader(bytes, from: 8)
        rowCount = reader.integer()
        uncompressedByteCount = reader.integer()
        compressedByteCount = reader.integer()
        compressedCRC32 = reader.integer()
        firstSequence = reader.integer()
        lastSequence = reader.integer()
        firstAvailableAt = Instant(nanoseconds: reader.integer())
        lastAvailableAt = Instant(nanoseconds: reader.integer())
        guard firstSequence <= lastSequence, firstAvailableAt <= lastAvailableAt else { return nil }
    }

    /// The header of rows that belong together, already encoded and compressed.
    init(
        kind: Kind, rows: FrameExtent, uncompressedByteCount: Int, compressed: [UInt8]
    ) {
        self.kind = kind
        rowCount = UInt32(rows.count)
        self.uncompressedByteCount = UInt32(uncompressedByteCount)
        compressedByteCount = UInt32(compressed.count)
        compressedCRC32 = CRC32.checksum(compressed)
        firstSequence = rows.firstSequence
        lastSequence = rows.lastSequence
        firstAvailableAt = rows.firstAvailableAt
        lastAvailableAt = rows.lastAvailableAt
    }
}

/// Which rows a frame holds.
struct FrameExtent {
    var count = 0
    var firstSequence: UInt64 = 0
    var lastSequence: UInt64 = 0
    var firstAvailableAt = Instant(nanoseconds: 0)
    var lastAvailableAt = Instant(nanoseconds: 0)

    mutating func extend(by row: RecordingRow) {
        if count == 0 {
            firstSequence = row.sequence
            firstAvailableAt = row.availableAt
        }
        count += 1
        lastSequence = row.sequence
        lastAvailableAt = row.availableAt
    }
}

/// A frame and where it stands.
package struct PlacedFrame: Hashable, Sendable {
    package let offset: UInt64
    package let header: FrameHeader

    var end: UInt64 {
        offset + UInt64(FrameHeader.byteCount) + UInt64(header.compressedByteCount)
    }
}
