// Who may ask: signatures, their window, nonces, and how much.

import KeeperCodec
import KeeperModel
import KeeperTransport

extension ConformanceSuite {
    static let access: [ConformanceCheck] = [
        ConformanceCheck(
            "unsigned", "refuses with 401 what must be signed and is not", needsKey: true,
            unsigned),
        ConformanceCheck(
            "signature", "refuses a signature of something else", needsKey: true, signature),
        ConformanceCheck(
            "timestamp", "refuses a signature from outside its window", needsKey: true, timestamp),
        ConformanceCheck("nonce", "takes a nonce once", needsKey: true, nonce),
        ConformanceCheck(
            "rate-limits", "says what is left in a bucket for reads and one for writes",
            needsKey: true, rateLimits),
    ]

    private static let balances = "/v1/balances"

    private static func unsigned(_ probe: VenueProbe) throws {
        let read = try probe.get(balances)
        try probe.refusal(read, status: 401, of: "GET \(balances) without a signature")
        let path = "/v1/closes/\(probe.freshKey())/void"
        let write = try probe.put(path, [], signedBy: [])
        try probe.refusal(write, status: 401, of: "PUT \(path) without a signature")
    }

    private static func signature(_ probe: VenueProbe) throws {
        let headers = try probe.signature("GET", "/v1/closes/other")
        try probe.refusal(
            try probe.get(balances, signedBy: headers), status: 401,
            of: "GET \(balances) with another path's signature")
        let path = "/v1/closes/\(probe.freshKey())"
        let body = Array("{}".utf8)
        let write = try probe.put(
            path, body, signedBy: try probe.signature("PUT", path, body + [0x20]))
        try probe.refusal(write, status: 401, of: "PUT \(path) with another body's signature")
    }

    private static func timestamp(_ probe: VenueProbe) throws {
        for seconds: Int64 in [-60, 60] {
            let headers = try probe.signature("GET", balances, shiftedBy: .seconds(seconds))
            try probe.refusal(
                try probe.get(balances, signedBy: headers), status: 401,
                of: "GET \(balances) signed \(seconds) s from now")
        }
    }

    private static func nonce(_ probe: VenueProbe) throws {
        let headers = try probe.signature("GET", balances)
        let first = try probe.get(balances, signedBy: headers)
        var document = try probe.document(first, of: "GET \(balances)")
        let own: [AssetAmount] = try document.value("balances")
        try require(Set(own.map(\.asset)).count == own.count, "an asset has two balances")
        try probe.refusal(
            try probe.get(balances, signedBy: headers), status: 401,
            of: "GET \(balances) with a nonce that was used")
    }

    private static func rateLimits(_ probe: VenueProbe) throws {
        let read = try probe.signedGet(balances)
        let write = try probe.signedPut("/v1/closes/\(probe.freshKey())/void")
        for (reply, question) in [(read, "GET \(balances)"), (write, "PUT …/void")] {
            for name in ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"] {
                let value = reply.header(name).flatMap { UInt64($0) }
                try require(value != nil, "\(question) has no number in \(name)")
            }
        }
        let policies = [read, write].map { $0.header("ratelimit-policy") ?? "none" }
        try require(policies[0] != policies[1], "reads and writes share the bucket \(policies[0])")
    }
}
