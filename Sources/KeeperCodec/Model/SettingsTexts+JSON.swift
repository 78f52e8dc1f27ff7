package import KeeperModel

extension SettingsTexts: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            config: try object.string("config"), strategies: try object.value("strategies"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("config", config)
        json.member("strategies", strategies)
        json.endObject()
    }
}

extension SettingsTexts.Strategy: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(name: try object.string("name"), text: try object.string("text"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("name", name)
        json.member("text", text)
        json.endObject()
    }
}
