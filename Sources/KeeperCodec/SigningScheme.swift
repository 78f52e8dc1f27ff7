/// How a request is signed. The text is the same, and so are the headers.
package enum SigningScheme: String, Hashable, Sendable, CaseIterable {
    case ed25519
    /// By a secret that the venue has too.
    case hmacSHA256 = "hmac-sha256"

    package var signatureByteCount: Int {
        switch self {
        case .ed25519: 64
        case .hmacSHA256: 32
        }
    }
}
