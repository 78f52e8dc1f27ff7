import KeeperCodec
import KeeperModel
import Testing
import VenueWriters

/// Every end that a request can have, and what it says about the close.
@Suite struct CloseReadingTests {
    private static let key = ClientID("k1")
    private static let receipt = CloseReceipt(
        clientID: key, fillID: "fill-1", height: 7, settledAt: Instant(milliseconds: 1),
        movements: [], settlements: [])
    private static let healthy = Refusal(.healthy, detail: "above the line")

    private static func document(_ answer: CloseAnswer, of clientID: ClientID = key) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("height", UInt64(9))
        json.member("newToUs", true)
        json.member("clientId", clientID)
        json.member("answer", answer)
        json.endObject()
        return json.finish()
    }

    private static func problem(
        _ code: String, outcome: String = "none", retry: String = "never"
    ) -> [UInt8] {
        Array(#"{"code":"\#(code)","outcome":"\#(outcome)","retry":"\#(retry)"}"#.utf8)
    }

    private static func read(
        _ status: UInt16, _ body: [UInt8], _ call: CloseCall
    ) -> CloseAnswer {
        CloseReading(.reply(status: status, body: body), to: call, about: key).answer
    }

    @Test(arguments: [
        CloseCall.submit(mayBeOutThere: false), .submit(mayBeOutThere: true), .lookUp, .void,
    ])
    func `what stands at the key is the answer to every call`(call: CloseCall) {
        for answer in [CloseAnswer.settled(Self.receipt), .refused(Self.healthy), .voided] {
            let reading = CloseReading(
                .reply(status: 200, body: Self.document(answer)), to: call, about: Self.key)
            #expect(reading.answer == answer)
            #expect(reading.height == 9)
        }
    }

    @Test(
        arguments: [
            (400, RefusalClass.malformed), (401, .unauthorised), (403, .unauthorised),
            (422, .keyReused), (429, .rateLimited), (413, .malformed),
        ] as [(UInt16, RefusalClass)])
    func `the first attempt takes a refusal at its word`(
        status: UInt16, refusalClass: RefusalClass
    ) {
        let first = Self.read(status, Self.problem("any"), .submit(mayBeOutThere: false))
        guard case .refused(let refusal) = first else {
            Issue.record("\(status) is refused, not \(first)")
            return
        }
        #expect(refusal.refusalClass == refusalClass)
    }

    /// An earlier attempt may still settle, whatever the venue thinks of this one.
    @Test(arguments: [400, 401, 403, 429] as [UInt16])
    func `a later attempt does not`(status: UInt16) {
        let body = Self.problem("any")
        #expect(Self.read(status, body, .submit(mayBeOutThere: true)).isUnknown)
        #expect(Self.read(status, body, .lookUp).isUnknown)
        #expect(Self.read(status, body, .void).isUnknown)
    }

    @Test func `only the venue's own word says that there is no such close`() {
        let body = Self.problem("noSuchClose")
        #expect(Self.read(404, body, .lookUp) == .notFound)
        #expect(Self.read(404, Self.problem("noSuchPath"), .lookUp).isUnknown)
        #expect(Self.read(404, Array("<html>".utf8), .lookUp).isUnknown)
        #expect(Self.read(404, body, .void).isUnknown)
    }

    @Test(
        arguments: [
            (409, problem("inProgress")), (500, problem("any")), (502, Array("bad gateway".utf8)),
            (503, problem("any")), (401, Array("".utf8)), (401, problem("any", outcome: "unknown")),
            (401, problem("nonceReused", retry: "same")), (401, problem("any", retry: "perhaps")),
            (429, problem("any", outcome: "applied")), (400, problem("any", outcome: "perhaps")),
            (204, []), (302, []), (200, []), (200, Array("{}".utf8)),
            (200, document(.notFound)), (200, document(.unknown(evidence: "?"))),
            (200, document(.voided, of: ClientID("other"))),
            (200, document(.settled(receipt), of: ClientID("other"))),
        ] as [(UInt16, [UInt8])])
    func `everything else is unknown`(status: UInt16, body: [UInt8]) {
        #expect(Self.read(status, body, .submit(mayBeOutThere: false)).isUnknown)
    }

    @Test func `a receipt of another close is no receipt`() {
        let other = CloseReceipt(
            clientID: ClientID("other"), fillID: "f", height: 1,
            settledAt: Instant(milliseconds: 1),
            movements: [], settlements: [])
        #expect(Self.read(200, Self.document(.settled(other)), .lookUp).isUnknown)
    }

    @Test func `silence is unknown and keeps its evidence`() {
        let reading = CloseReading(
            .failure(reason: "venue: timedOut"), to: .submit(mayBeOutThere: false), about: Self.key)
        #expect(reading.answer == .unknown(evidence: "venue: timedOut"))
        #expect(reading.height == 0)
    }
}

extension CloseAnswer {
    fileprivate var isUnknown: Bool {
        if case .unknown = self { true } else { false }
    }
}
