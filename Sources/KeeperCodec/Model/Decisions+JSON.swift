package import KeeperModel

extension Decision: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            sequence: try object.uint64("sequence"), decidedAt: try object.value("decidedAt"),
            height: try object.uint64("height"), target: try object.value("target"),
            accountVersion: try object.uint64("accountVersion"),
            verdict: try object.value("verdict"), facts: try object.value("facts"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("sequence", sequence)
        json.member("decidedAt", decidedAt)
        json.member("height", height)
        json.member("target", target)
        json.member("accountVersion", accountVersion)
        json.member("verdict", verdict)
        json.member("facts", facts)
        json.endObject()
    }
}

extension DecisionFact: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(try object.freeText("name"), try object.freeText("value"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("name", name)
        json.member("value", value)
        json.endObject()
    }
}

extension Verdict: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        let kind = try object.required("kind")
        switch try kind.string {
        case "eligible": self = .eligible
        case "recovered": self = .recovered
        case "disagreed": self = .disagreed
        case "foreseen": self = .foreseen
        case "proposed": self = .proposed(try object.value("clientId"))
        case "skipped": self = .skipped(try object.word("reason"))
        case "ended": self = .ended(try object.value("clientId"), try object.freeText("ending"))
        case "missed": self = .missed(try object.word("cause"))
        default: throw kind.refused("a known verdict")
        }
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        switch self {
        case .eligible: json.member("kind", "eligible")
        case .recovered: json.member("kind", "recovered")
        case .disagreed: json.member("kind", "disagreed")
        case .foreseen: json.member("kind", "foreseen")
        case .proposed(let clientID):
            json.member("kind", "proposed")
            json.member("clientId", clientID)
        case .skipped(let reason):
            json.member("kind", "skipped")
            json.member("reason", reason.rawValue)
        case .ended(let clientID, let ending):
            json.member("kind", "ended")
            json.member("clientId", clientID)
            json.member("ending", ending)
        case .missed(let cause):
            json.member("kind", "missed")
            json.member("cause", cause.rawValue)
        }
        json.endObject()
    }
}
