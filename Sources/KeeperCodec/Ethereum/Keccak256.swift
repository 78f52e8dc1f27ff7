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
            sponge.absorb(bytes[position..<position + rateByteCount])
            position += rateByteCount
        }
        var last = Array(bytes[position...])
        last.append(contentsOf: repeatElement(0, count: rateByteCount - last.count))
        last[bytes.count - position] ^= padding
        last[rateByteCount - 1] ^= 0x80
        sponge.absorb(last[...])
        return sponge.digest(byteCount: byteCount)
    }
}

/// The 25 lanes, row by row: lane (x, y) is number x + 5y.
private struct Sponge {
    private var lanes = [UInt64](repeating: 0, count: 25)

    mutating func absorb(_ block: ArraySlice<UInt8>) {
        let starts = stride(from: block.startIndex, to: block.endIndex, by: 8)
        for (number, start) in starts.enumerated() {
            lanes[number] ^= (0..<8).reduce(UInt64(0)) { lane, byte in
                lane | UInt64(block[start + byte]) << UInt64(8 * byte)
            }
        }
        for constant in roundConstants { permute(constant) }
    }

    func digest(byteCount: Int) -> [UInt8] {
        (0..<byteCount).map { UInt8(truncatingIfNeeded: lanes[$0 / 8] >> UInt64($0 % 8 * 8)) }
    }

    /// One round: θ, ρ and π, χ, ι.
    private mutating func permute(_ constant: UInt64) {
        var parity: (UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0)
        for row in stride(from: 0, to: 25, by: 5) {
            parity.0 ^= lanes[row]
            parity.1 ^= lanes[row + 1]
            parity.2 ^= lanes[row + 2]
            parity.3 ^= lanes[row + 3]
            parity.4 ^= lanes[row + 4]
        }
        let mix0 = parity.4 ^ rotated(parity.1, 1)
        let mix1 = parity.0 ^ rotated(parity.2, 1)
        let mix2 = parity.1 ^ rotated(parity.3, 1)
        let mix3 = parity.2 ^ rotated(parity.4, 1)
        let mix4 = parity.3 ^ rotated(parity.0, 1)
        for row in stride(from: 0, to: 25, by: 5) {
            lanes[row] ^= mix0
            lanes[row + 1] ^= mix1
            lanes[row + 2] ^= mix2
            lanes[row + 3] ^= mix3
            lanes[row + 4] ^= mix4
        }
        turn()
        for row in stride(from: 0, to: 25, by: 5) { chi(row) }
        lanes[0] ^= constant
    }

    /// ρ and π in one walk: every lane goes, rotated, to the place of the next.
    private mutating func turn() {
        var carried = lanes[1]
        for step in 0..<24 {
            let place = placeOrder[step]
            let next = lanes[place]
            lanes[place] = rotated(carried, rotations[step])
            carried = next
        }
    }

    private mutating func chi(_ row: Int) {
        let (a, b, c, d, e) = (
            lanes[row], lanes[row + 1], lanes[row + 2], lanes[row + 3], lanes[row + 4]
        )
        lanes[row] = a ^ (~b & c)
        lanes[row + 1] = b ^ (~c & d)
        lanes[row + 2] = c ^ (~d & e)
        lanes[row + 3] = d ^ (~e & a)
        lanes[row + 4] = e ^ (~a & b)
    }

    @inline(__always)
    private func rotated(_ lane: UInt64, _ count: UInt64) -> UInt64 {
        lane << count | lane >> (64 - count)
    }
}

private let roundConstants: [UInt64] = [
    0x0000_0000_0000_0001, 0x0000_0000_0000_8082, 0x8000_0000_0000_808A, 0x8000_0000_8000_8000,
    0x0000_0000_0000_808B, 0x0000_0000_8000_0001, 0x8000_0000_8000_8081, 0x8000_0000_0000_8009,
    0x0000_0000_0000_008A, 0x0000_0000_0000_0088, 0x0000_0000_8000_8009, 0x0000_0000_8000_000A,
    0x0000_0000_8000_808B, 0x8000_0000_0000_008B, 0x8000_0000_0000_8089, 0x8000_0000_0000_8003,
    0x8000_0000_0000_8002, 0x8000_0000_0000_0080, 0x0000_0000_0000_800A, 0x8000_0000_8000_000A,
    0x8000_0000_8000_8081, 0x8000_0000_0000_8080, 0x0000_0000_8000_0001, 0x8000_0000_8000_8008,
]

/// Where the walk of ρ and π goes, and by how much each lane is turned on the way: the triangular
/// numbers modulo 64.
private let placeOrder = [
    10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1,
]
private let rotations: [UInt64] = [
    1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44,
]
