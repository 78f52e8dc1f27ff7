// Who signed this? The signature covers method, path, query and body; the timestamp must lie close
// to the real wall clock, never a scaled one; and a nonce is good once within that window.

import HTTPServing
import KeeperCodec
import KeeperModel
import KeeperSigner

struct RequestGate {
    static let windowMilliseconds: Int64 = 5_000
    /// More signed requests than this within one window are refused, so that memory has a bound.
    private static let noncesMax = 16_384

    private let keys: KeyRing
    /// Until when each nonce is remembered; afterwards its timestamp is stale anyway.
    private var nonces: [KeyedNonce: Int64] = [:]

    private struct KeyedNonce: Hashable {
        let keyID: String
        let nonce: String
    }

    init(keys: KeyRing) {
        self.keys = keys
    }

    /// The name of the keeper whose request this is, with a key that has the scope. `now` is real
    /// time.
    mutating func keeper(
        of request: HTTPRequest, for scope: KeyScope, now: Instant
    ) throws(VenueProblem) -> String {
        guard let signed = SignedHeaders(header: request.header) else {
            throw VenueProblem(.unsigned, "the four bailiff-… headers are missing or malformed")
        }
        let fields = signed.fields
        let grants = keys[fields.keyID]
        guard !grants.isEmpty else {
            throw VenueProblem(.unknownKey, "no key is called '\(fields.keyID)'")
        }
        let nowMilliseconds = now.nanoseconds / 1_000_000
        try checkWindow(fields.timestampMilliseconds, nowMilliseconds)
        let signers = grants.filter { $0.key.isSigned(request, signed) }
        guard !signers.isEmpty else {
            throw VenueProblem(
                .badSignature, "not a signature of this request by '\(fields.keyID)'")
        }
        // Behind the signature: who does not have the key learns nothing of its list.
        let admitted = signers.filter { $0.admits(request.peer) }
        guard !admitted.isEmpty else {
            let from = request.peer.map { " from \($0)" } ?? ""
            throw VenueProblem(
                .addressNotAllowed, "this key of '\(fields.keyID)' is not taken\(from)")
        }
        guard admitted.contains(where: { $0.scopes.contains(scope) }) else {
            throw VenueProblem(.scopeMissing, "this key of '\(fields.keyID)' has no \(scope) scope")
        }
        try spend(fields, nowMilliseconds)
        return fields.keyID
    }

    private func checkWindow(_ timestamp: Int64, _ now: Int64) throws(VenueProblem) {
        let (distance, overflowed) = timestamp.subtractingReportingOverflow(now)
        guard !overflowed, distance.magnitude <= Self.windowMilliseconds.magnitude else {
            throw VenueProblem(
                .staleTimestamp,
                "the request says \(timestamp), the venue \(now); the window is "
                    + "\(Self.windowMilliseconds) ms to either side")
        }
    }

    /// Only after the signature: a stranger can use up nobody's nonces.
    private mutating func spend(
        _ fields: RequestSignatureFields, _ now: Int64
    ) throws(VenueProblem) {
        let nonce = KeyedNonce(keyID: fields.keyID, nonce: fields.nonce)
        if let until = nonces[nonce], until >= now {
            throw VenueProblem(.nonceReused, "'\(fields.nonce)' was used already")
        }
        if nonces.count >= Self.noncesMax {
            nonces = nonces.filter { $0.value >= now }
        }
        guard nonces.count < Self.noncesMax else {
            throw VenueProblem(
                .tooManyRequests, "more than \(Self.noncesMax) signed requests within the window",
                headers: [HTTPField("Retry-After", "5")])
        }
        nonces[nonce] = fields.timestampMilliseconds + Self.windowMilliseconds
    }
}

extension KeyCredential {
    fileprivate func isSigned(_ request: HTTPRequest, _ headers: SignedHeaders) -> Bool {
        isSigned(
            headers, method: request.method.rawValue, target: request.target.raw,
            body: request.body)
    }
}

extension HTTPTarget {
    /// Path and query as they stood on the wire: what a signature covers.
    fileprivate var raw: String { rawQuery.isEmpty ? rawPath : rawPath + "?" + rawQuery }
}
