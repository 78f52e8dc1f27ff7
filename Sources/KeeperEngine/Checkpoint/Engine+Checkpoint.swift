package import KeeperCodec
import KeeperModel
import KeeperRisk

/// An engine as text, and the same engine again: whatever it is handed from then on, it decides as
/// the one that was written would have.
///
/// Everything is in it that a decision can rest on. What is not: settings, which whoever keeps the
/// text keeps too; what only watching costs (triggers, rows that a scan left, tallies), which a new
/// engine makes for itself; and the crowd of the last event, which no later one looks at.
extension Engine {
    /// False in the middle of a set of accounts that comes in pages: half a set is no state to go
    /// on from.
    package var isBetweenSets: Bool {
        domains.values.allSatisfy(\.isBetweenSets)
    }

    package func writeCheckpoint(to json: inout JSONWriter) {
        precondition(isBetweenSets, "A checkpoint is between sets")
        json.beginObject()
        json.member("isDraining", isDraining)
        json.member("saidDrained", saidDrained)
        json.member("disagreements", disagreementCount)
        json.rows("domains", domains.names) { domain, json in
            json.member("domain", domain)
            domains[domain]?.writeCheckpoint(to: &json)
        }
        json.key("risk")
        risk.memory.write(to: &json)
        intents.write(to: &json)
        coolDowns.write(to: &json)
        held.write(to: &json)
        json.rows("nonces", nonces.keys.sorted()) { domain, json in
            json.member("domain", domain)
            json.member("next", nonces[domain]?.next ?? 0)
        }
        json.rows("verdicts", verdicts.keys.sorted()) { target, json in
            json.member("target", target)
            if let verdict = verdicts[target] { json.member("verdict", verdict) }
        }
        json.rows("settledVersions", settledVersions.keys.sorted()) { target, json in
            json.member("target", target)
            json.member("version", settledVersions[target] ?? 0)
        }
        missed.write(to: &json)
        let foreseen = foreseen.keys.sorted().flatMap { domain in
            (self.foreseen[domain] ?? [:]).sorted { $0.key < $1.key }
        }
        json.rows("foreseen", foreseen) { row, json in
            json.member("target", row.key)
            json.member("outcome", row.value.outcome)
            json.member("facts", row.value.facts)
        }
        json.endObject()
    }

    package init(
        settings: EngineSettings, checkpoint: JSONReader
    ) throws(JSONReadError) {
        self.init(settings: settings)
        var object = try checkpoint.object()
        isDraining = try object.bool("isDraining")
        saidDrained = try object.bool("saidDrained")
        disagreementCount = try object.uint64("disagreements")
        let (guards, lines) = (settings.guards, settings.lines)
        let known = try object.table("domains") { (row) throws(JSONReadError) in
            let domain: DomainID = try row.value("domain")
            return (domain, try DomainState(checkpoint: &row, guards: guards, lines: lines))
        }
        domains = NameOrder(known)
        risk = RiskGate(
            limits: settings.limits, memory: try RiskMemory(try object.required("risk")))
        intents = try IntentTable(checkpoint: &object)
        coolDowns = try CoolDowns(checkpoint: &object)
        held = try HeldPlans(checkpoint: &object)
        nonces = try object.table("nonces") { (row) throws(JSONReadError) in
            (try row.value("domain"), NonceBook(next: try row.uint64("next")))
        }
        verdicts = try object.table("verdicts") { (row) throws(JSONReadError) in
            (try row.value("target"), try row.value("verdict"))
        }
        settledVersions = try object.table("settledVersions") { (row) throws(JSONReadError) in
            (try row.value("target"), try row.uint64("version"))
        }
        missed = try MissedCloses(checkpoint: &object)
        let foreseen: [Target: Foresight] = try object.table("foreseen") {
            (row) throws(JSONReadError) in
            (
                try row.value("target"),
                Foresight(outcome: try row.freeText("outcome"), facts: try row.value("facts"))
            )
        }
        for (target, foresight) in foreseen.sorted(by: { $0.key < $1.key }) {
            self.foreseen[target.domain, default: [:]][target] = foresight
        }
        try object.finish()
    }
}
