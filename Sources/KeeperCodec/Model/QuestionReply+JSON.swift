package import KeeperModel

extension QuestionReply: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        let kind = try object.required("kind")
        switch try kind.string {
        case "wouldSettle":
            self = .wouldSettle(accountVersion: try object.uint64("accountVersion"))
        case "wouldNot": self = .wouldNot(try object.value("refusal"))
        case "unanswered": self = .unanswered(evidence: try object.string("evidence"))
        default: throw kind.refused("a known kind of reply")
        }
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        switch self {
        case .wouldSettle(let accountVersion):
            json.member("kind", "wouldSettle")
            json.member("accountVersion", accountVersion)
        case .wouldNot(let refusal):
            json.member("kind", "wouldNot")
            json.member("refusal", refusal)
        case .unanswered(let evidence):
            json.member("kind", "unanswered")
            json.member("evidence", evidence)
        }
        json.endObject()
    }
}
