import KeeperCodec
package import KeeperModel
import KeeperRuntime
package import WideMath

/// Two policies on the same fall of prices, side by side, and the first settlement that differs.
package struct PolicyComparison: Sendable {
    package struct Row: Hashable, Sendable {
        package let name: String
        package let first: Int256
        package let second: Int256
        package let isCount: Bool
    }

    package let first: PolicyRun
    package let second: PolicyRun

    package init(_ first: PolicyRun, _ second: PolicyRun) {
        self.first = first
        self.second = second
    }

    /// Where the two records are no longer the same but for the names of their laws: nil where they
    /// are to the end.
    package var firstDifference: Int? {
        let common = zip(first.records, second.records).enumerated().first { _, pair in
            pair.0.height != pair.1.height || pair.0.account != pair.1.account
                || pair.0.lines != pair.1.lines
        }
        if let common { return common.offset }
        let (one, other) = (first.records.count, second.records.count)
        return one == other ? nil : min(one, other)
    }

    package var isSame: Bool { firstDifference == nil }

    package var rows: [Row] {
        func row(
            _ name: String, isCount: Bool = false, _ value: (PolicyRun) -> Int256
        ) -> Row {
            Row(name: name, first: value(first), second: value(second), isCount: isCount)
        }
        return [
            row("settlements", isCount: true) { Int256(Int64($0.records.count)) },
            row("still over their line", isCount: true) { Int256(Int64($0.leftCount)) },
            row("recovered, ppm", isCount: true) { $0.measures.recoveryPpm },
            row("deficit") { $0.measures.deficitUnits },
            row("fund at first") { $0.fundAtFirst }, row("fund at last") { $0.fundAtLast },
            row("fund at its lowest") { $0.fundLowest },
            row("deleveraged") { $0.measures.deleveragedUnits },
            row("socialised") { $0.measures.socialisedUnits },
            row("bad debt") { $0.measures.badDebtUnits },
            row("lent by backstops") { $0.measures.loanUnits },
        ]
    }

    /// Who gained and who gave, by reason, under each.
    package var payers: [Row] {
        struct Key: Hashable {
            let beneficiary: String
            let reason: String
        }
        func sums(_ run: PolicyRun) -> [Key: Int256] {
            Dictionary(
                uniqueKeysWithValues: run.lines.map {
                    (Key(beneficiary: $0.beneficiary, reason: $0.reason), $0.units)
                })
        }
        let (one, other) = (sums(first), sums(second))
        return Set(one.keys).union(other.keys).sorted {
            ($0.beneficiary, $0.reason) < ($1.beneficiary, $1.reason)
        }.map { key in
            Row(
                name: "\(key.beneficiary), \(key.reason)", first: one[key] ?? .zero,
                second: other[key] ?? .zero, isCount: false)
        }
    }
}

extension PolicyComparison {
    package func lines(_ unit: AssetDescription) -> [String] {
        let head = ["", first.policy.name, second.policy.name, "difference"]
        return columns([head] + rows.map { cells($0, unit) }) + [""]
            + columns(
                [["who got, or gave (-)"] + head.dropFirst()] + payers.map { cells($0, unit) })
            + [""] + columns(fundRows(unit)) + [""] + differenceLines(unit)
            + first.ownLawMarkets.map { "\($0) settles by a law of its own under both" }
    }

    private func cells(_ row: Row, _ unit: AssetDescription) -> [String] {
        let money = MoneyText(unit)
        return [row.name]
            + [row.first, row.second, row.second - row.first].map {
                row.isCount ? $0.description : money.number($0)
            }
    }

    /// At most a dozen heights, evenly over those at which either changed.
    private func fundRows(_ unit: AssetDescription) -> [[String]] {
        let money = MoneyText(unit)
        let heights = Set(first.fund.map(\.height) + second.fund.map(\.height)).sorted()
        let step = max(1, (heights.count + 11) / 12)
        let shown = heights.enumerated().filter {
            $0.offset % step == 0 || $0.offset == heights.count - 1
        }
        return [["fund at height", first.policy.name, second.policy.name]]
            + shown.map { _, height in
                ["\(height)"] + [first, second].map { money.number($0.fund(at: height)) }
            }
    }

    private func differenceLines(_ unit: AssetDescription) -> [String] {
        guard let index = firstDifference else { return ["every settlement is the same"] }
        let money = MoneyText(unit)
        func text(_ run: PolicyRun) -> String {
            guard index < run.records.count else { return "none" }
            let record = run.records[index]
            let lines = record.lines.map {
                "\($0.beneficiary) \($0.reason) \(money.number($0.amountUnits))"
            }
            return "height \(record.height), \(record.account): " + lines.joined(separator: "; ")
        }
        return [
            "settlement \(index + 1) is the first that differs",
            "  \(first.policy.name): \(text(first))", "  \(second.policy.name): \(text(second))",
        ]
    }

    package var jsonText: String {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.member("first", first.policy.name)
        json.member("second", second.policy.name)
        json.member("isSame", isSame)
        if let index = firstDifference {
            json.member("firstDifference", UInt64(index + 1))
        }
        for (name, rows) in [("figures", rows), ("lines", payers)] {
            json.key(name)
            json.beginArray()
            for row in rows {
                json.beginObject()
                json.member("name", row.name)
                json.member("first", row.first)
                json.member("second", row.second)
                json.endObject()
            }
            json.endArray()
        }
        for (name, run) in [("firstFund", first), ("secondFund", second)] {
            json.key(name)
            json.beginArray()
            for point in run.fund {
                json.beginObject()
                json.member("height", point.height)
                json.member("units", point.units)
                json.endObject()
            }
            json.endArray()
        }
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }
}

extension PolicyRun {
    fileprivate func fund(at height: Int64) -> Int256 {
        fund.last { $0.height <= height }?.units ?? fundAtFirst
    }
}
