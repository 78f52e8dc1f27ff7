// An Ed25519 key that signs. It cannot be printed, compared or copied out of here: everything that
// leaves is a public key or a signature.

import CBotan

package final class SigningKey {
    package static let seedByteCount = 32

    package let publicKey: VerifyingKey
    private let key: botan_privkey_t
    private let generator: botan_rng_t

    /// The seed is the secret of RFC 8032: 32 bytes, any value.
    init(seed: SecretBytes) {
        precondition(seed.count == Self.seedByteCount, "An Ed25519 seed has 32 bytes")
        var key: botan_privkey_t?
        let code = seed.withBytes { bytes in
            botan_privkey_load_ed25519(&key, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
        }
        Botan.check(code, "botan_privkey_load_ed25519")
        var generator: botan_rng_t?
        Botan.check(botan_rng_init(&generator, "system"), "botan_rng_init")
        guard let key, let generator else {
            preconditionFailure("Botan returns what it says it made")
        }
        self.key = key
        self.generator = generator
        publicKey = SigningKey.publicKey(of: key)
    }

    /// A new one, which is gone with the process.
    package static func drawn() -> SigningKey {
        let seed = SecretBytes(count: seedByteCount)
        seed.withBytes { Botan.fillRandom($0) }
        return SigningKey(seed: seed)
    }

    deinit {
        botan_privkey_destroy(key)
        botan_rng_destroy(generator)
    }

    /// 64 bytes. The same bytes always get the same signature.
    package func sign(_ bytes: [UInt8]) -> [UInt8] {
        var operation: botan_pk_op_sign_t?
        Botan.check(
            botan_pk_op_sign_create(&operation, key, "Pure", 0), "botan_pk_op_sign_create")
        defer { botan_pk_op_sign_destroy(operation) }
        Botan.check(
            botan_pk_op_sign_update(operation, bytes, bytes.count), "botan_pk_op_sign_update")
        var signature = [UInt8](repeating: 0, count: 64)
        var count = signature.count
        Botan.check(
            botan_pk_op_sign_finish(operation, generator, &signature, &count),
            "botan_pk_op_sign_finish")
        precondition(count == signature.count, "An Ed25519 signature has 64 bytes")
        return signature
    }

    private static func publicKey(of key: botan_privkey_t) -> VerifyingKey {
        var exported: botan_pubkey_t?
        Botan.check(botan_privkey_export_pubkey(&exported, key), "botan_privkey_export_pubkey")
        defer { botan_pubkey_destroy(exported) }
        var bytes = [UInt8](repeating: 0, count: VerifyingKey.byteCount)
        Botan.check(
            botan_pubkey_ed25519_get_pubkey(exported, &bytes), "botan_pubkey_ed25519_get_pubkey")
        guard let publicKey = VerifyingKey(bytes) else {
            preconditionFailure("A public key that Botan made is one")
        }
        return publicKey
    }
}

/// Whoever prints, dumps or interpolates a key gets these words.
extension SigningKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "SigningKey(not shown)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
