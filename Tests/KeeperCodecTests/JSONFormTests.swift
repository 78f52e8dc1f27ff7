import Foundation
import KeeperCodec
import KeeperModel
import Testing
import WideMath

@Suite struct JSONFormTests {
    @Test(arguments: ModelSamples.eventBodies)
    func `every event comes back equal and is written as the same bytes`(body: EventBody) throws {
        let event = Event(
            sequence: .max, domain: DomainID("venue"), receivedAt: Instant.believable.upperBound,
            height: .max, body: body, moreFollows: body.kind.count.isMultiple(of: 2))
        let bytes = event.jsonBytes
        let read = try Event(jsonBytes: bytes)
        #expect(read == event)
        #expect(read.jsonBytes == bytes)
    }

    @Test func `the samples hold every kind of event`() {
        #expect(Set(ModelSamples.eventBodies.map(\.kind)).count == 30)
    }

    /// Or the distance to it would not fit, which is a trap and no error.
    @Test(arguments: ["9223372036854775807", "-9223372036854775808", "4611686018427387904"])
    func `row 16: a time that nobody lives in is refused`(nanoseconds: String) {
        let update = PriceUpdate(
            asset: AssetID("ETH"), kind: .eligible, price: .one, round: 1,
            sourceAt: Instant(nanoseconds: 77))
        let event = Event(
            sequence: 1, domain: DomainID("venue"), receivedAt: Instant(nanoseconds: 1), height: 1,
            body: .pricesPublished([update]))
        let text = String(decoding: event.jsonBytes, as: UTF8.self)
        let spoilt = Array(text.replacing(#""77""#, with: "\"\(nanoseconds)\"").utf8)
        #expect(throws: JSONFormError.self) { try Event(jsonBytes: spoilt) }
        #expect(PriceEventText.event(in: spoilt) == nil)
    }

    @Test(arguments: HostedSamples.offers)
    func `every offer comes back equal, and one with a word too many not at all`(
        offers: MarketOffers
    ) throws {
        #expect(try MarketOffers(jsonBytes: offers.jsonBytes) == offers)
        let text = String(decoding: offers.jsonBytes, as: UTF8.self)
        for (part, other) in [
            (#""version":"#, #""account":"b","version":"#), (#""sell""#, #""buy""#),
            (#""market":"hidden","version""#, #""market":"else","version""#),
        ] {
            try #require(text.contains(part))
            #expect(throws: JSONFormError.self) {
                try MarketOffers(jsonBytes: Array(text.replacing(part, with: other).utf8))
            }
        }
    }

    @Test(arguments: ModelSamples.endings)
    func `every ending comes back equal`(ending: IntentEnding) throws {
        #expect(try IntentEnding(jsonBytes: ending.jsonBytes) == ending)
    }

    @Test(arguments: ModelSamples.verdicts)
    func `every decision comes back equal`(verdict: Verdict) throws {
        let decision = Decision(
            sequence: 3, decidedAt: Instant(nanoseconds: 4), height: 5, target: ModelSamples.target,
            accountVersion: 6, verdict: verdict, facts: [DecisionFact("health", "0.99")])
        #expect(try Decision(jsonBytes: decision.jsonBytes) == decision)
    }

    /// The bytes themselves, once: recordings of one release are read by the next.
    @Test func `the form of an event does not change`() {
        let event = Event(
            sequence: 1, domain: DomainID("venue"), receivedAt: Instant(nanoseconds: 2), height: 3,
            body: .accountsChanged(
                MarketID("m"), changed: [ModelSamples.marginAccount], removed: [AccountID("x")]))
        #expect(
            String(decoding: event.jsonBytes, as: UTF8.self)
                == #"{"sequence":1,"domain":"venue","receivedAt":"2","height":3,"body":"#
                + #"{"kind":"accountsChanged","market":"m","changed":[{"account":"b","version":0,"#
                + #""position":{"kind":"margin","side":"short","lots":"9223372036854775807","#
                + #""entryPrice":"1","marginUnits":"-9223372036854775808"}}],"removed":["x"]}}"#)
    }

    @Test(
        arguments: [
            ("{}", "sequence: missing"),
            (
                #"{"sequence":1,"domain":"a b","receivedAt":"1","height":1,"body":{}}"#,
                #"domain: expected 1 to 64 of A-Z a-z 0-9 . _ -, found "a b""#
            ),
            (
                #"{"sequence":1,"domain":"d","receivedAt":1,"height":1,"body":{}}"#,
                "receivedAt: expected an integer of 64 bits in quotes, found 1"
            ),
            (
                #"{"sequence":1,"domain":"d","receivedAt":"1","height":1,"body":{"kind":"x"}}"#,
                #"body.kind: expected a known kind of event, found "x""#
            ),
            (
                #"{"sequence":1,"domain":"d","receivedAt":"1","height":1,"#
                    + #""body":{"kind":"drainRequested","isOn":true}}"#, "body.isOn: unknown key"
            ),
            ("[", "line 1, column 2: the text ends where ',' or ']' is expected"),
        ])
    func `what is no event is refused with its place`(text: String, expected: String) throws {
        let error = try #require(throws: JSONFormError.self) {
            try Event(jsonBytes: Array(text.utf8))
        }
        #expect(error.description == expected)
    }
}

@Suite struct SettlementPolicyFormTests {
    static let law = sharedData + "/spec/settlement.md"

    @Test(arguments: [ModelSamples.policy, ModelSamples.barePolicy])
    func `a policy comes back equal`(policy: SettlementPolicy) throws {
        #expect(try SettlementPolicy(jsonBytes: policy.jsonBytes) == policy)
    }

    @Test func `bare integers are taken too`() throws {
        let quoted = String(decoding: ModelSamples.barePolicy.jsonBytes, as: UTF8.self)
        let bare = quoted.replacing(/"(\d+)"/) { $0.output.1 }
        #expect(bare != quoted)
        #expect(try SettlementPolicy(jsonBytes: Array(bare.utf8)) == ModelSamples.barePolicy)
    }

    /// The three policies printed in section 11 of the law; nothing to do where it is absent.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: law)))
    func `the examples of the law are read and written as they stand`() throws {
        let text = try String(contentsOfFile: Self.law, encoding: .utf8)
        let section = try #require(text.range(of: "## 11. Policies"))
        let start = try #require(text[section.upperBound...].range(of: "```json\n"))
        let end = try #require(text[start.upperBound...].range(of: "```"))
        let bytes = Array(text[start.upperBound..<end.lowerBound].utf8)
        let policies = try [SettlementPolicy](jsonBytes: bytes)
        #expect(policies.map(\.name) == ["fund-takes-all", "bonus-and-refund", "community"])
        #expect(policies.jsonBytes == (try JSONValue.parse(bytes)).canonicalBytes)
    }
}
