// Where a request came from, and which addresses a list lets in. IPv4, as the server listens.

package struct PeerAddress: Hashable, Sendable {
    /// Host order: 127.0.0.1 is 0x7f000001.
    package let number: UInt32

    package init(number: UInt32) {
        self.number = number
    }

    /// Four decimal numbers, each in its only spelling.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var number: UInt32 = 0
        for part in parts {
            guard let octet = UInt8(part), String(octet) == part else { return nil }
            number = number << 8 | UInt32(octet)
        }
        self.number = number
    }
}

extension PeerAddress: CustomStringConvertible {
    package var description: String {
        [24, 16, 8, 0].map { String(number >> UInt32($0) & 0xff) }.joined(separator: ".")
    }
}

/// An address, or all whose first bits are these.
package struct AddressRange: Hashable, Sendable {
    private let first: PeerAddress
    private let prefixBits: UInt32

    /// `10.1.0.0/16`, or one address. Nil where bits behind the prefix are set: what was meant is
    /// not sure.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = parts.first.flatMap({ PeerAddress($0) }) else {
            return nil
        }
        self.first = first
        guard parts.count == 2 else {
            prefixBits = 32
            return
        }
        guard let bits = UInt32(parts[1]), String(bits) == parts[1], bits <= 32 else { return nil }
        prefixBits = bits
        guard first.number & ~mask == 0 else { return nil }
    }

    private var mask: UInt32 { prefixBits == 0 ? 0 : ~0 << (32 - prefixBits) }

    package func contains(_ address: PeerAddress) -> Bool {
        address.number & mask == first.number
    }
}
