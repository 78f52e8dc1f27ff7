import KeeperCodec
import KeeperModel
import KeeperSigner
import LiquidationRules
import Testing
import VenueWriters
import WideMath

/// A receipt is believed where the venue's own key stands for each of its settlements.
@Suite struct SettlementTrustTests {
    private static let key = ClientID("k1")

    private static let records: [SettlementRecord] = {
        var previous = SettlementRecord.noPreviousHash
        return (1...2).map { id in
            let record = SettlementRecord(
                id: UInt64(id), revision: 0, previousHash: previous, policyName: "p",
                policyVersion: 1, height: 7, account: "a", keeper: "me", facts: [],
                lines: [
                    SettlementLine(beneficiary: "keeper", amountUnits: 5, reason: "penalty"),
                    SettlementLine(beneficiary: "account", amountUnits: -5, reason: "penalty"),
                ])
            previous = record.hash
            return record
        }
    }()

    private static func signatures(by signer: SigningKey) -> [[UInt8]] {
        records.map { signer.sign(SettlementSigningText.bytes(hash: $0.hash)) }
    }

    private static func answer(
        _ signatures: [[UInt8]]?, _ trust: SettlementTrust, _ records: [SettlementRecord] = records
    ) -> CloseAnswer {
        var json = JSONWriter()
        json.beginObject()
        json.member("height", UInt64(9))
        json.member("clientId", key)
        json.member("answer", settled(records))
        if let signatures {
            json.key("settlementSignatures")
            json.beginArray()
            for signature in signatures { json.hex(signature) }
            json.endArray()
        }
        json.endObject()
        return CloseReading(
            .reply(status: 200, body: json.finish()), to: .lookUp, about: key, trusting: trust
        ).answer
    }

    private static func settled(_ records: [SettlementRecord]) -> CloseAnswer {
        .settled(
            CloseReceipt(
                clientID: key, fillID: "fill-1", height: 7, settledAt: Instant(milliseconds: 1),
                movements: [], settlements: records))
    }

    private static func evidence(_ answer: CloseAnswer) -> String? {
        if case .unknown(let evidence) = answer { evidence } else { nil }
    }

    @Test func `what the venue's key signed is settled`() {
        let signer = SigningKey.drawn()
        let answer = Self.answer(Self.signatures(by: signer), .key(signer.publicKey))
        #expect(answer == Self.settled(Self.records))
    }

    @Test func `a wrong signature leaves the close unknown, and says which settlement`() {
        let signer = SigningKey.drawn()
        let good = Self.signatures(by: signer)
        let wrong: [([[UInt8]]?, String)] = [
            (nil, "with 0 signatures"), ([good[0]], "with 1 signatures"),
            (good + [good[0]], "with 3 signatures"), ([good[1], good[0]], "settlement 1"),
            ([good[0], good[0]], "settlement 2"),
            (Self.signatures(by: .drawn()), "settlement 1"),
        ]
        for (signatures, words) in wrong {
            let evidence = Self.evidence(Self.answer(signatures, .key(signer.publicKey)))
            #expect(evidence?.contains(words) == true, "\(evidence ?? "believed")")
        }
    }

    @Test func `a record that says something else than what was signed is not believed`() {
        let signer = SigningKey.drawn()
        let first = Self.records[0]
        let altered = SettlementRecord(
            id: first.id, revision: 0, previousHash: first.previousHash, policyName: "p",
            policyVersion: 1, height: 7, account: "a", keeper: "else", facts: [],
            lines: first.lines)
        let answer = Self.answer(
            Self.signatures(by: signer), .key(signer.publicKey), [altered, Self.records[1]])
        #expect(Self.evidence(answer)?.contains("settlement 1") == true)
    }

    @Test func `before a venue has described itself nothing settled is believed`() {
        let signer = SigningKey.drawn()
        let signatures = Self.signatures(by: signer)
        #expect(Self.evidence(Self.answer(signatures, .undescribed)) != nil)
        #expect(Self.evidence(Self.answer(nil, .undescribed)) != nil)
        // A transfer settles nothing by the law, so there is nothing to sign.
        #expect(Self.answer(nil, .undescribed, []) == Self.settled([]))
    }

    @Test func `a venue that names no key is believed as before`() {
        #expect(Self.answer(nil, .unsigned) == Self.settled(Self.records))
    }

    @Test func `a description says which key to trust`() {
        let description = VenueDescription(
            quote: AssetDescription(asset: AssetID("USD"), decimals: 6), assets: [], markets: [],
            capabilities: VenueCapabilities(
                isAtomic: true, hasFlash: false, allowsPartial: false, canVoid: true,
                callsPerHeight: 1))
        let key = SigningKey.drawn().publicKey
        #expect(SettlementTrust(description) == .unsigned)
        #expect(SettlementTrust(description.signing(by: key.bytes)) == .key(key))
    }
}
