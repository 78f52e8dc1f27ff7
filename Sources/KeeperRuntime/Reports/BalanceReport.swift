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
    }

    private let domain: DomainID
    private let isReported: Bool
    private let rows: [Row]

    /// The unit of account first: it is money, and no asset that a venue has to describe.
    package init(_ engine: Engine, domain: DomainID, unit: AssetDescription) {
        self.domain = domain
        let inventory = engine.risk.inventory(of: domain)
        isReported = inventory.isReported
        let described = engine.domain(domain)?.description?.assets ?? []
        let assets = [unit] + described.filter { $0.asset != unit.asset }
        rows = assets.map { asset in
            Row(
                asset: asset, owned: inventory.owned(asset.asset),
                reserved: inventory.reserved(asset.asset),
                available: inventory.available(asset.asset))
        }
    }

    package var lines: [String] {
        guard isReported else { return ["\(domain) has not said yet what the keeper owns"] }
        return columns(
            [["asset", "owned", "reserved", "available"]]
                + rows.map { row in
                    let money = MoneyText(row.asset)
                    return [row.asset.asset.text]
                        + [row.owned, row.reserved, row.available].map {
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
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }
}
