import KeeperCodec
package import KeeperJournal
package import KeeperModel

/// The report that the reference venue writes when it ends: what it says of one keeper.
package enum VenueReportFile {
    package static func statement(
        in bytes: [UInt8], domain: DomainID, keeper: String
    ) throws -> VenueStatement {
        let reader = JSONReader(try JSONValue.parse(bytes))
        var object = try reader.object()
        let keepers = try object.required("keepers").array()
        var balances: [AssetAmount] = []
        var reserve: [AssetAmount]?
        for entry in keepers {
            var fields = try entry.object()
            guard try fields.required("keeper").string == keeper else { continue }
            balances = try [AssetAmount](fields.required("balances"))
            reserve = try fields.valueIfPresent("reserve")
        }
        let settlements = try object.required("settlements").array {
            element throws(JSONReadError) in
            var fields = try element.object()
            return try SettlementRecord(fields.required("record"))
        }
        return VenueStatement(
            domain: domain, keeper: keeper, settlements: settlements, balances: balances,
            reserve: reserve, transfers: try transfers(&object, of: keeper))
    }

    /// Those that were carried out. A venue that keeps no reserve has no list of them.
    private static func transfers(
        _ object: inout ObjectReader, of keeper: String
    ) throws(JSONReadError) -> [ClientID: ReserveTransfer] {
        var transfers: [ClientID: ReserveTransfer] = [:]
        guard let list = object.optional("transfers") else { return transfers }
        for element in try list.array() {
            var fields = try element.object()
            let clientID: ClientID = try fields.value("clientId")
            guard try fields.required("keeper").string == keeper,
                case .settled(let receipt) = try fields.value("answer", as: CloseAnswer.self)
            else { continue }
            transfers[clientID] = receipt.reserveTransfer
        }
        return transfers
    }
}
