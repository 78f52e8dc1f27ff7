import KeeperCodec
import KeeperJournal
package import KeeperModel
import KeeperRuntime
import WideMath

/// A study as a page of Markdown, or as JSON.
package struct StudyTable {
    private let plan: StudyPlan
    private let results: [StudyResult]
    private let money: MoneyText

    package init(_ plan: StudyPlan, _ results: [StudyResult], unit: AssetDescription) {
        self.plan = plan
        self.results = results
        money = MoneyText(unit)
    }

    // MARK: Markdown

    package var lines: [String] {
        let head = ["Window", "Strategy", "Headline"] + plan.rivals.countNames
        return [
            row(head), row(head.map { _ in "---" }),
        ] + results.flatMap(rows) + [""] + assumptions
    }

    private func rows(_ result: StudyResult) -> [String] {
        result.bands.enumerated().map { number, band in
            let headline =
                band.headline(of: plan.rivals).map {
                    "\(money.whole($0.lowerBound)) to \(money.whole($0.upperBound))"
                } ?? "none"
            return row(
                [number == 0 ? result.window : "", "`\(band.name)`", headline]
                    + band.levels.map(cell))
        }
    }

    private func cell(_ level: BacktestLevel) -> String {
        "\(level.result.tally.wonCount) won, \(level.costs.missedCount) lost, "
            + money.whole(level.netUnits)
    }

    private func row(_ cells: [String]) -> String {
        "| " + cells.joined(separator: " | ") + " |"
    }

    /// What all windows rest on once, and of the others what is theirs.
    private var assumptions: [String] {
        guard let first = results.first else { return [] }
        let common = first.parts.filter { part in
            results.allSatisfy { $0.parts.contains(part) }
        }
        let own = results.flatMap { result in
            result.parts.filter { !common.contains($0) }.map { "- \(result.window): \($0.line)" }
        }
        let unexplained = results.filter { result in
            !result.bands.flatMap(\.levels).allSatisfy(\.result.reconciliation.isClean)
        }.map(\.window)
        return ["All rest on:", ""] + common.map { "- " + $0.line } + ["", "Each on:", ""] + own
            + [
                "",
                unexplained.isEmpty
                    ? "Books of all runs: every unit explained."
                    : "Books differ: \(unexplained.joined(separator: ", ")).",
            ]
    }

    package var isReconciled: Bool {
        results.flatMap(\.bands).flatMap(\.levels).allSatisfy(\.result.reconciliation.isClean)
    }

    // MARK: JSON

    package var jsonText: String {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.member("study", plan.name)
        json.key("windows")
        json.beginArray()
        for result in results {
            json.beginObject()
            json.member("window", result.window)
            write(result.bands, result.parts, rivals: plan.rivals, to: &json)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }
}
