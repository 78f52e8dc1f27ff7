package import KeeperCodec
import KeeperModel
package import WideMath

/// Two runs side by side, and the first decision that tells them apart.
package struct Comparison {
    package struct Row: Hashable, Sendable {
        package let name: String
        package let first: Int256?
        package let second: Int256?

        /// Counts are plain numbers; everything else is money.
        package var isCount: Bool { name.hasPrefix("count ") }
        package var isSame: Bool { first == second }
    }

    package let first: ComparableRun
    package let second: ComparableRun
    package let rows: [Row]
    /// Whether both runs kept their decisions.
    package let comparesDecisions: Bool
    package let difference: DecisionDifference?

    package var isSame: Bool { rows.allSatisfy(\.isSame) && difference == nil }

    package init(_ first: ComparableRun, _ second: ComparableRun) {
        self.first = first
        self.second = second
        var names = first.figures.map(\.name)
        names += second.figures.map(\.name).filter { !names.contains($0) }
        rows = names.map {
            Row(name: $0, first: first.value($0), second: second.value($0))
        }
        guard let one = first.decisions, let other = second.decisions else {
            comparesDecisions = false
            difference = nil
            return
        }
        comparesDecisions = true
        difference = DecisionDifference(one, other, by: Self.isSame)
    }

    /// Numbers of events, and the names made of them, shift with every event of our own; what was
    /// decided, about whom, when and why does not.
    private static func isSame(_ one: Decision, _ other: Decision) -> Bool {
        one.decidedAt == other.decidedAt && one.target == other.target
            && one.verdict.label == other.verdict.label && facts(one) == facts(other)
    }

    private static func facts(_ decision: Decision) -> [DecisionFact] {
        decision.facts.filter { $0.name != "fill" }
    }

    /// Runs of the same name stand beside each other; two lone runs do whatever they are called.
    package static func pairs(
        _ first: [ComparableRun], _ second: [ComparableRun]
    ) -> [Comparison] {
        let areLone = [first, second].allSatisfy { Set($0.map(\.name)).count == 1 }
        return first.compactMap { run in
            second.first { (areLone || $0.name == run.name) && $0.venue == run.venue }
                .map { Comparison(run, $0) }
        }
    }
}

extension Comparison {
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("first", first.name)
        json.member("second", second.name)
        if let venue = first.venue { json.member("venue", venue.text) }
        json.member("isSame", isSame)
        json.key("figures")
        json.beginArray()
        for row in rows {
            json.beginObject()
            json.member("name", row.name)
            json.key("first")
            if let value = row.first { json.amount(value) } else { json.null() }
            json.key("second")
            if let value = row.second { json.amount(value) } else { json.null() }
            json.endObject()
        }
        json.endArray()
        json.member("comparesDecisions", comparesDecisions)
        if let difference {
            json.member("firstDifference", UInt64(difference.number))
        }
        json.endObject()
    }
}
