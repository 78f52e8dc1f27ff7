// The few calls of libsecp256k1 that signing needs. A code other than success is a bug, unless the
// caller says that it is an answer.

import CSecp256k1
import KeeperCodec
import WideMath

enum Secp256k1 {
    private static let publicKeyByteCount = 65

    /// A context whose arithmetic starts at a random point, so that its timing tells nothing of
    /// keys.
    static func makeBlindedContext() -> OpaquePointer {
        guard let context = secp256k1_context_create(UInt32(SECP256K1_CONTEXT_NONE)) else {
            preconditionFailure("libsecp256k1 makes a context or aborts")
        }
        blind(context)
        return context
    }

    static func blind(_ context: OpaquePointer) {
        let seed = SecretBytes(count: 32)
        let code = seed.withBytes { bytes in
            Botan.fillRandom(bytes)
            return secp256k1_context_randomize(context, start(of: bytes))
        }
        precondition(code == 1, "secp256k1_context_randomize takes any 32 bytes")
    }

    static func start(of bytes: UnsafeMutableRawBufferPointer) -> UnsafePointer<UInt8> {
        guard let start = bytes.baseAddress else {
            preconditionFailure("Secrets have a place in memory")
        }
        return UnsafePointer(start.assumingMemoryBound(to: UInt8.self))
    }

    /// Nil for bytes that are no secret key.
    static func publicKey(
        of secret: UnsafeMutableRawBufferPointer, _ context: OpaquePointer
    ) -> [UInt8]? {
        var point = secp256k1_pubkey()
        guard secp256k1_ec_pubkey_create(context, &point, start(of: secret)) == 1 else {
            return nil
        }
        return bytes(of: &point, context)
    }

    static func bytes(of point: inout secp256k1_pubkey, _ context: OpaquePointer) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: publicKeyByteCount)
        var count = bytes.count
        let code = secp256k1_ec_pubkey_serialize(
            context, &bytes, &count, &point, UInt32(SECP256K1_EC_UNCOMPRESSED))
        precondition(code == 1 && count == bytes.count, "An uncompressed key has 65 bytes")
        return bytes
    }

    static func signature(
        of signature: secp256k1_ecdsa_recoverable_signature, _ context: OpaquePointer
    ) -> EthereumSignature {
        var signature = signature
        var bytes = [UInt8](repeating: 0, count: 64)
        var recovery: Int32 = 0
        let code = secp256k1_ecdsa_recoverable_signature_serialize_compact(
            context, &bytes, &recovery, &signature)
        // An r above the order, which 2 and 3 stand for, is as likely as guessing a key.
        precondition(code == 1 && recovery < 2, "A signature has a parity")
        guard let r = UInt256(bigEndianBytes: bytes[..<32]),
            let s = UInt256(bigEndianBytes: bytes[32...])
        else { preconditionFailure("Thirty-two bytes are 256 bits") }
        return EthereumSignature(r: r, s: s, yParity: recovery == 1)
    }

    /// Nil for numbers that no signature has.
    static func parsed(
        _ signature: EthereumSignature
    ) -> secp256k1_ecdsa_recoverable_signature? {
        var parsed = secp256k1_ecdsa_recoverable_signature()
        let bytes = signature.r.bigEndianBytes + signature.s.bigEndianBytes
        let code = secp256k1_ecdsa_recoverable_signature_parse_compact(
            csecp256k1_static_context(), &parsed, bytes, signature.yParity ? 1 : 0)
        return code == 1 ? parsed : nil
    }
}
