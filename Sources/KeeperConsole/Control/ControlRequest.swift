package import KeeperCodec
import KeeperCommands
package import KeeperJournal
package import KeeperModel
package import KeeperRuntime

/// One line that somebody said at the control socket.
package struct ControlRequest: JSONForm, Hashable, Sendable {
    package let verb: ControlVerb
    package var account: AccountID?
    /// One of several venues; without it all are meant.
    package var domain: DomainID?
    package var at: Instant?
    package var since: Instant?
    package var countMax = ControlRequest.usualCount
    package var grouping: RevenueGrouping?
    package var lotMethod: LotMethod?
    /// Rows for a spreadsheet instead of lines for a person.
    package var isCSV = false
    /// Only what would change is wanted, not the change.
    package var isPreview = false
    /// The name of a plan of transfers.
    package var plan: String?
    /// What a token file holds, for whoever the kernel does not know by a role.
    package var token: String?

    package static let usualCount = 20
    package static let countLimit = 10_000
    /// Longer lines are no request.
    package static let byteCountMax = 4_096

    package init(_ verb: ControlVerb) {
        self.verb = verb
    }

    /// The line without its end.
    package init(line: [UInt8]) throws(ControlProblem) {
        let limits = JSONLimits(byteCountMax: Self.byteCountMax, depthMax: 4)
        do {
            try self.init(jsonBytes: line, limits: limits)
        } catch {
            throw ControlProblem(.usage, "this is no request: \(error)")
        }
    }

    package init(_ reader: JSONReader) throws(JSONReadError) {
        var object = try reader.object()
        let version = try object.required("schemaVersion")
        guard try version.uint64 == 1 else { throw version.refused("1") }
        let word = try object.required("verb")
        guard let verb = ControlVerb(rawValue: try word.string) else {
            throw word.refused(
                "one of " + ControlVerb.allCases.map(\.rawValue).joined(separator: ", "))
        }
        self.verb = verb
        if let account = object.optional("account") {
            self.account = try account.identifier(as: AccountID.self)
        }
        if let domain = object.optional("domain") {
            self.domain = try domain.identifier(as: DomainID.self)
        }
        if let at = object.optional("at") { self.at = try Self.instant(at) }
        if let since = object.optional("since") { self.since = try Self.instant(since) }
        if let limit = object.optional("limit") {
            countMax = try limit.integer(in: 1...Self.countLimit)
        }
        if let grouping = object.optional("by") {
            self.grouping = try Self.choice(grouping, RevenueGrouping.self)
        }
        if let method = object.optional("method") {
            lotMethod = try Self.choice(method, LotMethod.self)
        }
        if let csv = object.optional("csv") { isCSV = try csv.bool }
        if let preview = object.optional("preview") { isPreview = try preview.bool }
        if let plan = object.optional("plan") { self.plan = try plan.string }
        if let token = object.optional("token") { self.token = try token.string }
        try object.finish()
    }

    private static func choice<Choice: RawRepresentable & CaseIterable>(
        _ json: JSONReader, _ type: Choice.Type
    ) throws(JSONReadError) -> Choice where Choice.RawValue == String {
        guard let choice = Choice(rawValue: try json.string) else {
            throw json.refused(
                "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return choice
    }

    private static func instant(_ json: JSONReader) throws(JSONReadError) -> Instant {
        guard let instant = UTCText.instant(try json.string) else {
            throw json.refused("a time such as 2026-12-31T00:00:00Z")
        }
        return instant
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.member("verb", verb.rawValue)
        writeArguments(to: &json)
        if let token { json.member("token", token) }
        json.endObject()
    }

    /// What an audit log keeps of it: everything but the token.
    func writeArguments(to json: inout JSONWriter) {
        if let account { json.member("account", account.text) }
        if let domain { json.member("domain", domain.text) }
        if let at { json.member("at", UTCText.text(at)) }
        if let since { json.member("since", UTCText.text(since)) }
        if countMax != Self.usualCount { json.member("limit", UInt64(countMax)) }
        if let grouping { json.member("by", grouping.rawValue) }
        if let lotMethod { json.member("method", lotMethod.rawValue) }
        if isCSV { json.member("csv", true) }
        if isPreview { json.member("preview", true) }
        if let plan { json.member("plan", plan) }
    }
}
