import KeeperCodec
import KeeperModel
import KeeperRuntime
import WideMath

/// One page that needs nothing else: style, charts and figures are in it, and no script.
package struct ReportPage: Sendable {
    private let head: ReportHead
    private let runs: [RunMeasures]
    /// Where each run is one of several, against more rivals or fewer.
    private let bands: BandSection?

    package init(_ head: ReportHead, _ runs: [RunMeasures], bands: BandSection? = nil) {
        self.head = head
        self.runs = runs
        self.bands = bands
    }

    package var html: String {
        let title = HTMLText.escaped("Backtest of \(head.recording)")
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width,initial-scale=1">
            <meta http-equiv="Content-Security-Policy" \
            content="default-src 'none'; style-src 'unsafe-inline'">
            <title>\(title)</title><style>
            \(ReportStyle.css)</style></head><body><main>
            <header><h1>\(title)</h1>\(facts)</header>
            \(bands?.html ?? "")
            \(overview)
            \(runs.map { RunSection($0).html }.joined(separator: "\n"))
            <footer><p class="soft">Figures are rounded to the hundredth; the JSON beside this \
            page has them to the unit.</p></footer>
            </main></body></html>

            """
    }

    package var jsonText: String {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.member("kind", "backtest")
        head.write(to: &json)
        json.key("results")
        json.beginArray()
        for run in runs { run.write(to: &json) }
        json.endArray()
        bands?.write(to: &json)
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }

    private var facts: String {
        var rows = [
            ("recording", "\(head.recording), SHA-256 \(head.recordingHash)"),
            ("configuration", "SHA-256 \(head.configHash)"), ("build", head.build),
        ]
        if let first = runs.first, let from = first.from, let until = first.until {
            rows.insert(("time", "\(UTCText.text(from)) to \(UTCText.text(until))"), at: 1)
        }
        rows += head.assumptions.map { ("assumes", $0) }
        let list = rows.map { name, value in
            "<dt>\(HTMLText.escaped(name))</dt><dd>\(HTMLText.escaped(value))</dd>"
        }
        return "<dl>\(list.joined())</dl>"
    }

    private var overview: String {
        let rows = runs.flatMap { [$0] + $0.venues }.map { row(of: $0) }
        let unit = runs.first?.unit.asset.text ?? ""
        let table = HTMLTable(
            caption: "Every strategy by itself, in \(unit)",
            head: [
                "strategy", "won", "net", "band from", "to", "share", "drawdown", "quotable",
            ], rows: rows)
        let tried =
            head.triedCount > 1
            ? "\(head.triedCount) configurations were tried on this recording: the best of them "
                + "is better than it will be on the next." : "One configuration was tried."
        return "<section><div class=\"scroll\">\(table.html)</div>"
            + HTMLText.paragraph(tried, class: "soft") + "</section>"
    }

    private func row(of run: RunMeasures) -> [String] {
        let figures = PageFigures(unit: run.unit)
        let isOther = run.unit != runs.first?.unit
        let amounts =
            run.hasOneUnit
            ? [
                figures.money(run.evidence.netUnits) + (isOther ? " \(run.unit.asset)" : ""),
                run.bandText.low, run.bandText.high,
            ] : ["–", "–", "–"]
        return [run.title, "\(run.closes.count(where: \.isWon))"] + amounts + [
            run.shareCapturedPpm.map { PageFigures.percent(ppm: Int256($0)) } ?? "–",
            run.hasOneUnit ? figures.money(run.equity.drawdownUnits) : "–",
            run.headlineRefusals.isEmpty ? "yes" : "no",
        ]
    }
}
