import KeeperCodec
package import KeeperJournal
package import KeeperModel
import WideMath

/// Every close with its ending, the latest first.
package struct ClosesReport: Sendable {
    private let closes: [JournaledClose]
    private let unit: AssetDescription

    package init(_ journal: Journal, unit: AssetDescription) throws(JournalError) {
        closes = try journal.closes(CloseFilter(countMax: 100_000))
        self.unit = unit
    }

    package var lines: [String] {
        guard !closes.isEmpty else { return ["no closes"] }
        let money = MoneyText(unit)
        let isOne = Set(closes.map(\.intent.plan.target.domain)).count == 1
        let venue = isOne ? [] : ["venue"]
        let header = ["account", "strategy", "ending", "attempts", "expected", "realised"]
        return columns(
            [["close"] + venue + header]
                + closes.map { close in
                    let domain = isOne ? [] : [close.intent.plan.target.domain.text]
                    return [close.intent.plan.clientID.text] + domain + [
                        close.intent.plan.target.account.text,
                        close.intent.strategy.text, close.ending?.label ?? "open",
                        "\(close.attemptCount)",
                        money.number(close.intent.expectation.netUnits),
                        close.realisedUnits.map { money.number($0) } ?? "-",
                    ]
                })
    }

    package var csvLines: [String] {
        let head = [
            "clientId", "domain", "market", "account", "strategy", "created", "ending",
            "attempts", "expectedNet", "realisedNet",
        ]
        return CSVText.lines(
            [head]
                + closes.map { close in
                    let target = close.intent.plan.target
                    return [
                        close.intent.plan.clientID.text, target.domain.text, target.market.text,
                        target.account.text, close.intent.strategy.text,
                        UTCText.text(close.createdAt), close.ending?.label ?? "open",
                        "\(close.attemptCount)",
                        close.intent.expectation.netUnits.description,
                        close.realisedUnits?.description ?? "",
                    ]
                })
    }

    package var jsonText: String {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.key("closes")
        json.beginArray()
        for close in closes { write(close, &json) }
        json.endArray()
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }

    private func write(_ close: JournaledClose, _ json: inout JSONWriter) {
        let plan = close.intent.plan
        json.beginObject()
        json.member("clientId", plan.clientID.text)
        json.member("domain", plan.target.domain.text)
        json.member("market", plan.target.market.text)
        json.member("account", plan.target.account.text)
        json.member("strategy", close.intent.strategy.text)
        json.member("ending", close.ending?.label ?? "open")
        json.member("attempts", UInt64(close.attemptCount))
        json.member("expectedNet", close.intent.expectation.netUnits.description)
        if let realised = close.realisedUnits {
            json.member("realisedNet", realised.description)
        }
        if case .won(let receipt) = close.ending { json.member("fill", receipt.fillID) }
        json.endObject()
    }
}
