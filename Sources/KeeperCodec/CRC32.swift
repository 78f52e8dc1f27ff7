/// The CRC of zlib, PNG and Ethernet (polynomial 0x04C11DB7, reflected). It finds accidents in
/// files; against intent there are hashes.
package struct CRC32 {
    private var register: UInt32 = .max

    package init() {}

    package static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var crc = CRC32()
        crc.update(bytes)
        return crc.value
    }

    package mutating func update(_ bytes: [UInt8]) {
        let table = Self.table
        for byte in bytes {
            register = table[Int(UInt8(truncatingIfNeeded: register) ^ byte)] ^ register >> 8
        }
    }

    package var value: UInt32 { ~register }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { remainder, _ in
            remainder & 1 == 1 ? remainder >> 1 ^ 0xEDB8_8320 : remainder >> 1
        }
    }
}
