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

    /// By cause, what was worth most first; at one venue, or at all.
    package func lines(at domain: DomainID? = nil) -> [Line] {
        let own = items.filter { domain == nil || $0.target.domain == domain }
        let lines = MissedCause.allCases.compactMap { cause -> Line? in
            let missed = own.filter { $0.cause == cause }
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

    /// A table of all where there is one venue; otherwise one of each, in what that counts in.
    package func text(_ venues: [VenueUnit]) -> [String] {
        guard venues.count > 1 else { return table(lines(), venues[0].unit) }
        return venues.flatMap { venue in
            ["at \(venue.domain), in \(venue.unit.asset)"]
                + table(lines(at: venue.domain), venue.unit) + [""]
        }
    }

    private func table(_ lines: [Line], _ unit: AssetDescription) -> [String] {
        let money = MoneyText(unit)
        let rows = lines.map { [$0.cause.rawValue, "\($0.count)", money.number($0.valueUnits)] }
        return columns([["cause", "closes", "worth"]] + rows)
    }

    package func write(_ venues: [VenueUnit], to json: inout JSONWriter) {
        if venues.count > 1 {
            json.key("venues")
            json.beginArray()
            for venue in venues {
                json.beginObject()
                json.member("venue", venue.domain.text)
                json.member("unit", venue.unit.asset.text)
                write(lines(at: venue.domain), to: &json)
                json.endObject()
            }
            json.endArray()
        } else {
            write(lines(), to: &json)
        }
        json.key("closes")
        json.beginArray()
        for item in items { write(item, ofSeveral: venues.count > 1, to: &json) }
        json.endArray()
    }

    private func write(_ lines: [Line], to json: inout JSONWriter) {
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
    }

    private func write(_ item: Item, ofSeveral isSeveral: Bool, to json: inout JSONWriter) {
        json.beginObject()
        json.member("at", item.at)
        if isSeveral { json.member("venue", item.target.domain.text) }
        json.member("market", item.target.market.text)
        json.member("account", item.target.account.text)
        json.member("cause", item.cause.rawValue)
        json.member("keeper", item.keeper)
        json.member("value", item.valueUnits)
        json.endObject()
    }
}
