import KeeperCodec
package import KeeperModel
package import KeeperRuntime

/// Keeps every decision of a run, to hold them against those of another.
package final class DecisionList: DecisionSink {
    package private(set) var decisions: [Decision] = []

    package init() {}

    package func append(_ decision: Decision) throws(KeeperStop) {
        decisions.append(decision)
    }
}

/// Two runs' first decision that is not the same.
package struct DecisionDifference: Hashable, Sendable {
    /// Counts from 1.
    package let number: Int
    /// Nil where one run had no more decisions.
    package let first: Decision?
    package let second: Decision?

    /// Nil where none differs.
    package init?(
        _ first: [Decision], _ second: [Decision], by isSame: (Decision, Decision) -> Bool = (==)
    ) {
        let common = zip(first, second).enumerated().first { !isSame($1.0, $1.1) }
        if let (index, (one, other)) = common {
            self.init(number: index + 1, first: one, second: other)
            return
        }
        guard first.count != second.count else { return nil }
        let index = min(first.count, second.count)
        self.init(
            number: index + 1, first: index < first.count ? first[index] : nil,
            second: index < second.count ? second[index] : nil)
    }

    /// One decision of each run, the number being that of the first run's.
    init?(_ first: [Decision], _ second: [Decision], startingAt number: Int) {
        guard let difference = DecisionDifference(first, second) else { return nil }
        self.init(number: number, first: difference.first, second: difference.second)
    }

    private init(number: Int, first: Decision?, second: Decision?) {
        self.number = number
        self.first = first
        self.second = second
    }

    package func lines(_ firstName: String, _ secondName: String) -> [String] {
        [
            "decision \(number) differs", "  \(firstName): \(Self.text(first))",
            "  \(secondName): \(Self.text(second))",
        ]
    }

    private static func text(_ decision: Decision?) -> String {
        decision.map { String(decoding: $0.jsonBytes, as: UTF8.self) } ?? "no more decisions"
    }
}
