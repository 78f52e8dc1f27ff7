import KeeperCodec
import KeeperModel
import LiquidationRules

/// JSON as text: the tree, its canonical form, and the scanner that builds nothing.
let jsonDecoders: [FuzzMember] = [
    FuzzMember("json", seeds: { $0.json }) { bytes in
        let value = try JSONValue.parse(bytes)
        readAgain("skipping") { try skipAll(bytes, .strict) }
        let again = readAgain("canonical bytes") { try JSONValue.parse(value.canonicalBytes) }
        precondition(again == value, "the canonical form is the same value")
    },
    FuzzMember("json-with-comments", seeds: { $0.json + $0.shipped("json") }) { bytes in
        let value = try JSONValue.parse(bytes, limits: .configuration, dialect: .withComments)
        readAgain("skipping") { try skipAll(bytes, .withComments) }
        let again = readAgain("canonical bytes") { try JSONValue.parse(value.canonicalBytes) }
        precondition(again == value, "the canonical form is the same value")
    },
]

private func skipAll(_ bytes: [UInt8], _ dialect: JSONDialect) throws {
    var scanner = try JSONScanner(bytes, dialect: dialect)
    try scanner.skipValue()
    try scanner.finish()
}

/// Values of the vocabulary, which are read back from what they write.
let modelDecoders: [FuzzMember] = [
    form("event", as: Event.self) { $0.events.map(\.jsonBytes) },
    form("venue-description", as: VenueDescription.self) { $0.descriptions.map(\.jsonBytes) },
    form("close-answer", as: CloseAnswer.self) { $0.answers.map(\.jsonBytes) },
    FuzzMember("settlement-policy", seeds: { $0.policies.map(\.canonicalBytes) }) { bytes in
        let policy = try SettlementPolicy(reading: try JSONValue.parse(bytes))
        let again = readAgain("policy") { try SettlementPolicy(jsonBytes: policy.jsonBytes) }
        precondition(again == policy, "a policy is read back as it was written")
    },
]

private func form<Value: JSONForm & Equatable & SendableMetatype>(
    _ name: String, as type: Value.Type,
    seeds: @escaping @Sendable (SeedSource) throws -> [[UInt8]]
) -> FuzzMember {
    FuzzMember(name, seeds: seeds) { bytes in
        let value = try Value(jsonBytes: bytes)
        let again = readAgain(name) { try Value(jsonBytes: value.jsonBytes) }
        precondition(again == value, "a value is read back as it was written")
    }
}
