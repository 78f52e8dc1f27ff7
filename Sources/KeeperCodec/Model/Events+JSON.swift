package import KeeperModel

/// The form of events in recordings. A change of it is a new schema: old recordings name the one
/// that they were written in.
package enum EventSchema {
    package static let current = "bailiff-event/1"
}

extension Event: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            sequence: try object.uint64("sequence"), domain: try object.value("domain"),
            receivedAt: try object.value("receivedAt"), height: try object.uint64("height"),
            body: try object.value("body"),
            moreFollows: try object.optional("moreFollows")?.bool ?? false)
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("sequence", sequence)
        json.member("domain", domain)
        json.member("receivedAt", receivedAt)
        json.member("height", height)
        json.member("body", body)
        // Seldom, so it is written only where it is so.
        if moreFollows { json.member("moreFollows", true) }
        json.endObject()
    }
}

extension EventBody: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        let kind = try object.required("kind")
        guard let body = try EventBody(kind: try kind.string, members: &object) else {
            throw kind.refused("a known kind of event")
        }
        self = body
        try object.finish()
    }

    private init?(kind: String, members: inout ObjectReader) throws(JSONReadError) {
        switch kind {
        case "venueDescribed": self = .venueDescribed(try members.value("venue"))
        case "pricesPublished": self = .pricesPublished(try members.value("prices"))
        case "figuresPublished": self = .figuresPublished(try members.value("markets"))
        case "accountsReplaced":
            self = .accountsReplaced(try members.value("market"), try members.value("accounts"))
        case "accountsPaged":
            self = .accountsPaged(
                try members.value("market"),
                AccountPage(
                    number: try members.uint64("page"), isLast: try members.bool("isLast"),
                    states: try members.value("accounts")))
        case "accountsChanged":
            self = .accountsChanged(
                try members.value("market"), changed: try members.value("changed"),
                removed: try members.value("removed"))
        case "depthPublished": self = .depthPublished(try members.value("books"))
        case "flashPoolsPublished": self = .flashPoolsPublished(try members.value("pools"))
        case "balancesReported": self = .balancesReported(try members.value("balances"))
        case "reserveReported": self = .reserveReported(try members.value("balances"))
        case "chainReported": self = .chainReported(try members.value("news"))
        case "callCostReported": self = .callCostReported(try members.quotedInteger("units"))
        case "clocksParted":
            self = .clocksParted(
                try members.optional("gap").map { (gap) throws(JSONReadError) in
                    TimeSpan(nanoseconds: try gap.quotedInteger(as: Int64.self))
                })
        case "reorganised": self = .reorganised
        case "marketSwitched": self = .marketSwitched(try members.value("switch"))
        case "closesObserved": self = .closesObserved(try members.value("closes"))
        case "gapDetected": self = .gapDetected(try members.value("market"))
        case "pastDayRecalled": self = .pastDayRecalled(try members.value("pastDay"))
        case "strategiesRecalled":
            self = .strategiesRecalled(try members.value("strategies"))
        case "intentRecovered": self = .intentRecovered(try members.value("recovered"))
        case "intentDurable": self = .intentDurable(try members.value("clientId"))
        case "closeAnswered":
            self = .closeAnswered(try members.value("clientId"), try members.value("answer"))
        case "questionAnswered":
            self = .questionAnswered(try members.value("clientId"), try members.value("reply"))
        case "timerFired": self = .timerFired(try members.value("timer"))
        case "drainRequested": self = .drainRequested
        case "killSwitchSet": self = .killSwitchSet(try members.bool("isOn"))
        case "venuePauseSet": self = .venuePauseSet(try members.bool("isOn"))
        case "approvalGiven": self = .approvalGiven(try members.value("target"))
        case "transfersApproved":
            self = .transfersApproved(plan: try members.freeText("plan"))
        case "settingsAdopted": self = .settingsAdopted(try members.value("settings"))
        default: return nil
        }
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("kind", kind)
        writeMembers(to: &json)
        json.endObject()
    }

    /// The name of the case: also the label of metrics.
    package var kind: String {
        switch self {
        case .venueDescribed: "venueDescribed"
        case .pricesPublished: "pricesPublished"
        case .figuresPublished: "figuresPublished"
        case .accountsReplaced: "accountsReplaced"
        case .accountsPaged: "accountsPaged"
        case .accountsChanged: "accountsChanged"
        case .depthPublished: "depthPublished"
        case .flashPoolsPublished: "flashPoolsPublished"
        case .balancesReported: "balancesReported"
        case .reserveReported: "reserveReported"
        case .chainReported: "chainReported"
        case .callCostReported: "callCostReported"
        case .clocksParted: "clocksParted"
        case .reorganised: "reorganised"
        case .marketSwitched: "marketSwitched"
        case .closesObserved: "closesObserved"
        case .gapDetected: "gapDetected"
        case .pastDayRecalled: "pastDayRecalled"
        case .strategiesRecalled: "strategiesRecalled"
        case .intentRecovered: "intentRecovered"
        case .intentDurable: "intentDurable"
        case .closeAnswered: "closeAnswered"
        case .questionAnswered: "questionAnswered"
        case .timerFired: "timerFired"
        case .drainRequested: "drainRequested"
        case .killSwitchSet: "killSwitchSet"
        case .venuePauseSet: "venuePauseSet"
        case .approvalGiven: "approvalGiven"
        case .transfersApproved: "transfersApproved"
        case .settingsAdopted: "settingsAdopted"
        }
    }

    private func writeMembers(to json: inout JSONWriter) {
        switch self {
        case .venueDescribed(let venue): json.member("venue", venue)
        case .pricesPublished(let prices): json.member("prices", prices)
        case .figuresPublished(let markets): json.member("markets", markets)
        case .accountsReplaced(let market, let accounts):
            json.member("market", market)
            json.member("accounts", accounts)
        case .accountsPaged(let market, let page):
            json.member("market", market)
            json.member("page", page.number)
            json.member("isLast", page.isLast)
            json.member("accounts", page.states)
        case .accountsChanged(let market, let changed, let removed):
            json.member("market", market)
            json.member("changed", changed)
            json.member("removed", removed)
        case .depthPublished(let books): json.member("books", books)
        case .flashPoolsPublished(let pools): json.member("pools", pools)
        case .balancesReported(let balances): json.member("balances", balances)
        case .reserveReported(let balances): json.member("balances", balances)
        case .chainReported(let news): json.member("news", news)
        case .callCostReported(let units): json.member("units", units)
        case .clocksParted(let gap): if let gap { json.member("gap", quoted: gap.nanoseconds) }
        case .reorganised: break
        case .marketSwitched(let change): json.member("switch", change)
        case .closesObserved(let closes): json.member("closes", closes)
        case .gapDetected(let market): json.member("market", market)
        case .pastDayRecalled(let pastDay): json.member("pastDay", pastDay)
        case .strategiesRecalled(let records): json.member("strategies", records)
        case .intentRecovered(let recovered): json.member("recovered", recovered)
        case .intentDurable(let clientID): json.member("clientId", clientID)
        case .closeAnswered(let clientID, let answer):
            json.member("clientId", clientID)
            json.member("answer", answer)
        case .questionAnswered(let clientID, let reply):
            json.member("clientId", clientID)
            json.member("reply", reply)
        case .timerFired(let timer): json.member("timer", timer)
        case .drainRequested: break
        case .killSwitchSet(let isOn), .venuePauseSet(let isOn): json.member("isOn", isOn)
        case .approvalGiven(let target): json.member("target", target)
        case .transfersApproved(let plan): json.member("plan", plan)
        case .settingsAdopted(let settings): json.member("settings", settings)
        }
    }
}

extension TimerName: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        let kind = try object.required("kind")
        switch try kind.string {
        case "resolve": self = .resolve(try object.value("clientId"))
        case "coolDown": self = .coolDown(try object.value("target"))
        case "holdEnds": self = .holdEnds(try object.value("target"))
        case "questionEnds": self = .questionEnds(try object.value("clientId"))
        case "marketOpens": self = .marketOpens(try object.value("market"))
        default: throw kind.refused("a known kind of timer")
        }
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        switch self {
        case .resolve(let clientID):
            json.member("kind", "resolve")
            json.member("clientId", clientID)
        case .coolDown(let target):
            json.member("kind", "coolDown")
            json.member("target", target)
        case .holdEnds(let target):
            json.member("kind", "holdEnds")
            json.member("target", target)
        case .questionEnds(let clientID):
            json.member("kind", "questionEnds")
            json.member("clientId", clientID)
        case .marketOpens(let market):
            json.member("kind", "marketOpens")
            json.member("market", market)
        }
        json.endObject()
    }
}
