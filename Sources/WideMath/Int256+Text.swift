/// Decimal text and big-endian bytes of `Int256`.

extension Int256: CustomStringConvertible {
    /// Decimal digits after at most one minus sign; `-0` is zero.
    package init?(decimal text: some StringProtocol) {
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        guard let magnitude = UInt256(decimal: text.dropFirst(isNegative ? 1 : 0)) else {
            return nil
        }
        self.init(magnitude: magnitude, isNegative: isNegative)
    }

    package var description: String { (isNegative ? "-" : "") + magnitude.description }

    /// All 32 bytes of the two's complement, the most significant first.
    package var bigEndianBytes: [UInt8] { bitPattern.bigEndianBytes }

    /// From exactly 32 bytes of two's complement, the most significant first.
    package init?(bigEndianBytes bytes: some Collection<UInt8>) {
        guard bytes.count == 32, let pattern = UInt256(bigEndianBytes: bytes) else { return nil }
        self.init(bitPattern: pattern)
    }
}
