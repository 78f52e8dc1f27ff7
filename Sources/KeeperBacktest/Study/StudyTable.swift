import KeeperCodec
import KeeperJournal
package import KeeperModel
package import KeeperRuntime
import WideMath

/// A study as a page of Markdown, or as JSON.
package struct StudyTable {
    private let plan: StudyPlan
    private let rows: [StudyRow]
    private let money: MoneyText

    /// Rows of one window stand together.
    package init(_ plan: StudyPlan, _ rows: [StudyRow], unit: AssetDescription) {
        self.plan = plan
        self.rows = rows
        money = MoneyText(unit)
    }

    /// Of each window its rows, in the order in which they came.
    private var windows: [(name: String, rows: [StudyRow])] {
        var windows: [(name: String, rows: [StudyRow])] = []
        for row in rows {
            if windows.last?.name == row.window {
                windows[windows.count - 1].rows.append(row)
            } else {
                windows.append((row.window, [row]))
            }
        }
        return windows
    }

    // MARK: Markdown

    package var lines: [String] {
        let head = ["Window", "Strategy", "Headline"] + plan.rivals.countNames
        return [
            line(head), line(head.map { _ in "---" }),
        ]
            + windows.flatMap { window in
                window.rows.enumerated().map { number, row in
                    line(
                        [
                            number == 0 ? window.name : "", "`\(row.strategy)`",
                            Self.headline(row, money),
                        ]
                            + row.levels.map(cell))
                }
            } + [""] + assumptions
    }

    /// The range that a row is about, in whole units.
    package static func headline(_ row: StudyRow, _ money: MoneyText) -> String {
        row.headline.map {
            "\(money.whole($0.lowerBound)) to \(money.whole($0.upperBound))"
        } ?? "none"
    }

    private func cell(_ level: StudyRow.Level) -> String {
        "\(level.wonCount) won, \(level.lostCount) lost, " + money.whole(level.netUnits)
    }

    private func line(_ cells: [String]) -> String {
        "| " + cells.joined(separator: " | ") + " |"
    }

    /// What all windows rest on once, and of the others what is theirs.
    private var assumptions: [String] {
        guard let first = rows.first else { return [] }
        let common = first.parts.filter { part in
            rows.allSatisfy { $0.parts.contains(part) }
        }
        let own = windows.flatMap { window in
            (window.rows.first?.parts ?? []).filter { !common.contains($0) }.map {
                "- \(window.name): \($0.line)"
            }
        }
        let unexplained = windows.filter { !$0.rows.allSatisfy(\.isReconciled) }.map(\.name)
        return ["All rest on:", ""] + common.map { "- " + $0.line } + ["", "Each on:", ""] + own
            + [
                "",
                unexplained.isEmpty
                    ? "Books of all runs: every unit explained."
                    : "Books differ: \(unexplained.joined(separator: ", ")).",
            ]
    }

    package var isReconciled: Bool { rows.allSatisfy(\.isReconciled) }

    // MARK: JSON

    package var jsonText: String {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.member("study", plan.name)
        json.key("windows")
        json.beginArray()
        for window in windows {
            json.beginObject()
            json.member("window", window.name)
            json.key("parts")
            json.beginArray()
            for part in window.rows.first?.parts ?? [] { part.write(to: &json) }
            json.endArray()
            json.key("results")
            json.beginArray()
            for row in window.rows { json.value(row.result) }
            json.endArray()
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }
}
