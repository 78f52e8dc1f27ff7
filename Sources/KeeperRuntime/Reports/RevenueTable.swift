import KeeperCodec
package import KeeperJournal
package import KeeperModel
import WideMath

/// Revenue split one way: a line for each day, strategy, market, asset, account or lane.
package struct RevenueTable: Sendable {
    private let grouping: RevenueGrouping
    private let rows: [RevenueLine]
    private let unit: AssetDescription

    package init(
        _ journal: Journal, by grouping: RevenueGrouping, unit: AssetDescription
    ) throws(JournalError) {
        self.init(try journal.revenue(by: grouping), by: grouping, unit: unit)
    }

    package init(_ rows: [RevenueLine], by grouping: RevenueGrouping, unit: AssetDescription) {
        self.rows = rows
        self.grouping = grouping
        self.unit = unit
    }

    package var lines: [String] {
        let money = MoneyText(unit)
        let net = rows.reduce(Int256.zero) { $0 + $1.earnedUnits }
        return columns(
            [[grouping.rawValue, "entries", "net in \(unit.asset)"]]
                + rows.map { [$0.key, "\($0.entryCount)", money.number($0.earnedUnits)] }
                + [["all", "", money.number(net)]])
    }

    package var csvLines: [String] {
        CSVText.lines(
            [[grouping.rawValue, "entries", "net"]]
                + rows.map { [$0.key, "\($0.entryCount)", $0.earnedUnits.description] })
    }

    package var jsonText: String {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.member("unit", unit.asset.text)
        json.member("decimals", UInt64(unit.decimals))
        json.member("by", grouping.rawValue)
        json.key("lines")
        json.beginArray()
        for row in rows {
            json.beginObject()
            json.member("key", row.key)
            json.member("entries", UInt64(row.entryCount))
            json.member("net", row.earnedUnits)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }
}
