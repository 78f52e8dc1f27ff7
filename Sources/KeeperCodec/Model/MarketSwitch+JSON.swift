package import KeeperModel

extension MarketSwitch: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        let isClosable = try object.bool("isClosable")
        let state: MarketState? = try object.valueIfPresent("state")
        guard state.map({ $0.takesCloses == isClosable }) ?? true else {
            throw json.refused("a state that agrees with isClosable")
        }
        self.init(
            market: try object.value("market"), isClosable: isClosable,
            closableFrom: try object.valueIfPresent("closableFrom"),
            implementation: try object.freeText("implementation"),
            reason: try object.freeText("reason"), state: state,
            sinceHeight: try object.optional("sinceHeight")?.uint64,
            next: try object.valueIfPresent("next"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("market", market)
        json.member("isClosable", isClosable)
        if let closableFrom { json.member("closableFrom", closableFrom) }
        json.member("implementation", implementation)
        json.member("reason", reason)
        if let state { json.member("state", state) }
        if let sinceHeight { json.member("sinceHeight", sinceHeight) }
        if let next { json.member("next", next) }
        json.endObject()
    }
}

extension AnnouncedState: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            state: try object.valueIfPresent("state"),
            effectiveHeight: try object.uint64("effectiveHeight"),
            reason: try object.freeText("reason"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        if let state { json.member("state", state) }
        json.member("effectiveHeight", effectiveHeight)
        json.member("reason", reason)
        json.endObject()
    }
}

extension MarketState: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        self = try json.choice([
            "open": MarketState.open, "reduce-only": .reduceOnly, "halted": .halted,
            "settling": .settling,
        ])
    }

    package func write(to json: inout JSONWriter) { json.string(rawValue) }
}
