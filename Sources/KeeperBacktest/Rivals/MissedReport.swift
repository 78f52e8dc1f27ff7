package import KeeperCodec
package import KeeperModel
package import KeeperRuntime
package import WideMath

/// Real closes beside our own decisions: for each that we did not make one cause, and what it was
/// worth to whoever made it.
package final class MissedReport: DecisionSink {
    package struct Item: Hashable, Sendable {
        package let at: Instant
        package let target: Target
        package let cause: MissedCause
        package let keeper: String
        package let valueUnits: Int256
    }

    package struct Line: Hashable, Sendable {
        package let cause: MissedCause
        package internal(set) var count: UInt64 = 0
        package internal(set) var valueUnits = Int256.zero
    }

    package private(set) var items: [Item] = []

    package init() {}

    package func append(_ decision: Decision) throws(KeeperStop) {
        guard case .missed(let cause) = decision.verdict else { return }
        func fact(_ name: String) -> String? {
            decision.facts.first { $0.name == name }?.value
        }
        let digits = Array((fact("value") ?? "0").utf8)
        items.append(
            Item(
                at: decision.decidedAt, target: decision.target, cause: cause,
                keeper: fact("keeper") ?? "unknown",
                valueUnits: Decimal.integer(digits, 0..<digits.count, as: Int256.self) ?? .zero))
    }

    /// By cause, what was worth most first.
    package var lines: [Line] {
        let lines = MissedCause.allCases.compactMap { cause -> Line? in
            let missed = items.filter { $0.cause == cause }
            guard !missed.isEmpty else { return nil }
            return Line(
                cause: cause, count: UInt64(missed.count),
                valueUnits: missed.reduce(.zero) { $0 + $1.valueUnits })
        }
        return lines.sorted {
            $0.valueUnits != $1.valueUnits
                ? $0.valueUnits > $1.valueUnits : $0.cause.rawValue < $1.cause.rawValue
        }
    }

    package func text(_ unit: AssetDescription) -> [String] {
        let money = MoneyText(unit)
        let rows = lines.map { [$0.cause.rawValue, "\($0.count)", money.number($0.valueUnits)] }
        return columns([["cause", "closes", "worth"]] + rows)
    }

    package func write(to json: inout JSONWriter) {
        json.key("causes")
        json.beginArray()
        for line in lines {
            json.beginObject()
            json.member("cause", line.cause.rawValue)
            json.member("closes", line.count)
            json.member("value", line.valueUnits)
            json.endObject()
        }
        json.endArray()
        json.key("closes")
        json.beginArray()
        for item in items {
            json.beginObject()
            json.member("at", item.at)
            json.member("market", item.target.market.text)
            json.member("account", item.target.account.text)
            json.member("cause", item.cause.rawValue)
            json.member("keeper", item.keeper)
            json.member("value", item.valueUnits)
            json.endObject()
        }
        json.endArray()
    }
}
