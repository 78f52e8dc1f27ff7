import KeeperCodec
package import KeeperJournal
package import KeeperModel

/// What was decided lately, about whomever.
package struct DecisionsReport: Sendable {
    private let decisions: [Decision]

    package init(_ log: DecisionLog, since: Instant?, countMax: Int) throws(JournalError) {
        decisions = try log.latest(
            since: since ?? Instant(nanoseconds: .min), countMax: countMax)
    }

    package var lines: [String] {
        guard !decisions.isEmpty else { return ["no decisions"] }
        let isOne = Set(decisions.map(\.target.domain)).count == 1
        return columns(
            decisions.map { decision in
                [UTCText.text(decision.decidedAt)]
                    + (isOne ? [] : [decision.target.domain.text]) + [
                        "height \(decision.height)",
                        "\(decision.target.market)", "\(decision.target.account)",
                        decision.verdict.label,
                    ]
            })
    }

    package var jsonText: String {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.key("decisions")
        json.beginArray()
        for decision in decisions { decision.write(to: &json) }
        json.endArray()
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }
}
