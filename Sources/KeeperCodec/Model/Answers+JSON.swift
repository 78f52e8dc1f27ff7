package import KeeperModel
import WideMath

extension CloseAnswer: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        let kind = try object.required("kind")
        switch try kind.string {
        case "settled": self = .settled(try object.value("receipt"))
        case "refused": self = .refused(try object.value("refusal"))
        case "unknown": self = .unknown(evidence: try object.freeText("evidence"))
        case "notFound": self = .notFound
        case "voided": self = .voided
        default: throw kind.refused("a known answer")
        }
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        switch self {
        case .settled(let receipt):
            json.member("kind", "settled")
            json.member("receipt", receipt)
        case .refused(let refusal):
            json.member("kind", "refused")
            json.member("refusal", refusal)
        case .unknown(let evidence):
            json.member("kind", "unknown")
            json.member("evidence", evidence)
        case .notFound: json.member("kind", "notFound")
        case .voided: json.member("kind", "voided")
        }
        json.endObject()
    }
}

extension IntentEnding: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        let kind = try object.required("kind")
        switch try kind.string {
        case "won": self = .won(try object.value("receipt"))
        case "refused": self = .refused(try object.value("refusal"))
        case "voided": self = .voided
        case "cancelled": self = .cancelled(reason: try object.freeText("reason"))
        default: throw kind.refused("a known ending")
        }
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        switch self {
        case .won(let receipt):
            json.member("kind", "won")
            json.member("receipt", receipt)
        case .refused(let refusal):
            json.member("kind", "refused")
            json.member("refusal", refusal)
        case .voided: json.member("kind", "voided")
        case .cancelled(let reason):
            json.member("kind", "cancelled")
            json.member("reason", reason)
        }
        json.endObject()
    }
}

extension Refusal: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(try object.word("class"), detail: try object.freeText("detail"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("class", refusalClass.rawValue)
        json.member("detail", detail)
        json.endObject()
    }
}

extension CloseReceipt: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            clientID: try object.value("clientId"), fillID: try object.freeText("fillId"),
            height: try object.uint64("height"), settledAt: try object.value("settledAt"),
            movements: try object.value("movements"),
            settlements: try object.value("settlements"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("clientId", clientID)
        json.member("fillId", fillID)
        json.member("height", height)
        json.member("settledAt", settledAt)
        json.member("movements", movements)
        json.member("settlements", settlements)
        json.endObject()
    }
}

extension Movement: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            asset: try object.value("asset"), amount: try object.quotedInteger("amount"),
            cause: try object.word("cause"), valueUnits: try object.quotedInteger("valueUnits"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("asset", asset)
        json.member("amount", amount)
        json.member("cause", cause.rawValue)
        json.member("valueUnits", valueUnits)
        json.endObject()
    }
}

extension SettlementRecord: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            id: try object.uint64("id"), revision: try object.uint64("revision"),
            previousHash: try object.freeText("previousHash"),
            policyName: try object.freeText("policyName"),
            policyVersion: try object.integer("policyVersion"),
            height: try object.integer("height"), account: try object.freeText("account"),
            keeper: try object.freeText("keeper"), facts: try object.value("facts"),
            lines: try object.value("lines"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("id", id)
        json.member("revision", revision)
        json.member("previousHash", previousHash)
        json.member("policyName", policyName)
        json.member("policyVersion", policyVersion)
        json.member("height", height)
        json.member("account", account)
        json.member("keeper", keeper)
        json.member("facts", facts)
        json.member("lines", lines)
        json.endObject()
    }
}

extension SettlementLine: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            beneficiary: try object.freeText("beneficiary"),
            amountUnits: try object.quotedInteger("amountUnits"),
            reason: try object.freeText("reason"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("beneficiary", beneficiary)
        json.member("amountUnits", amountUnits)
        json.member("reason", reason)
        json.endObject()
    }
}

extension SettlementFact: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(name: try object.freeText("name"), value: try object.freeText("value"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("name", name)
        json.member("value", value)
        json.endObject()
    }
}
