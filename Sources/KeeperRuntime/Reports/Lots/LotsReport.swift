import KeeperCodec
package import KeeperModel
import WideMath

/// What was disposed of against what it had cost, and what is at hand still.
package struct LotsReport: Sendable {
    private let book: LotBook
    private let method: LotMethod
    private let unit: AssetDescription

    package init(_ book: LotBook, method: LotMethod, unit: AssetDescription) {
        self.book = book
        self.method = method
        self.unit = unit
    }

    private static let head = [
        "kind", "domain", "asset", "acquired", "disposed", "amount", "cost", "proceeds", "gain",
    ]

    /// A row for each part of a disposal, then one for each lot at hand; values in smallest units.
    private var rows: [[String]] {
        let disposed = book.disposals.map { part in
            [
                "disposal", part.holding.domain.text, part.holding.asset.text,
                part.acquiredAt.map(UTCText.text) ?? "-", UTCText.text(part.disposedAt),
                part.amount.description, part.costUnits.description,
                part.proceedsUnits.description, part.gainUnits.description,
            ]
        }
        let open = book.openLots.map { holding, lot in
            [
                "open", holding.domain.text, holding.asset.text, UTCText.text(lot.acquiredAt),
                "-", lot.amount.description, lot.costUnits.description, "-", "-",
            ]
        }
        return disposed + open
    }

    package var lines: [String] {
        let gain = book.disposals.reduce(Int256.zero) { $0 + $1.gainUnits }
        return ["lots by \(method.rawValue); amounts and values in smallest units"]
            + columns([Self.head] + rows)
            + ["gain of all disposals: \(MoneyText(unit).text(gain))"]
    }

    package var csvLines: [String] { CSVText.lines([Self.head] + rows) }

    package var jsonText: String {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.member("unit", unit.asset.text)
        json.member("method", method.rawValue)
        json.key("rows")
        json.beginArray()
        for row in rows {
            json.beginObject()
            for (name, value) in zip(Self.head, row) where value != "-" { json.member(name, value) }
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }
}
