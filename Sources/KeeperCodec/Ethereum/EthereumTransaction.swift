package import WideMath

/// A transaction before it is signed: legacy (EIP-155 or older), with access list (EIP-2930), or
/// with a fee market's two fees (EIP-1559).
package struct EthereumTransaction: Hashable, Sendable {
    package enum Fees: Hashable, Sendable {
        /// Without a chain's number the signature is good on every chain: only for reading.
        case legacy(gasPrice: UInt256, chainID: UInt64?)
        case accessList(gasPrice: UInt256, chainID: UInt64, list: [AccessListEntry])
        case feeMarket(
            priorityPerGasMax: UInt256, perGasMax: UInt256, chainID: UInt64,
            list: [AccessListEntry])
    }

    package struct AccessListEntry: Hashable, Sendable {
        package let address: EthereumAddress
        /// Thirty-two bytes each.
        package let storageKeys: [[UInt8]]

        package init(address: EthereumAddress, storageKeys: [[UInt8]]) {
            self.address = address
            self.storageKeys = storageKeys
        }
    }

    package var fees: Fees
    package var nonce: UInt64
    package var gasLimit: UInt64
    /// Nil makes a contract.
    package var to: EthereumAddress?
    package var value: UInt256
    package var data: [UInt8]

    package init(
        fees: Fees, nonce: UInt64, gasLimit: UInt64, to: EthereumAddress?, value: UInt256,
        data: [UInt8]
    ) {
        self.fees = fees
        self.nonce = nonce
        self.gasLimit = gasLimit
        self.to = to
        self.value = value
        self.data = data
    }

    package var chainID: UInt64? {
        switch fees {
        case .legacy(_, let chainID): chainID
        case .accessList(_, let chainID, _): chainID
        case .feeMarket(_, _, let chainID, _): chainID
        }
    }

    // MARK: Bytes

    /// What the signature is over, before it is hashed.
    package var signingPayload: [UInt8] {
        switch fees {
        case .legacy(_, let chainID?):
            let marks = [RLPItem.integer(chainID), .integer(UInt64(0)), .integer(UInt64(0))]
            return RLPItem.list(fields + marks).encoded
        default: return typePrefix + RLPItem.list(fields).encoded
        }
    }

    package var signingHash: [UInt8] { Keccak256.hash(signingPayload) }

    /// What is sent.
    package func raw(_ signature: EthereumSignature) -> [UInt8] {
        let marks = [
            RLPItem.integer(mark(signature)), .integer(signature.r), .integer(signature.s),
        ]
        return typePrefix + RLPItem.list(fields + marks).encoded
    }

    /// The parity of the signature in the form of the transaction's type.
    package func mark(_ signature: EthereumSignature) -> UInt256 {
        let parity = UInt256(signature.yParity ? 1 : 0)
        guard case .legacy(_, let chainID) = fees else { return parity }
        guard let chainID else { return parity + 27 }
        return UInt256(chainID) * 2 + 35 + parity
    }

    private var typePrefix: [UInt8] {
        switch fees {
        case .legacy: []
        case .accessList: [1]
        case .feeMarket: [2]
        }
    }

    private var fields: [RLPItem] {
        let common: [RLPItem] = [
            .integer(gasLimit), .bytes(to?.bytes ?? []), .integer(value), .bytes(data),
        ]
        switch fees {
        case .legacy(let gasPrice, _): return [.integer(nonce), .integer(gasPrice)] + common
        case .accessList(let gasPrice, let chainID, let list):
            return [.integer(chainID), .integer(nonce), .integer(gasPrice)] + common
                + [Self.item(list)]
        case .feeMarket(let priority, let most, let chainID, let list):
            return [.integer(chainID), .integer(nonce), .integer(priority), .integer(most)]
                + common + [Self.item(list)]
        }
    }

    private static func item(_ list: [AccessListEntry]) -> RLPItem {
        .list(
            list.map { entry in
                .list([.bytes(entry.address.bytes), .list(entry.storageKeys.map { .bytes($0) })])
            })
    }
}

/// A signature on the curve secp256k1, from which the signer can be recovered.
package struct EthereumSignature: Hashable, Sendable {
    package let r: UInt256
    package let s: UInt256
    /// Whether the point's y is odd.
    package let yParity: Bool

    package init(r: UInt256, s: UInt256, yParity: Bool) {
        self.r = r
        self.s = s
        self.yParity = yParity
    }

    /// The order of the curve's group (SEC 2, secp256k1).
    private static let order =
        UInt256(
            w0: 0xBFD2_5E8C_D036_4141, w1: 0xBAAE_DCE6_AF48_A03B, w2: 0xFFFF_FFFF_FFFF_FFFE,
            w3: 0xFFFF_FFFF_FFFF_FFFF)

    /// Of the two forms of every signature only the one with the small s is valid (EIP-2).
    package var isLow: Bool {
        !r.isZero && !s.isZero && r < Self.order && s <= Self.order >> 1
    }

    /// r, s and 27 or 28: the form of signed messages.
    package var messageBytes: [UInt8] {
        r.bigEndianBytes + s.bigEndianBytes + [yParity ? 28 : 27]
    }

    /// Nil unless there are 65 bytes of which the last is 27 or 28.
    package init?(messageBytes bytes: [UInt8]) {
        guard bytes.count == 65, bytes[64] == 27 || bytes[64] == 28,
            let r = UInt256(bigEndianBytes: bytes[0..<32]),
            let s = UInt256(bigEndianBytes: bytes[32..<64])
        else { return nil }
        self.init(r: r, s: s, yParity: bytes[64] == 28)
    }
}
