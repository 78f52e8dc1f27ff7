package import KeeperModel
import WideMath

extension PastDay: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(endings: try object.value("endings"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("endings", endings)
        json.endObject()
    }
}

extension PastDay.Ending: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            domain: try object.valueIfPresent("domain"),
            approvedAt: try object.value("approvedAt"), endedAt: try object.value("endedAt"),
            netUnits: try object.quotedInteger("netUnits"),
            gasUnits: try object.quotedInteger("gasUnits"),
            hasFailed: try object.bool("hasFailed"),
            transfer: try object.valueIfPresent("transfer"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        if let domain { json.member("domain", domain) }
        json.member("approvedAt", approvedAt)
        json.member("endedAt", endedAt)
        json.member("netUnits", netUnits)
        json.member("gasUnits", gasUnits)
        json.member("hasFailed", hasFailed)
        if let transfer { json.member("transfer", transfer) }
        json.endObject()
    }
}
