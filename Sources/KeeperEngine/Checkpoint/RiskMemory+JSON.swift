import KeeperCodec
import KeeperModel
import KeeperRisk

extension RiskMemory {
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("isKilled", isKilled)
        if !pausedDomains.isEmpty { json.member("pausedDomains", pausedDomains) }
        json.member("openIntents", openIntents)
        json.rows("inventories", inventories) { inventory, json in inventory.write(to: &json) }
        json.member("approvals", history.approvals)
        Self.write(history.losses, "losses", to: &json)
        Self.write(history.gasBooked, "gasBooked", to: &json)
        json.rows("failuresAt", history.failures) { failure, json in
            json.member("at", failure.at)
            if let domain = failure.domain { json.member("domain", domain) }
        }
        json.member("strategies", strategies)
        json.rows("gasOffered", gasOffered) { offer, json in
            json.member("clientId", offer.clientID)
            json.member("units", offer.units)
        }
        json.rows("reserves", reserves) { reserve, json in reserve.write(to: &json) }
        json.rows("transfers", transfers) { transfer, json in transfer.write(to: &json) }
        json.endObject()
    }

    init(_ reader: JSONReader) throws(JSONReadError) {
        self.init()
        var object = try reader.object()
        isKilled = try object.bool("isKilled")
        pausedDomains = try object.valueIfPresent("pausedDomains") ?? []
        openIntents = try object.value("openIntents")
        inventories = try object.rows("inventories") { (row) throws(JSONReadError) in
            try InventoryMemory(&row)
        }
        history.approvals = try object.value("approvals")
        history.losses = try Self.losses("losses", &object)
        history.gasBooked = try Self.losses("gasBooked", &object)
        history.failures = try Self.failures(&object)
        strategies = try object.value("strategies")
        gasOffered = try object.rows("gasOffered") { (row) throws(JSONReadError) in
            GasOffer(clientID: try row.value("clientId"), units: try row.quotedInteger("units"))
        }
        try readPurses(&object)
        try object.finish()
    }

    /// Checkpoints of before there was a treasury say nothing of it.
    private mutating func readPurses(_ object: inout ObjectReader) throws(JSONReadError) {
        reserves = try object.rowsIfPresent("reserves") { (row) throws(JSONReadError) in
            try InventoryMemory(&row)
        }
        transfers = try object.rowsIfPresent("transfers") { (row) throws(JSONReadError) in
            try NotedTransfer(&row)
        }
    }

    /// Checkpoints of before there were several venues in one keeper name none.
    private static func failures(_ object: inout ObjectReader) throws(JSONReadError) -> [Failure] {
        let unnamed: [Instant] = try object.valueIfPresent("failures") ?? []
        return unnamed.map { Failure(at: $0, domain: nil) }
            + (try object.rowsIfPresent("failuresAt") { (row) throws(JSONReadError) in
                Failure(at: try row.value("at"), domain: try row.valueIfPresent("domain"))
            })
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

extension NotedTransfer {
    fileprivate func write(to json: inout JSONWriter) {
        json.member("at", at)
        if let clientID { json.member("clientId", clientID) }
        json.member("domain", domain)
        json.member("asset", asset)
        json.member("amount", amount)
    }

    fileprivate init(_ row: inout ObjectReader) throws(JSONReadError) {
        self.init(
            at: try row.value("at"), clientID: try row.valueIfPresent("clientId"),
            domain: try row.value("domain"), asset: try row.value("asset"),
            amount: try row.quotedInteger("amount"))
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
