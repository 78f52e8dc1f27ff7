// A secret that a keeper shares with its venue, for venues whose house uses HMAC-SHA256. Whoever
// checks such a tag could have made it: it proves nothing to a third party, as a key of one side
// does.

import CBotan

package final class SharedSecret {
    package static let byteCount = 32
    package static let tagByteCount = 32

    private let secret: SecretBytes

    init(_ secret: SecretBytes) {
        precondition(secret.count == Self.byteCount, "A shared secret has 32 bytes")
        self.secret = secret
    }

    /// A new one, for whoever hands it to both sides at once.
    package static func drawn() -> SharedSecret {
        let secret = SecretBytes(count: byteCount)
        secret.withBytes { Botan.fillRandom($0) }
        return SharedSecret(secret)
    }

    /// HMAC-SHA256 (RFC 2104): 32 bytes, always the same of the same bytes.
    package func tag(_ bytes: [UInt8]) -> [UInt8] {
        var operation: botan_mac_t?
        Botan.check(botan_mac_init(&operation, "HMAC(SHA-256)", 0), "botan_mac_init")
        defer { botan_mac_destroy(operation) }
        let code = secret.withBytes { raw in
            botan_mac_set_key(
                operation, raw.baseAddress?.assumingMemoryBound(to: UInt8.self), raw.count)
        }
        Botan.check(code, "botan_mac_set_key")
        Botan.check(botan_mac_update(operation, bytes, bytes.count), "botan_mac_update")
        var tag = [UInt8](repeating: 0, count: Self.tagByteCount)
        Botan.check(botan_mac_final(operation, &tag), "botan_mac_final")
        return tag
    }

    /// In a time that says nothing of where the two differ.
    package func isTag(_ tag: [UInt8], of bytes: [UInt8]) -> Bool {
        guard tag.count == Self.tagByteCount else { return false }
        return botan_constant_time_compare(tag, self.tag(bytes), tag.count) == 0
    }
}

/// Two are the same where they make the same tags.
extension SharedSecret: Hashable {
    private var mark: [UInt8] { tag(Array("bailiff-same-secret".utf8)) }

    package static func == (left: SharedSecret, right: SharedSecret) -> Bool {
        left === right || left.mark == right.mark
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(mark) }
}

/// Whoever prints, dumps or interpolates a secret gets these words.
extension SharedSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "SharedSecret(not shown)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
