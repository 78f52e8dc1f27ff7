// What a signature of a venue request covers, and the headers that carry it. Whoever signs and
// whoever checks build the same bytes here; this room knows no keys.

import KeeperModel

/// Eight lines, each ending in a newline: a fixed first line so that the signature fits nothing
/// else, then method, path and query as they stand on the wire, the body's SHA-256, the time, the
/// nonce and the key's name.
package struct RequestSigningText: Hashable, Sendable {
    package static let firstLine = "bailiff-request-1"

    package let bytes: [UInt8]

    /// Nil when a part contains a line break: two different requests must never share a text.
    package init?(
        method: String, target: String, body: [UInt8], fields: RequestSignatureFields
    ) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts.first.map(String.init) ?? ""
        let query = parts.count > 1 ? String(parts[1]) : ""
        let lines = [
            Self.firstLine, method, path, query, Hex.encode(SHA256.hash(body)),
            String(fields.timestampMilliseconds), fields.nonce, fields.keyID,
        ]
        guard lines.allSatisfy({ line in line.utf8.allSatisfy { $0 >= 0x20 } }) else { return nil }
        bytes = Array(lines.map { $0 + "\n" }.joined().utf8)
    }
}

/// The parts of a signed request that its headers name.
package struct RequestSignatureFields: Hashable, Sendable {
    package let keyID: String
    /// UTC; the venue compares it with its own wall clock.
    package let timestampMilliseconds: Int64
    /// Once per key within the venue's window.
    package let nonce: String

    /// Nil unless key name and nonce are 1 to 64 of `A-Z a-z 0-9 . _ -`.
    package init?(keyID: String, timestampMilliseconds: Int64, nonce: String) {
        guard isWellFormedIdentifier(keyID), isWellFormedIdentifier(nonce) else { return nil }
        self.keyID = keyID
        self.timestampMilliseconds = timestampMilliseconds
        self.nonce = nonce
    }
}

/// Fields and signature as headers.
package struct SignedHeaders: Hashable, Sendable {
    package let fields: RequestSignatureFields
    package let signature: [UInt8]

    package init(fields: RequestSignatureFields, signature: [UInt8]) {
        precondition(
            SigningScheme.allCases.contains { $0.signatureByteCount == signature.count },
            "A signature has the bytes of its scheme")
        self.fields = fields
        self.signature = signature
    }

    /// From outside: all four headers, each in its only spelling, or nil.
    package init?(header: (String) -> String?) {
        guard let keyID = header(Name.key), let nonce = header(Name.nonce),
            let time = header(Name.timestamp), let milliseconds = Int64(time),
            String(milliseconds) == time,
            let fields = RequestSignatureFields(
                keyID: keyID, timestampMilliseconds: milliseconds, nonce: nonce),
            let hex = header(Name.signature), let signature = Self.signature(hex)
        else { return nil }
        self.fields = fields
        self.signature = signature
    }

    package var headers: [(name: String, value: String)] {
        [
            (Name.key, fields.keyID),
            (Name.timestamp, String(fields.timestampMilliseconds)),
            (Name.nonce, fields.nonce),
            (Name.signature, Hex.encode(signature)),
        ]
    }

    private static func signature(_ hex: String) -> [UInt8]? {
        guard
            // Why it is not a signature does not matter to anybody but the one who made it.
            let bytes = try? Hex.decode(hex, prefix: .forbidden), Hex.encode(bytes) == hex,
            SigningScheme.allCases.contains(where: { $0.signatureByteCount == bytes.count })
        else { return nil }
        return bytes
    }

    package enum Name {
        package static let key = "bailiff-key"
        package static let timestamp = "bailiff-timestamp"
        package static let nonce = "bailiff-nonce"
        package static let signature = "bailiff-signature"
    }
}
