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
        case "accepted": self = .accepted
        case "included":
            self = .included(
                try object.value("inclusion"), isFinal: try object.bool("isFinal"))
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
        case .accepted: json.member("kind", "accepted")
        case .included(let inclusion, let isFinal):
            json.member("kind", "included")
            json.member("inclusion", inclusion)
            json.member("isFinal", isFinal)
        }
        json.endObject()
    }
}

extension Inclusion: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        let kind = try object.required("kind")
        let result: Result
        switch try kind.string {
        case "settled": result = .settled
        case "reverted": result = .reverted(try object.value("refusal"))
        case "cancelled": result = .cancelled
        default: throw kind.refused("settled, reverted or cancelled")
        }
        self.init(result: result, receipt: try object.value("receipt"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        switch result {
        case .settled: json.member("kind", "settled")
        case .reverted(let refusal):
            json.member("kind", "reverted")
            json.member("refusal", refusal)
        case .cancelled: json.member("kind", "cancelled")
        }
        json.member("receipt", receipt)
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
        case "reverted":
            self = .reverted(try object.value("refusal"), try object.value("receipt"))
        case "withdrawn": self = .withdrawn(try object.value("receipt"))
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
        case .reverted(let refusal, let receipt):
            json.member("kind", "reverted")
            json.member("refusal", refusal)
            json.member("receipt", receipt)
        case .withdrawn(let receipt):
            json.member("kind", "withdrawn")
            json.member("receipt", receipt)
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
