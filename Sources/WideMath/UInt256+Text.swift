/// Decimal and hexadecimal text, and the 32 big-endian bytes of the chain and of the ledger.

extension UInt256: CustomStringConvertible {
    /// Decimal digits only: no sign, no space, no separator.
    package init?(decimal text: some StringProtocol) {
        var value = UInt256.zero
        var chunk: UInt64 = 0
        var chunkScale: UInt64 = 1
        guard !text.isEmpty else { return nil }
        for byte in text.utf8 {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            chunk = chunk * 10 + UInt64(byte - UInt8(ascii: "0"))
            chunkScale *= 10
            guard chunkScale == decimalChunkScale else { continue }
            guard let grown = value.appending(chunk, scale: chunkScale) else { return nil }
            value = grown
            chunk = 0
            chunkScale = 1
        }
        guard let grown = value.appending(chunk, scale: chunkScale) else { return nil }
        self = grown
    }

    private func appending(_ chunk: UInt64, scale: UInt64) -> UInt256? {
        let (high, low) = multipliedByLimb(scale, adding: UInt256(chunk))
        return high == 0 ? low : nil
    }

    /// 1 to 64 hexadecimal digits of either case, with or without `0x`.
    package init?(hex text: some StringProtocol) {
        let digits = text.hasPrefix("0x") ? text.utf8.dropFirst(2) : text.utf8[...]
        guard (1...64).contains(digits.count) else { return nil }
        var value = UInt256.zero
        for byte in digits {
            guard let digit = hexDigitValue(byte) else { return nil }
            value = value << 4 | UInt256(digit)
        }
        self = value
    }

    package var description: String {
        var chunks: [UInt64] = []
        var rest = self
        repeat {
            let (quotient, remainder) = rest.quotientAndRemainder(
                dividingBy: UInt256(decimalChunkScale))
            chunks.append(remainder.w0)
            rest = quotient
        } while !rest.isZero
        var text = ""
        for (index, chunk) in chunks.reversed().enumerated() {
            let digits = String(chunk)
            if index > 0 { text += String(repeating: "0", count: 19 - digits.utf8.count) }
            text += digits
        }
        return text
    }

    /// Lower case with `0x` and without leading zeros, as JSON-RPC writes quantities.
    package var hexString: String {
        var text = "0x"
        var nibble = isZero ? 0 : (255 - leadingZeroBitCount) / 4
        while nibble >= 0 {
            text += String((self >> (nibble * 4)).w0 & 0xf, radix: 16)
            nibble -= 1
        }
        return text
    }
}

extension UInt256 {
    /// From 1 to 32 big-endian bytes, the most significant first; any other count is refused.
    package init?(bigEndianBytes bytes: some Collection<UInt8>) {
        guard (1...32).contains(bytes.count) else { return nil }
        var value = UInt256.zero
        for byte in bytes { value = value << 8 | UInt256(UInt64(byte)) }
        self = value
    }

    /// All 32 bytes, the most significant first.
    package var bigEndianBytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        for limb in [w3, w2, w1, w0] {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: limb >> UInt64(shift)))
            }
        }
        return bytes
    }
}

/// 10^19, the largest power of ten in one limb.
private let decimalChunkScale: UInt64 = 10_000_000_000_000_000_000

private func hexDigitValue(_ byte: UInt8) -> UInt64? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
}
