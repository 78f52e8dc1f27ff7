/// SHA-256 (FIPS 180-4), in plain Swift so that pure rooms can hash. Secrets are not hashed here:
/// memory is not wiped.
package struct SHA256 {
    package static let digestByteCount = 32
    private static let blockByteCount = 64

    private var state = Self.initialState
    /// Bytes of the block that is not full yet, the first `pendingCount` of these.
    private var pending = InlineArray<64, UInt8>(repeating: 0)
    private var pendingCount = 0
    private var byteCount: UInt64 = 0

    package init() {}

    package static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var hasher = SHA256()
        hasher.update(bytes.span)
        return hasher.finish()
    }

    package mutating func update(_ bytes: [UInt8]) { update(bytes.span) }

    package mutating func update(_ bytes: ArraySlice<UInt8>) { update(bytes.span) }

    /// Whole blocks are hashed where they lie.
    private mutating func update(_ bytes: Span<UInt8>) {
        byteCount += UInt64(bytes.count)
        var position = 0
        while pendingCount > 0, position < bytes.count {
            take(bytes[position])
            position += 1
        }
        while bytes.count - position >= Self.blockByteCount {
            Self.compress(&state, bytes, at: position)
            position += Self.blockByteCount
        }
        while position < bytes.count {
            take(bytes[position])
            position += 1
        }
    }

    private mutating func take(_ byte: UInt8) {
        pending[pendingCount] = byte
        pendingCount += 1
        guard pendingCount == Self.blockByteCount else { return }
        Self.compress(&state, pending.span, at: 0)
        pendingCount = 0
    }

    package consuming func finish() -> [UInt8] {
        let bitCount = byteCount * 8
        take(0x80)
        while pendingCount != Self.blockByteCount - 8 { take(0) }
        for shift in stride(from: 56, through: 0, by: -8) {
            take(UInt8(truncatingIfNeeded: bitCount >> UInt64(shift)))
        }
        var digest: [UInt8] = []
        digest.reserveCapacity(Self.digestByteCount)
        for index in state.indices {
            for shift in stride(from: UInt32(24), through: 0, by: -8) {
                digest.append(UInt8(truncatingIfNeeded: state[index] >> shift))
            }
        }
        return digest
    }

    private static func compress(
        _ state: inout InlineArray<8, UInt32>, _ bytes: Span<UInt8>, at start: Int
    ) {
        var schedule = InlineArray<64, UInt32>(repeating: 0)
        fill(&schedule, bytes, at: start)
        let constants = roundConstants.span
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for round in 0..<64 {
            let sigma1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
            let choice = (e & f) ^ (~e & g)
            let first = h &+ sigma1 &+ choice &+ constants[round] &+ schedule[round]
            let sigma0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
            let majority = (a & b) ^ (a & c) ^ (b & c)
            (h, g, f, e) = (g, f, e, d &+ first)
            (d, c, b, a) = (c, b, a, first &+ sigma0 &+ majority)
        }
        state[0] &+= a
        state[1] &+= b
        state[2] &+= c
        state[3] &+= d
        state[4] &+= e
        state[5] &+= f
        state[6] &+= g
        state[7] &+= h
    }

    @inline(__always)
    private static func fill(
        _ words: inout InlineArray<64, UInt32>, _ bytes: Span<UInt8>, at start: Int
    ) {
        for index in 0..<16 {
            let position = start + index * 4
            words[index] =
                UInt32(bytes[position]) << 24 | UInt32(bytes[position + 1]) << 16
                | UInt32(bytes[position + 2]) << 8 | UInt32(bytes[position + 3])
        }
        for index in 16..<64 {
            let early = words[index - 15]
            let late = words[index - 2]
            let small0 = rotate(early, 7) ^ rotate(early, 18) ^ early >> 3
            let small1 = rotate(late, 17) ^ rotate(late, 19) ^ late >> 10
            words[index] = words[index - 16] &+ small0 &+ words[index - 7] &+ small1
        }
    }

    @inline(__always)
    private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 {
        word >> count | word << (32 - count)
    }

    /// Section 5.3.3: the first 32 bits of the fractions of the square roots of the first 8 primes.
    private static let initialState: InlineArray<8, UInt32> = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
        0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]

    /// Section 4.2.2: the first 32 bits of the fractions of the cube roots of the first 64 primes.
    private static let roundConstants: [UInt32] = [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5,
        0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
        0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3,
        0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
        0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc,
        0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
        0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
        0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
        0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13,
        0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
        0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3,
        0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
        0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5,
        0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
        0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208,
        0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
    ]
}
