/// Integers in files: least significant byte first.

extension [UInt8] {
    mutating func appendLittleEndian<Integer: FixedWidthInteger>(_ value: Integer) {
        for shift in stride(from: 0, to: Integer.bitWidth, by: 8) {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}

/// Reads integers one behind the other; the caller has checked that there are enough bytes.
struct LittleEndianReader {
    let bytes: [UInt8]
    private(set) var offset: Int

    init(_ bytes: [UInt8], from offset: Int = 0) {
        self.bytes = bytes
        self.offset = offset
    }

    var remainingByteCount: Int { bytes.count - offset }

    mutating func integer<Integer: FixedWidthInteger>(_ type: Integer.Type = Integer.self)
        -> Integer
    {
        var value: Integer = 0
        for shift in stride(from: 0, to: Integer.bitWidth, by: 8) {
            value |= Integer(truncatingIfNeeded: bytes[offset]) << shift
            offset += 1
        }
        return value
    }

    mutating func take(_ count: Int) -> [UInt8] {
        defer { offset += count }
        return Array(bytes[offset..<offset + count])
    }
}
