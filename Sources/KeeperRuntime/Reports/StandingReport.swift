package import KeeperCodec
package import KeeperEngine
package import KeeperModel
import WideMath

/// Where an account stands at one moment, and what would change it.
package struct StandingReport: Sendable {
    private let account: AccountID
    private let explanations: [Explanation]
    private let money: MoneyText

    package init(
        _ explanations: [Explanation], account: AccountID, unit: AssetDescription
    ) {
        self.account = account
        self.explanations = explanations
        money = MoneyText(unit)
    }

    package var isKnown: Bool { explanations.contains { $0.standing != .unknownAccount } }

    package var lines: [String] {
        guard isKnown else {
            let markets = explanations.map { "\($0.target.domain) \($0.target.market)" }
            return [
                "\(account) is in none of the markets that were followed then: "
                    + (markets.isEmpty ? "none had been heard of" : markets.joined(separator: ", "))
            ]
        }
        return explanations.flatMap { lines($0) }
    }

    private func lines(_ one: Explanation) -> [String] {
        let version = one.accountVersion.map { ", version \($0)" } ?? ""
        let health = one.healthWad.map(HealthText.text) ?? "-"
        return [
            "\(one.target.domain) \(one.target.market) \(account)\(version) "
                + "at height \(one.height)",
            "    health = \(health)",
            "    standing = \(one.standing.label)" + sentence(one.standing),
        ] + one.prices.map { line($0) } + one.facts.map { "    \($0.name) = \($0.value)" }
    }

    private func sentence(_ standing: Explanation.Standing) -> String {
        switch standing {
        case .unknownAccount: ": not in this market"
        case .unreadable: ": does not fit the market's rules, so nobody watches it"
        case .healthy: ": not to be closed"
        case .busy(let clientID): ": \(clientID) is open"
        case .justClosed: ": the feed has yet to show our close"
        case .skipped: ""
        case .closeable: ": a close is proposed with the next price"
        }
    }

    private func line(_ price: LinePrice) -> String {
        let now = "\(money.number(signed(price.price))), \(price.age.milliseconds) ms old"
        guard let line = price.line else {
            return "    price of \(price.asset) = \(now); no price of it alone crosses the line"
        }
        return "    price of \(price.asset) = \(now); crosses at \(money.number(signed(line)))"
    }

    private func signed(_ amount: UInt256) -> Int256 { Int256(exactly: amount) ?? .max }

    package var jsonText: String {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.member("account", account.text)
        writeStandings(to: &json)
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }

    package func writeStandings(to json: inout JSONWriter) {
        json.key("standings")
        json.beginArray()
        for one in explanations { write(one, to: &json) }
        json.endArray()
    }

    private func write(_ one: Explanation, to json: inout JSONWriter) {
        json.beginObject()
        json.member("target", one.target)
        json.member("height", one.height)
        json.member("at", one.at)
        json.member("standing", one.standing.label)
        if let version = one.accountVersion { json.member("accountVersion", version) }
        if let health = one.healthWad { json.member("healthWad", health) }
        json.key("prices")
        json.beginArray()
        for price in one.prices {
            json.beginObject()
            json.member("asset", price.asset)
            json.member("price", price.price)
            json.member("ageMilliseconds", price.age.milliseconds)
            if let line = price.line { json.member("line", line) }
            json.endObject()
        }
        json.endArray()
        json.key("facts")
        json.beginObject()
        for fact in one.facts { json.member(fact.name, fact.value) }
        json.endObject()
        json.endObject()
    }
}
