package import KeeperModel

extension ObservedClose: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            target: try object.value("target"), keeper: try object.freeText("keeper"),
            height: try object.uint64("height"), paid: try object.valueIfPresent("paid"),
            taken: try object.valueIfPresent("taken"),
            valueUnits: try object.quotedInteger("valueUnits"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("target", target)
        json.member("keeper", keeper)
        json.member("height", height)
        if let paid { json.member("paid", paid) }
        if let taken { json.member("taken", taken) }
        json.member("valueUnits", valueUnits)
        json.endObject()
    }
}
