// Signs the requests of one venue with one key, or with a secret that both have.

package import KeeperCodec
package import KeeperModel

package struct RequestSigner {
    private let makeSignature: ([UInt8]) -> [UInt8]
    private let keyID: String

    /// Nil unless the key's name is 1 to 64 of `A-Z a-z 0-9 . _ -`.
    package init?(key: SigningKey, keyID: String) {
        self.init(keyID) { key.sign($0) }
    }

    /// For a venue that has the same secret.
    package init?(secret: SharedSecret, keyID: String) {
        self.init(keyID) { secret.tag($0) }
    }

    private init?(_ keyID: String, _ makeSignature: @escaping ([UInt8]) -> [UInt8]) {
        guard isWellFormedIdentifier(keyID) else { return nil }
        self.makeSignature = makeSignature
        self.keyID = keyID
    }

    /// By whatever the file holds.
    package init?(
        _ scheme: SigningScheme, file: String, isCredential: Bool = false, keyID: String
    ) throws(KeyFileProblem) {
        switch scheme {
        case .ed25519:
            self.init(key: try KeyFile.read(file, isCredential: isCredential), keyID: keyID)
        case .hmacSHA256:
            self.init(
                secret: try KeyFile.readSecret(file, isCredential: isCredential), keyID: keyID)
        }
    }

    /// The target is path and query as they will stand on the wire; nil when the request cannot be
    /// written as a signing text. `time` is the real wall clock's, never a scaled one's.
    package func sign(
        method: String, target: String, body: [UInt8], at time: Instant
    ) -> SignedHeaders? {
        guard
            let fields = RequestSignatureFields(
                keyID: keyID, timestampMilliseconds: time.nanoseconds / 1_000_000,
                nonce: RequestSigner.freshNonce()),
            let text = RequestSigningText(
                method: method, target: target, body: body, fields: fields)
        else { return nil }
        return SignedHeaders(fields: fields, signature: makeSignature(text.bytes))
    }

    /// 128 random bits: never the same twice, also after a restart.
    private static func freshNonce() -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        bytes.withUnsafeMutableBytes { Botan.fillRandom($0) }
        return Hex.encode(bytes)
    }
}
