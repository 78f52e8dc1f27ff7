/// Twenty bytes that own something on a chain.
package struct EthereumAddress: Hashable, Sendable {
    package static let byteCount = 20

    package let bytes: [UInt8]

    /// Nil unless there are twenty bytes.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// Text from outside. Letters of both cases must be the checksum of EIP-55; letters of one case
    /// carry none.
    package init(_ text: String) throws(AddressError) {
        do {
            bytes = try Hex.decode(text, prefix: .required, byteCount: Self.byteCount)
        } catch {
            throw .malformed(error)
        }
        let digits = text.utf8.dropFirst(2)
        let hasUpper = digits.contains { (UInt8(ascii: "A")...UInt8(ascii: "F")).contains($0) }
        let hasLower = digits.contains { (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) }
        guard !(hasUpper && hasLower) || text == checksumText else { throw .wrongChecksum }
    }

    /// The last twenty bytes of the hash of an uncompressed public key without its first byte.
    package init?(publicKey: [UInt8]) {
        guard publicKey.count == 65, publicKey[0] == 4 else { return nil }
        self.init(Array(Keccak256.hash(Array(publicKey.dropFirst())).suffix(Self.byteCount)))
    }

    package var lowercaseText: String { "0x" + Hex.encode(bytes) }

    /// EIP-55: a letter is upper case where the same place in the hash of the lower-case text is
    /// eight or more.
    package var checksumText: String {
        let digits = Array(Hex.encode(bytes).utf8)
        let hash = Keccak256.hash(digits)
        let cased = digits.enumerated().map { place, digit in
            let nibble = place % 2 == 0 ? hash[place / 2] >> 4 : hash[place / 2] & 15
            return digit >= UInt8(ascii: "a") && nibble >= 8 ? digit - 32 : digit
        }
        return "0x" + String(decoding: cased, as: UTF8.self)
    }
}

extension EthereumAddress: CustomStringConvertible {
    package var description: String { checksumText }
}

package enum AddressError: Error, Equatable, Sendable {
    case malformed(HexError)
    /// Somebody mistyped an address, or cased it at random.
    case wrongChecksum
}
