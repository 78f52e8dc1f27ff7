import FoundationEssentials
import KeeperCodec
package import KeeperCommands
package import KeeperRuntime

/// Where a report lies: the page, and beside it the JSON and each run's decisions.
package struct ReportFiles: Sendable {
    package let page: String
    package let json: String
    private let stem: String

    /// The page's name has to end in `.html`; the others are made of it.
    package init(page: String) throws(UsageError) {
        guard page.hasSuffix(".html"), page.count > 5 else {
            throw UsageError("--report \(page): the page's name ends in .html")
        }
        self.page = page
        stem = String(page.dropLast(5))
        json = stem + ".json"
    }

    /// The name of the JSON is made of the page's, so nobody has said that a file of that name may
    /// go: only an earlier result is written over.
    package func requireNobodyElses() throws(StartProblem) {
        // One that is not there, or cannot be read, is found out by writing it.
        guard let bytes = try? Data(contentsOf: URL(filePath: json)) else { return }
        // What is no JSON is no result.
        let found = try? JSONValue.parse([UInt8](bytes))
        guard found?["kind"] == .string("backtest") else {
            throw StartProblem(
                .cannotCreate,
                "\(json): is there and no result of a backtest, and would be written over with "
                    + "--report \(page); choose another name")
        }
    }

    /// The decisions of one run, a line each.
    package func decisions(of run: String) -> String { "\(stem).\(run).decisions" }

    package func write(_ report: ReportPage) throws(StartProblem) {
        try Self.write(report.html, to: page)
        try Self.write(report.jsonText + "\n", to: json)
    }

    /// Whole or not at all.
    static func write(_ text: String, to path: String) throws(StartProblem) {
        do {
            try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw StartProblem(
                .cannotCreate, "\(path): cannot be written; does its folder exist and take files?")
        }
    }
}
