import KeeperCodec
import KeeperModel

@testable import VenueREST

/// What a venue sends, and what a request to it covers.
let wireDecoders: [FuzzMember] = [
    // The first byte says which channel was asked, and whether from the start.
    FuzzMember("venue-reply", seeds: { $0.venueReplies }) { bytes in
        guard let first = bytes.first else { return }
        let channel = channels[Int(first & 0x7F) % channels.count]
        _ = try FeedReading.read(
            channel, after: first & 0x80 == 0 ? nil : 1, Array(bytes.dropFirst()))
    },
    FuzzMember("close-document", seeds: { $0.closeDocuments }) { bytes in
        _ = try CloseDocument(jsonBytes: bytes)
    },
    FuzzMember("venue-problem", seeds: { _ in [problemSeed] }) { bytes in
        _ = try VenueProblemDocument(jsonBytes: bytes)
    },
    // Six lines: method, target, key, time, nonce, signature; then the body.
    FuzzMember("request-signing", seeds: { _ in [requestSeed] }) { bytes in
        let lines = bytes.split(
            separator: UInt8(ascii: "\n"), maxSplits: 6, omittingEmptySubsequences: false
        ).map { String(decoding: $0, as: UTF8.self) }
        guard lines.count == 7 else { return }
        sign(lines)
    },
]

/// In the order of the first byte of a seed; the seeds' own order is this one.
let channels: [FeedChannel] = [
    .description, .prices, .figures, .depth, .flashPools, .balances,
    .accounts(MarketID("lending")), .accounts(MarketID("margin")), .closes, .offers,
]

/// Whatever stands in the parts, a text has eight lines and headers say what they were made of.
private func sign(_ lines: [String]) {
    let values = [
        SignedHeaders.Name.key: lines[2], SignedHeaders.Name.timestamp: lines[3],
        SignedHeaders.Name.nonce: lines[4], SignedHeaders.Name.signature: lines[5],
    ]
    guard let signed = SignedHeaders(header: { values[$0] }) else { return }
    for (name, value) in signed.headers {
        precondition(values[name] == value, "a header has one spelling")
    }
    let text = RequestSigningText(
        method: lines[0], target: lines[1], body: Array(lines[6].utf8), fields: signed.fields)
    guard let text else { return }
    precondition(
        text.bytes.count { $0 == UInt8(ascii: "\n") } == 8, "no part adds a line to the text")
}

private let problemSeed = Array(
    #"{"code":"rate-limited","outcome":"none","retry":"later","detail":"slow down"}"#.utf8)

private let requestSeed = Array(
    """
    PUT
    /v1/markets/lending/closes/c1?x=1
    key-1
    1700000000000
    nonce-1
    \(String(repeating: "0f", count: SigningScheme.ed25519.signatureByteCount))
    {"clientId":"c1"}
    """.utf8)
