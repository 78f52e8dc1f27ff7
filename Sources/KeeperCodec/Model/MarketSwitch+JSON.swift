package import KeeperModel

extension MarketSwitch: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            market: try object.value("market"), isClosable: try object.bool("isClosable"),
            closableFrom: try object.valueIfPresent("closableFrom"),
            implementation: try object.freeText("implementation"),
            reason: try object.freeText("reason"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("market", market)
        json.member("isClosable", isClosable)
        if let closableFrom { json.member("closableFrom", closableFrom) }
        json.member("implementation", implementation)
        json.member("reason", reason)
        json.endObject()
    }
}
