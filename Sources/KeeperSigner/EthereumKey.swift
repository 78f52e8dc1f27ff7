// A key on the curve secp256k1 that signs digests. Like the other key it cannot be printed,
// compared or copied out of here.

import CSecp256k1
package import KeeperCodec
import WideMath

package final class EthereumKey {
    package static let secretByteCount = 32

    /// 65 bytes: 4, x and y.
    package let publicKey: [UInt8]
    package let address: EthereumAddress
    private let secret: SecretBytes
    private let context: OpaquePointer

    /// Nil unless there are 32 bytes that are a key: not zero, and below the order of the group.
    /// The bytes given stay the caller's to wipe.
    package convenience init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.secretByteCount else { return nil }
        let secret = SecretBytes(count: bytes.count)
        secret.withBytes { $0.copyBytes(from: bytes) }
        self.init(secret: secret)
    }

    init?(secret: SecretBytes) {
        let context = Secp256k1.makeBlindedContext()
        guard let publicKey = secret.withBytes({ Secp256k1.publicKey(of: $0, context) }),
            let address = EthereumAddress(publicKey: publicKey)
        else {
            secp256k1_context_destroy(context)
            return nil
        }
        self.secret = secret
        self.context = context
        self.publicKey = publicKey
        self.address = address
    }

    deinit { secp256k1_context_destroy(context) }

    /// The same digest always gets the same signature (RFC 6979), the one with the small s.
    package func sign(digest: [UInt8]) -> EthereumSignature {
        precondition(digest.count == 32, "A digest has 32 bytes")
        Secp256k1.blind(context)
        var signature = secp256k1_ecdsa_recoverable_signature()
        let code = secret.withBytes { bytes in
            secp256k1_ecdsa_sign_recoverable(
                context, &signature, digest, Secp256k1.start(of: bytes), nil, nil)
        }
        precondition(code == 1, "secp256k1_ecdsa_sign_recoverable signs with a valid key")
        return Secp256k1.signature(of: signature, context)
    }
}

/// Whoever prints, dumps or interpolates a key gets these words.
extension EthereumKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "EthereumKey(not shown)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension EthereumSignature {
    /// Who signed the digest; nil where nobody can have.
    package func signer(of digest: [UInt8]) -> EthereumAddress? {
        precondition(digest.count == 32, "A digest has 32 bytes")
        guard var parsed = Secp256k1.parsed(self) else { return nil }
        var point = secp256k1_pubkey()
        let code = secp256k1_ecdsa_recover(csecp256k1_static_context(), &point, &parsed, digest)
        guard code == 1 else { return nil }
        return EthereumAddress(
            publicKey: Secp256k1.bytes(of: &point, csecp256k1_static_context()))
    }
}
