import KeeperCodec
import KeeperModel
import KeeperRisk

extension RiskMemory {
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("isKilled", isKilled)
        json.member("openIntents", openIntents)
        json.rows("inventories", inventories) { inventory, json in inventory.write(to: &json) }
        json.member("approvals", approvals)
        Self.write(losses, "losses", to: &json)
        Self.write(gasBooked, "gasBooked", to: &json)
        json.member("failures", failures)
        json.member("strategies", strategies)
        json.rows("gasOffered", gasOffered) { offer, json in
            json.member("clientId", offer.clientID)
            json.member("units", offer.units)
        }
        json.endObject()
    }

    init(_ reader: JSONReader) throws(JSONReadError) {
        self.init()
        var object = try reader.object()
        isKilled = try object.bool("isKilled")
        openIntents = try object.value("openIntents")
        inventories = try object.rows("inventories") { (row) throws(JSONReadError) in
            try InventoryMemory(&row)
        }
        approvals = try object.value("approvals")
        losses = try Self.losses("losses", &object)
        gasBooked = try Self.losses("gasBooked", &object)
        failures = try object.value("failures")
        strategies = try object.value("strategies")
        gasOffered = try object.rows("gasOffered") { (row) throws(JSONReadError) in
            GasOffer(clientID: try row.value("clientId"), units: try row.quotedInteger("units"))
        }
        try object.finish()
    }

    private static func write(_ losses: [Loss], _ name: String, to json: inout JSONWriter) {
        json.rows(name, losses) { loss, json in
            json.member("at", loss.at)
            json.member("units", loss.units)
        }
    }

    private static func losses(
        _ name: String, _ object: inout ObjectReader
    ) throws(JSONReadError) -> [Loss] {
        try object.rows(name) { (row) throws(JSONReadError) in
            Loss(at: try row.value("at"), units: try row.quotedInteger("units"))
        }
    }
}

extension InventoryMemory {
    fileprivate func write(to json: inout JSONWriter) {
        json.member("domain", domain)
        json.member("isReported", isReported)
        json.member("reportedHeight", reportedHeight)
        json.member("reported", reported)
        json.rows("settled", settled) { settled, json in
            json.member("fillId", settled.fillID)
            json.member("height", settled.height)
            json.member("movements", settled.movements)
        }
        json.rows("reservations", reservations) { reservation, json in
            json.member("clientId", reservation.clientID)
            json.member("amounts", reservation.amounts)
        }
    }

    fileprivate init(_ row: inout ObjectReader) throws(JSONReadError) {
        self.init(domain: try row.value("domain"))
        isReported = try row.bool("isReported")
        reportedHeight = try row.uint64("reportedHeight")
        reported = try row.value("reported")
        settled = try row.rows("settled") { (row) throws(JSONReadError) in
            Settled(
                fillID: try row.freeText("fillId"), height: try row.uint64("height"),
                movements: try row.value("movements"))
        }
        reservations = try row.rows("reservations") { (row) throws(JSONReadError) in
            Reservation(clientID: try row.value("clientId"), amounts: try row.value("amounts"))
        }
    }
}
