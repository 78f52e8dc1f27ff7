// Closes: what stands at a key stands there for good. The closes that are sent are of an account
// that no venue has, so they are refused and move nothing, also at a venue with real money.

import KeeperCodec
import KeeperModel
import KeeperTransport
import WideMath

extension ConformanceSuite {
    static let closes: [ConformanceCheck] = [
        ConformanceCheck(
            "look-up", "answers 404 for a key that it never saw", needsKey: true, lookUp),
        ConformanceCheck(
            "tombstone", "lets no close settle under a voided key", needsKey: true, tombstone),
        ConformanceCheck(
            "first-answer", "gives the same body the first answer again", needsKey: true,
            firstAnswer),
        ConformanceCheck(
            "other-body", "refuses another body under the same key with 422", needsKey: true,
            otherBody),
        ConformanceCheck(
            "one-key", "refuses a body that names another key than its path", needsKey: true,
            oneKey),
        ConformanceCheck(
            "refused-moves-nothing", "moves nothing for a close that it refuses", needsKey: true,
            refusedMovesNothing),
    ]

    private static func lookUp(_ probe: VenueProbe) throws {
        let path = "/v1/closes/\(probe.freshKey())"
        let code = try probe.refusal(
            try probe.signedGet(path), status: 404, of: "GET \(path), never sent")
        try require(code == "noSuchClose", "a key that was never seen is called '\(code)'")
    }

    private static func tombstone(_ probe: VenueProbe) throws {
        let key = probe.freshKey()
        let path = "/v1/closes/\(key)"
        for _ in 1...2 {
            try requireVoided(try probe.signedPut(path + "/void"), probe, "PUT \(path)/void")
        }
        try requireVoided(try probe.signedGet(path), probe, "GET \(path) after its void")
        let late = try probe.signedPut(path, try plan(key, probe).jsonBytes)
        try requireVoided(late, probe, "PUT \(path) after its void")
    }

    private static func requireVoided(
        _ reply: Reply, _ probe: VenueProbe, _ question: String
    ) throws {
        let answer = try answer(reply, probe, question)
        try require(
            answer["kind"] == .string("voided"), "\(question) is not voided: \(answer.text)")
    }

    private static func firstAnswer(_ probe: VenueProbe) throws {
        let key = probe.freshKey()
        let path = "/v1/closes/\(key)"
        let body = try plan(key, probe).jsonBytes
        let first = try probe.signedPut(path, body)
        let second = try probe.signedPut(path, body)
        let answers = [
            try answer(first, probe, "PUT \(path)"), try answer(second, probe, "PUT \(path) again"),
            try answer(try probe.signedGet(path), probe, "GET \(path)"),
        ]
        try require(
            answers[0]["kind"] == .string("refused"),
            "a close of nobody's account is not refused: \(answers[0].text)")
        try require(
            answers[1] == answers[0], "\(answers[1].text) follows \(answers[0].text)")
        try require(
            answers[2] == answers[0], "a look-up finds \(answers[2].text), not \(answers[0].text)")
        let mark = second.header("replayed") ?? "none"
        try require(mark == "true", "a repeated answer is marked Replayed: \(mark)")
        try require(first.header("replayed") == nil, "the first answer is marked as repeated")
    }

    private static func otherBody(_ probe: VenueProbe) throws {
        let key = probe.freshKey()
        let path = "/v1/closes/\(key)"
        let body = try plan(key, probe).jsonBytes
        let first = try answer(try probe.signedPut(path, body), probe, "PUT \(path)")
        let code = try probe.refusal(
            try probe.signedPut(path, body + [0x20]), status: 422,
            of: "PUT \(path) with another body")
        try require(code == "keyReused", "a key that is taken is called '\(code)'")
        let later = try answer(try probe.signedGet(path), probe, "GET \(path)")
        try require(later == first, "the other body changed what stands at the key")
    }

    private static func oneKey(_ probe: VenueProbe) throws {
        let path = "/v1/closes/\(probe.freshKey())"
        let body = try plan(probe.freshKey(), probe).jsonBytes
        try probe.refusal(
            try probe.signedPut(path, body), status: 400, of: "PUT \(path) with another key inside")
    }

    private static func refusedMovesNothing(_ probe: VenueProbe) throws {
        let key = probe.freshKey()
        let before = try balances(probe)
        _ = try probe.signedPut("/v1/closes/\(key)", try plan(key, probe).jsonBytes)
        try require(try balances(probe) == before, "balances moved with a refused close")
    }

    // MARK: Parts

    private static func balances(_ probe: VenueProbe) throws -> [AssetAmount] {
        let path = "/v1/balances"
        var document = try probe.document(try probe.signedGet(path), of: "GET \(path)")
        return try document.value("balances")
    }

    private static func answer(
        _ reply: Reply, _ probe: VenueProbe, _ question: String
    ) throws -> JSONValue {
        var document = try probe.document(reply, of: question)
        return try document.required("answer").value
    }

    private static func plan(_ key: ClientID, _ probe: VenueProbe) throws -> ClosePlan {
        var document = try probe.document(at: "/v1/capabilities")
        let venue: VenueDescription = try document.value("venue")
        guard let market = venue.markets.first, let asset = venue.assets.first?.asset else {
            throw Departure("there is no market, or no asset")
        }
        return ClosePlan(
            clientID: key,
            target: Target(
                domain: DomainID("conformance"), market: market.market,
                account: AccountID("conformance-nobody")),
            accountVersion: 1,
            action: .lending(
                LendingClose(
                    repayAsset: venue.quote.asset, repayAmountMax: .one, seizeAsset: asset,
                    seizeAmountMin: .one, funding: .inventory, exit: .hold)),
            validUntilHeight: try document.uint64("height") + 1_000)
    }
}

extension JSONValue {
    fileprivate var text: String { String(decoding: canonicalBytes.prefix(200), as: UTF8.self) }
}
