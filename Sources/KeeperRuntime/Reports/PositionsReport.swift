import KeeperCodec
package import KeeperEngine
package import KeeperModel
import WideMath

/// The accounts nearest to their lines, in all markets of a domain: below 1 is over the line.
package struct PositionsReport: Sendable {
    private struct Row: Sendable {
        let market: MarketID
        let account: AccountID
        let healthWad: UInt256
    }

    private let rows: [Row]
    private let accountCount: Int

    package init(_ engine: Engine, domain: DomainID, countMax: Int) {
        let books = engine.domain(domain)?.books ?? NameOrder()
        let nearest = zip(books.names, books.values).flatMap { market, book in
            book.nearest(countMax).map {
                Row(market: market, account: $0.account, healthWad: $0.healthWad)
            }
        }
        // Each market's are in order, and so by market and account; health decides between them.
        let sorted = nearest.enumerated().sorted { left, right in
            left.element.healthWad != right.element.healthWad
                ? left.element.healthWad < right.element.healthWad : left.offset < right.offset
        }
        rows = sorted.prefix(countMax).map(\.element)
        accountCount = engine.load.accountCount
    }

    package var lines: [String] {
        guard !rows.isEmpty else { return ["no accounts are followed yet"] }
        return columns(
            [["account", "market", "health"]]
                + rows.map { [$0.account.text, $0.market.text, HealthText.text($0.healthWad)] })
            + ["\(rows.count) of \(accountCount) accounts"]
    }

    package var jsonText: String {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.member("accounts", UInt64(accountCount))
        json.key("positions")
        json.beginArray()
        for row in rows {
            json.beginObject()
            json.member("market", row.market.text)
            json.member("account", row.account.text)
            json.member("healthWad", row.healthWad)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }
}

/// A health for people: 1 is the line.
enum HealthText {
    static func text(_ wad: UInt256) -> String {
        guard wad != .max else { return "without debt" }
        // Of a number with 18 decimals, to six, cut.
        let micro = wad / UInt256(1_000_000_000_000)
        let whole = micro / UInt256(1_000_000)
        let rest = (micro - whole * UInt256(1_000_000)).description
        return "\(whole)." + String(repeating: "0", count: 6 - rest.count) + rest
    }
}
