package import KeeperModel
import WideMath

extension Target: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            domain: try object.value("domain"), market: try object.value("market"),
            account: try object.value("account"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("domain", domain)
        json.member("market", market)
        json.member("account", account)
        json.endObject()
    }
}

extension AssetAmount: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(asset: try object.value("asset"), amount: try object.quotedInteger("amount"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("asset", asset)
        json.member("amount", amount)
        json.endObject()
    }
}

extension ClosePlan: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            clientID: try object.value("clientId"), target: try object.value("target"),
            accountVersion: try object.uint64("accountVersion"),
            action: try object.value("action"),
            validUntilHeight: try object.uint64("validUntilHeight"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("clientId", clientID)
        json.member("target", target)
        json.member("accountVersion", accountVersion)
        json.member("action", action)
        json.member("validUntilHeight", validUntilHeight)
        json.endObject()
    }
}

extension CloseAction: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        let kind = try object.required("kind")
        self =
            switch try kind.string {
            case "lending": .lending(try .init(&object))
            case "margin": .margin(try .init(&object))
            case "purchase": .purchase(try .init(&object))
            case "push": .push(try .init(&object))
            case "sequence": .sequence(try Self.steps(&object))
            case "transfer": .transfer(try .init(&object))
            default: throw kind.refused("a known kind of close")
            }
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("kind", nameInJSON)
        switch self {
        case .lending(let close), .purchase(let close): close.writeMembers(to: &json)
        case .margin(let close): close.writeMembers(to: &json)
        case .push(let close): close.writeMembers(to: &json)
        case .sequence(let steps): Self.write(steps, to: &json)
        case .transfer(let transfer): transfer.writeMembers(to: &json)
        }
        json.endObject()
    }
}

extension LendingClose {
    init(_ object: inout ObjectReader) throws(JSONReadError) {
        self.init(
            repayAsset: try object.value("repayAsset"),
            repayAmountMax: try object.quotedInteger("repayAmountMax"),
            seizeAsset: try object.value("seizeAsset"),
            seizeAmountMin: try object.quotedInteger("seizeAmountMin"),
            funding: try object.value("funding"), exit: try object.value("exit"))
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("repayAsset", repayAsset)
        json.member("repayAmountMax", repayAmountMax)
        json.member("seizeAsset", seizeAsset)
        json.member("seizeAmountMin", seizeAmountMin)
        json.member("funding", funding)
        json.member("exit", exit)
    }
}

extension MarginClose {
    fileprivate init(_ object: inout ObjectReader) throws(JSONReadError) {
        self.init(
            lots: try object.quotedInteger("lots"),
            limitPrice: try object.quotedInteger("limitPrice"),
            incentiveMin: try object.quotedInteger("incentiveMin"))
    }

    fileprivate func writeMembers(to json: inout JSONWriter) {
        json.member("lots", quoted: lots)
        json.member("limitPrice", quoted: limitPrice)
        json.member("incentiveMin", quoted: incentiveMin)
    }
}

extension PushClose {
    fileprivate init(_ object: inout ObjectReader) throws(JSONReadError) {
        self.init(
            rewardMin: try object.value("rewardMin"), exit: try object.value("exit"))
    }

    fileprivate func writeMembers(to json: inout JSONWriter) {
        json.member("rewardMin", rewardMin)
        json.member("exit", exit)
    }
}

extension Funding: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        if try object.required("kind").choice(["inventory": true, "flash": false]) {
            self = .inventory
        } else {
            self = .flash(premiumMax: try object.quotedInteger("premiumMax"))
        }
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        switch self {
        case .inventory: json.member("kind", "inventory")
        case .flash(let premiumMax):
            json.member("kind", "flash")
            json.member("premiumMax", premiumMax)
        }
        json.endObject()
    }
}

extension Exit: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        if try object.required("kind").choice(["hold": true, "sell": false]) {
            self = .hold
        } else {
            self = .sell(proceedsMin: try object.quotedInteger("proceedsMin"))
        }
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        switch self {
        case .hold: json.member("kind", "hold")
        case .sell(let proceedsMin):
            json.member("kind", "sell")
            json.member("proceedsMin", proceedsMin)
        }
        json.endObject()
    }
}

extension Expectation: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            grossUnits: try object.quotedInteger("grossUnits"),
            costUnits: try object.quotedInteger("costUnits"),
            inventoryNeeded: try object.value("inventoryNeeded"),
            notionalUnits: try object.quotedInteger("notionalUnits"),
            sendingUnits: try object.quotedInteger("sendingUnits"),
            // Absent in books and recordings of before it was told apart.
            exitCostUnits: try object.optional("exitCostUnits")?.quotedInteger(as: Int256.self)
                ?? .zero)
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("grossUnits", grossUnits)
        json.member("costUnits", costUnits)
        json.member("inventoryNeeded", inventoryNeeded)
        json.member("notionalUnits", notionalUnits)
        json.member("sendingUnits", sendingUnits)
        json.member("exitCostUnits", exitCostUnits)
        json.endObject()
    }
}

extension CloseIntent: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            plan: try object.value("plan"),
            by: StrategyRun(try object.value("strategy"), version: try Self.version(&object)),
            expectation: try object.value("expectation"),
            proposedAt: try object.value("proposedAt"), decidedBy: try object.uint64("decidedBy"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("plan", plan)
        json.member("strategy", strategy)
        json.member("strategyVersion", run.version)
        json.member("expectation", expectation)
        json.member("proposedAt", proposedAt)
        json.member("decidedBy", decidedBy)
        json.endObject()
    }

    /// Journals of the first schema do not say it: then it is 0, which no strategy file has.
    private static func version(_ object: inout ObjectReader) throws(JSONReadError) -> UInt64 {
        guard let version = object.optional("strategyVersion") else { return 0 }
        return try version.integer(in: 0 ... .max)
    }
}

extension RecoveredIntent: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            intent: try object.value("intent"),
            attempts: try object.value("attempts"),
            booked: try object.valueIfPresent("booked"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("intent", intent)
        json.member("attempts", attempts)
        if let booked { json.member("booked", booked) }
        json.endObject()
    }
}
