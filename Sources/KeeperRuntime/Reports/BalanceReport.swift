import KeeperCodec
package import KeeperEngine
package import KeeperModel
import KeeperRisk
import WideMath

/// What the keeper owns at its venue, and how much of it is promised to open closes.
package struct BalanceReport: Sendable {
    private struct Row: Sendable {
        let asset: AssetDescription
        let owned: UInt256
        let reserved: UInt256
        let available: UInt256
        /// Kept aside; nil where the venue keeps nothing aside.
        let reserve: UInt256?
    }

    private let domain: DomainID
    private let isReported: Bool
    private let rows: [Row]

    /// The unit of account first: it is money, and no asset that a venue has to describe.
    package init(_ engine: Engine, domain: DomainID, unit: AssetDescription) {
        self.domain = domain
        let inventory = engine.risk.inventory(of: domain)
        isReported = inventory.isReported
        let reserve = engine.risk.reserve(of: domain)
        let described = engine.domain(domain)?.description?.assets ?? []
        let assets = [unit] + described.filter { $0.asset != unit.asset }
        rows = assets.map { asset in
            Row(
                asset: asset, owned: inventory.owned(asset.asset),
                reserved: inventory.reserved(asset.asset),
                available: inventory.available(asset.asset),
                reserve: reserve.isReported ? reserve.owned(asset.asset) : nil)
        }
    }

    package var lines: [String] {
        guard isReported else { return ["\(domain) has not said yet what the keeper owns"] }
        let hasReserve = rows.contains { $0.reserve != nil }
        return columns(
            [["asset", "owned", "reserved", "available"] + (hasReserve ? ["reserve"] : [])]
                + rows.map { row in
                    let money = MoneyText(row.asset)
                    let aside = row.reserve.map { [$0] } ?? []
                    return [row.asset.asset.text]
                        + ([row.owned, row.reserved, row.available] + aside).map {
                            money.number(Int256(exactly: $0) ?? .max)
                        }
                })
    }

    package var jsonText: String {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.member("domain", domain.text)
        json.member("reported", isReported)
        json.key("assets")
        json.beginArray()
        for row in rows {
            json.beginObject()
            json.member("asset", row.asset.asset.text)
            json.member("decimals", UInt64(row.asset.decimals))
            json.member("owned", row.owned)
            json.member("reserved", row.reserved)
            json.member("available", row.available)
            if let reserve = row.reserve { json.member("reserve", reserve) }
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }
}
