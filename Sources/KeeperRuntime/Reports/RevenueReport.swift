package import KeeperCodec
package import KeeperJournal
package import KeeperModel
package import WideMath

/// What was earned and spent, from postings alone.
///
/// Every movement of a close carries its worth at the venue's own price. Summed by cause they read:
/// what was seized less what was repaid is the bonus; what a sale fetched less what was sold is
/// slippage (a gain where the book paid more than the oracle says); premiums, incentives and gas
/// stand for themselves. Their sum is the net, to the unit.
package struct RevenueReport: Sendable {
    package let unit: AssetDescription
    package let closeCount: Int
    package let bonusUnits: Int256
    package let incentiveUnits: Int256
    package let slippageUnits: Int256
    package let flashPremiumUnits: Int256
    package let feeUnits: Int256
    package let gasUnits: Int256
    package let netUnits: Int256
    package let byStrategy: [RevenueLine]
    package let byMarket: [RevenueLine]
    /// Empty where there is one: markets of different venues may have the same name.
    package let byDomain: [RevenueLine]
    package let expectation: RevenueExpectation

    /// Of one domain, or of all together.
    package init(
        _ journal: Journal, unit: AssetDescription, in domain: DomainID? = nil
    ) throws(JournalError) {
        self.unit = unit
        var units: [String: Int256] = [:]
        for line in try journal.revenue(by: .cause, in: domain) {
            units[line.key] = line.earnedUnits
        }
        func sum(_ causes: MovementCause...) -> Int256 {
            causes.reduce(.zero) { $0 + (units[$1.rawValue] ?? .zero) }
        }
        bonusUnits = sum(.seized, .repaid)
        incentiveUnits = sum(.incentive)
        slippageUnits = sum(.exitSold, .exitProceeds)
        flashPremiumUnits = sum(.flashPremium)
        feeUnits = sum(.venueFee)
        gasUnits = sum(.gas)
        let total = try journal.revenue(by: .total, in: domain)
        netUnits = total.reduce(.zero) { $0 + $1.earnedUnits }
        closeCount = total.reduce(0) { $0 + $1.entryCount }
        byStrategy = try journal.revenue(by: .strategy, in: domain)
        byMarket = try journal.revenue(by: .market, in: domain)
        let domains = try journal.revenue(by: .domain, in: domain)
        byDomain = domains.count > 1 ? domains : []
        expectation = RevenueExpectation(try journal.outcomeSums(in: domain))
    }

    /// What the causes do not add up to: zero, because loans come and go whole.
    package var unexplainedUnits: Int256 {
        netUnits - bonusUnits - incentiveUnits - slippageUnits - flashPremiumUnits - feeUnits
            - gasUnits
    }

    package var lines: [String] {
        let money = MoneyText(unit)
        var rows = [
            ["bonus of seized collateral", money.number(bonusUnits)],
            ["incentives of margin closes", money.number(incentiveUnits)],
            ["exit against the oracle", money.number(slippageUnits)],
            ["flash premiums", money.number(flashPremiumUnits)],
            ["venue fees", money.number(feeUnits)],
            ["gas", money.number(gasUnits)],
            ["net", money.number(netUnits)],
        ]
        for line in byStrategy {
            rows.append(["  by \(line.key), \(line.entryCount)", money.number(line.earnedUnits)])
        }
        for line in byDomain {
            rows.append(["  at \(line.key), \(line.entryCount)", money.number(line.earnedUnits)])
        }
        for line in byMarket {
            rows.append(["  in \(line.key), \(line.entryCount)", money.number(line.earnedUnits)])
        }
        return ["revenue of \(closeCount) closes, in \(unit.asset)"] + columns(rows)
            + expectationLines(money)
    }

    private func expectationLines(_ money: MoneyText) -> [String] {
        let head = ["expected against realised", "expected", "realised", "difference"]
        return columns(
            [head]
                + expectation.lines.map { line in
                    [
                        line.cause, money.number(line.expectedUnits),
                        money.number(line.realisedUnits), money.number(line.differenceUnits),
                    ]
                })
    }

    /// The causes alone, a row each.
    package var csvLines: [String] {
        CSVText.lines([["cause", "net"]] + causes.map { [$0.key, $0.value.description] })
    }

    private var causes: KeyValuePairs<String, Int256> {
        [
            "bonus": bonusUnits, "incentives": incentiveUnits, "exit": slippageUnits,
            "flashPremiums": flashPremiumUnits, "venueFees": feeUnits, "gas": gasUnits,
            "net": netUnits, "unexplained": unexplainedUnits,
        ]
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.member("unit", unit.asset.text)
        json.member("decimals", UInt64(unit.decimals))
        json.member("closes", UInt64(closeCount))
        for (name, units) in causes { json.member(name, units.description) }
        write(byStrategy, "byStrategy", &json)
        write(byMarket, "byMarket", &json)
        if !byDomain.isEmpty { write(byDomain, "byDomain", &json) }
        writeExpectation(&json)
        json.endObject()
    }

    private func writeExpectation(_ json: inout JSONWriter) {
        json.key("expectation")
        json.beginArray()
        for line in expectation.lines {
            json.beginObject()
            json.member("cause", line.cause)
            json.member("expected", line.expectedUnits)
            json.member("realised", line.realisedUnits)
            json.endObject()
        }
        json.endArray()
    }

    private func write(_ lines: [RevenueLine], _ name: String, _ json: inout JSONWriter) {
        json.key(name)
        json.beginArray()
        for line in lines {
            json.beginObject()
            json.member("key", line.key)
            json.member("closes", UInt64(line.entryCount))
            json.member("net", line.earnedUnits.description)
            json.endObject()
        }
        json.endArray()
    }

    package var jsonText: String {
        var json = JSONWriter()
        write(to: &json)
        return String(decoding: json.finish(), as: UTF8.self)
    }
}
