/// Keccak-256 as Ethereum uses it: with the original padding 0x01, not the 0x06 that FIPS 202 chose
/// later.
package enum Keccak256 {
    package static let digestByteCount = 32

    package static func hash(_ bytes: [UInt8]) -> [UInt8] {
        KeccakSponge.digest(
            of: bytes, rateByteCount: 136, padding: 0x01, byteCount: digestByteCount)
    }

    package static func hash(_ text: String) -> [UInt8] { hash(Array(text.utf8)) }
}

/// The sponge of the Keccak reference (version 3.0), of which every hash of the family is one
/// setting. That the others come out right too is what shows that it is the whole of it.
package enum KeccakSponge {
    package static func digest(
        of bytes: [UInt8], rateByteCount: Int, padding: UInt8, byteCount: Int
    ) -> [UInt8] {
        precondition(
            rateByteCount % 8 == 0 && (byteCount...200).contains(rateByteCount),
            "A block is whole lanes, and one block holds the digest")
        var sponge = Sponge()
        var position = 0
        while bytes.count - position >= rateByteCount {
            sponge.absorb(bytes, from: position, byteCount: rateByteCount)
            position += rateByteCount
        }
        var last = Array(bytes[position...])
        last.append(contentsOf: repeatElement(0, count: rateByteCount - last.count))
        last[bytes.count - position] ^= padding
        last[rateByteCount - 1] ^= 0x80
        sponge.absorb(last, from: 0, byteCount: rateByteCount)
        return sponge.digest(byteCount: byteCount)
    }
}

/// The 25 lanes, row by row: lane (x, y) is number x + 5y.
private struct Sponge {
    private var lanes = InlineArray<25, UInt64>(repeating: 0)

    mutating func absorb(_ bytes: [UInt8], from start: Int, byteCount: Int) {
        precondition(start >= 0 && start + byteCount <= bytes.count, "A block is of these bytes")
        unsafe bytes.withUnsafeBytes { buffer in
            for number in 0..<byteCount / 8 {
                lanes[number] ^= unsafe UInt64(
                    littleEndian: buffer.loadUnaligned(
                        fromByteOffset: start + 8 * number, as: UInt64.self))
            }
        }
        for round in 0..<24 { permute(roundConstants[round]) }
    }

    func digest(byteCount: Int) -> [UInt8] {
        (0..<byteCount).map { UInt8(truncatingIfNeeded: lanes[$0 / 8] >> UInt64($0 % 8 * 8)) }
    }

    /// One round: θ, ρ and π, χ, ι.
    @inline(__always)
    private mutating func permute(_ constant: UInt64) {
        let turned = mixedAndTurned()
        for row in 0..<5 {
            let (a, b, c, d, e) = (
                turned[5 * row], turned[5 * row + 1], turned[5 * row + 2], turned[5 * row + 3],
                turned[5 * row + 4]
            )
            lanes[5 * row] = a ^ (~b & c)
            lanes[5 * row + 1] = b ^ (~c & d)
            lanes[5 * row + 2] = c ^ (~d & e)
            lanes[5 * row + 3] = d ^ (~e & a)
            lanes[5 * row + 4] = e ^ (~a & b)
        }
        lanes[0] ^= constant
    }

    /// θ mixes into each lane the parity of two columns; ρ turns it and π moves it. The places are
    /// those of one walk through all lanes, the turns the triangular numbers modulo 64.
    @inline(__always)
    private func mixedAndTurned() -> InlineArray<25, UInt64> {
        let parity0 = parity(0)
        let parity1 = parity(1)
        let parity2 = parity(2)
        let parity3 = parity(3)
        let parity4 = parity(4)
        let mix0 = parity4 ^ Self.rotated(parity1, 1)
        let mix1 = parity0 ^ Self.rotated(parity2, 1)
        let mix2 = parity1 ^ Self.rotated(parity3, 1)
        let mix3 = parity2 ^ Self.rotated(parity4, 1)
        let mix4 = parity3 ^ Self.rotated(parity0, 1)
        var turned = InlineArray<25, UInt64>(repeating: 0)
        turned[0] = lanes[0] ^ mix0
        turned[1] = Self.rotated(lanes[6] ^ mix1, 44)
        turned[2] = Self.rotated(lanes[12] ^ mix2, 43)
        turned[3] = Self.rotated(lanes[18] ^ mix3, 21)
        turned[4] = Self.rotated(lanes[24] ^ mix4, 14)
        turned[5] = Self.rotated(lanes[3] ^ mix3, 28)
        turned[6] = Self.rotated(lanes[9] ^ mix4, 20)
        turned[7] = Self.rotated(lanes[10] ^ mix0, 3)
        turned[8] = Self.rotated(lanes[16] ^ mix1, 45)
        turned[9] = Self.rotated(lanes[22] ^ mix2, 61)
        turned[10] = Self.rotated(lanes[1] ^ mix1, 1)
        turned[11] = Self.rotated(lanes[7] ^ mix2, 6)
        turned[12] = Self.rotated(lanes[13] ^ mix3, 25)
        turned[13] = Self.rotated(lanes[19] ^ mix4, 8)
        turned[14] = Self.rotated(lanes[20] ^ mix0, 18)
        turned[15] = Self.rotated(lanes[4] ^ mix4, 27)
        turned[16] = Self.rotated(lanes[5] ^ mix0, 36)
        turned[17] = Self.rotated(lanes[11] ^ mix1, 10)
        turned[18] = Self.rotated(lanes[17] ^ mix2, 15)
        turned[19] = Self.rotated(lanes[23] ^ mix3, 56)
        turned[20] = Self.rotated(lanes[2] ^ mix2, 62)
        turned[21] = Self.rotated(lanes[8] ^ mix3, 55)
        turned[22] = Self.rotated(lanes[14] ^ mix4, 39)
        turned[23] = Self.rotated(lanes[15] ^ mix0, 41)
        turned[24] = Self.rotated(lanes[21] ^ mix1, 2)
        return turned
    }

    @inline(__always)
    private func parity(_ column: Int) -> UInt64 {
        lanes[column] ^ lanes[column + 5] ^ lanes[column + 10] ^ lanes[column + 15]
            ^ lanes[column + 20]
    }

    @inline(__always)
    private static func rotated(_ lane: UInt64, _ count: UInt64) -> UInt64 {
        lane << count | lane >> (64 - count)
    }
}

private let roundConstants: InlineArray<24, UInt64> = [
    0x0000_0000_0000_0001, 0x0000_0000_0000_8082, 0x8000_0000_0000_808A, 0x8000_0000_8000_8000,
    0x0000_0000_0000_808B, 0x0000_0000_8000_0001, 0x8000_0000_8000_8081, 0x8000_0000_0000_8009,
    0x0000_0000_0000_008A, 0x0000_0000_0000_0088, 0x0000_0000_8000_8009, 0x0000_0000_8000_000A,
    0x0000_0000_8000_808B, 0x8000_0000_0000_008B, 0x8000_0000_0000_8089, 0x8000_0000_0000_8003,
    0x8000_0000_0000_8002, 0x8000_0000_0000_0080, 0x0000_0000_0000_800A, 0x8000_0000_8000_000A,
    0x8000_0000_8000_8081, 0x8000_0000_0000_8080, 0x0000_0000_8000_0001, 0x8000_0000_8000_8008,
]
