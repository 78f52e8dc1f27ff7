// An Ed25519 public key: what a venue keeps of each of its users, and a keeper of each venue.

import CBotan
package import KeeperCodec

package struct VerifyingKey: Hashable, Sendable {
    package static let byteCount = 32

    package let bytes: [UInt8]

    /// Nil unless there are 32 bytes.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// False for everything that is not this key's signature of these bytes, whatever is wrong.
    package func isSignature(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        guard signature.count == SigningScheme.ed25519.signatureByteCount else { return false }
        var key: botan_pubkey_t?
        // Not every 32 bytes are a point of the curve; such a key has no signatures.
        guard botan_pubkey_load_ed25519(&key, bytes) == 0 else { return false }
        defer { botan_pubkey_destroy(key) }
        var operation: botan_pk_op_verify_t?
        Botan.check(
            botan_pk_op_verify_create(&operation, key, "Pure", 0), "botan_pk_op_verify_create")
        defer { botan_pk_op_verify_destroy(operation) }
        Botan.check(
            botan_pk_op_verify_update(operation, message, message.count),
            "botan_pk_op_verify_update")
        return botan_pk_op_verify_finish(operation, signature, signature.count) == 0
    }

    /// Whether the headers sign this request. Time window and nonce are the venue's to judge.
    package func isSigned(
        _ headers: SignedHeaders, method: String, target: String, body: [UInt8]
    ) -> Bool {
        guard
            let text = RequestSigningText(
                method: method, target: target, body: body, fields: headers.fields)
        else { return false }
        return isSignature(headers.signature, of: text.bytes)
    }
}

extension VerifyingKey: CustomStringConvertible {
    package var description: String { Hex.encode(bytes) }
}
