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
        for entry in keepers {
            var fields = try entry.object()
            guard try fields.required("keeper").string == keeper else { continue }
            balances = try [AssetAmount](fields.required("balances"))
        }
        let settlements = try object.required("settlements").array {
            element throws(JSONReadError) in
            var fields = try element.object()
            return try SettlementRecord(fields.required("record"))
        }
        return VenueStatement(
            domain: domain, keeper: keeper, settlements: settlements, balances: balances)
    }
}
