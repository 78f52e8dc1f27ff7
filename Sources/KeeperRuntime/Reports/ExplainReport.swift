package import KeeperCodec
package import KeeperJournal
package import KeeperModel

/// Why an account was closed, or was not: every decision about it, with its inputs.
package struct ExplainReport: Sendable {
    private let account: AccountID
    private let decisions: [Decision]

    /// With an end, only what had been decided by then.
    package init(
        _ log: DecisionLog, account: AccountID, until end: Instant? = nil
    ) throws(JournalError) {
        self.account = account
        decisions = try log.decisions(about: account).filter { $0.decidedAt <= end ?? $0.decidedAt }
    }

    package var lines: [String] {
        guard !decisions.isEmpty else {
            return [
                "\(account): no decision. It never crossed its line while this keeper watched,",
                "or it is in no market that this keeper follows.",
            ]
        }
        let isOne = Set(decisions.map(\.target.domain)).count == 1
        return decisions.reversed().flatMap { decision in
            [
                (isOne ? "" : "\(decision.target.domain) ")
                    + "height \(decision.height), \(decision.target.market) \(account) "
                    + "version \(decision.accountVersion): \(decision.verdict.label)"
                    + named(decision.verdict)
            ] + decision.facts.map { "    \($0.name) = \($0.value)" }
        }
    }

    private func named(_ verdict: Verdict) -> String {
        switch verdict {
        case .proposed(let clientID), .ended(let clientID, _): " (\(clientID))"
        default: ""
        }
    }

    package var jsonText: String {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.member("account", account.text)
        writeDecisions(to: &json)
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }

    package func writeDecisions(to json: inout JSONWriter) {
        json.key("decisions")
        json.beginArray()
        for decision in decisions.reversed() { decision.write(to: &json) }
        json.endArray()
    }
}
