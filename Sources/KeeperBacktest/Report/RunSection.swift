import KeeperCodec
import KeeperModel
import WideMath

/// What one strategy did, from the headline down to the venue's losses.
struct RunSection {
    private let run: RunMeasures
    private let figures: PageFigures
    private let bars: BarCharts

    init(_ run: RunMeasures) {
        self.run = run
        figures = PageFigures(unit: run.unit)
        bars = BarCharts(run)
    }

    /// The whole, and behind it the part of each of several venues.
    var html: String {
        let title = "<h2>\(HTMLText.escaped(run.title))</h2>"
        let parts = run.venues.map { RunSection($0).html }.joined(separator: "\n")
        guard run.hasOneUnit else { return "<section>\(title)\(headline)</section>" + parts }
        let charts = run.from == nil ? [] : [prices, equity, funnel, money, close, health]
        return "<section>\(title)" + headline + tiles + charts.joined() + latency
            + (run.venues.isEmpty ? venue : "") + "</section>" + parts
    }

    // MARK: The one figure

    private var headline: String {
        let net = "\(figures.money(run.evidence.netUnits)) \(run.unit.asset)"
        guard run.headlineRefusals.isEmpty else {
            let reasons = run.headlineRefusals.map { "<li>\(HTMLText.escaped($0.people))</li>" }
            let soft =
                run.hasOneUnit
                ? "Under the assumptions above the books came to \(net)."
                : "What each venue came to is below."
            return "<div class=\"refused\"><h3>No figure of this run may be quoted</h3>"
                + "<ul>\(reasons.joined())</ul>" + HTMLText.paragraph(soft, class: "soft")
                + "</div>"
        }
        let band =
            "Nine in ten draws of \(run.bootstrap.eventCount) independent events lie between "
            + "\(run.bandText.low) and \(run.bandText.high). Against \(run.evidence.rivals.people)."
        return "<div class=\"headline\"><strong>\(HTMLText.escaped(net))</strong>"
            + HTMLText.paragraph(band) + "</div>"
    }

    private var tiles: String {
        let race =
            run.raceUnits.isZero
            ? [] : [("gas and bids, beside the books", figures.money(run.raceUnits))]
        let share = run.shareCapturedPpm.map { PageFigures.percent(ppm: Int256($0)) } ?? "–"
        let topDays = run.equity.topDaysPpm.map { PageFigures.percent(ppm: $0) } ?? "–"
        let tiles =
            [
                ("closes won", "\(run.closes.count(where: \.isWon)) of \(run.closes.count)"),
                ("share of all closes", share),
                ("deepest fall", figures.money(run.equity.drawdownUnits)),
                ("capital used at most", figures.money(run.capitalUsedUnits)),
                ("gas of won closes", figures.money(run.gasWonUnits)),
                ("gas of lost attempts", figures.money(run.gasLostUnits)),
                ("of the net, best three days", topDays),
                (
                    "lead over others, median",
                    run.latency.lead.map { PageFigures.span($0.p50) } ?? "–"
                ),
            ] + race
        let boxes = tiles.map { name, value in
            "<div><b>\(HTMLText.escaped(value))</b><span>\(HTMLText.escaped(name))</span></div>"
        }
        return "<div class=\"tiles\">\(boxes.joined())</div>"
    }

    // MARK: Figures

    private func figure(
        _ title: String, _ words: String, _ svg: String, _ table: HTMLTable, key: String = "",
        isWide: Bool = false
    ) -> String {
        "<figure\(isWide ? " class=\"wide\"" : "")><figcaption><h3>\(HTMLText.escaped(title))</h3>"
            + HTMLText.paragraph(words) + "</figcaption><div>\(svg)\(key)</div>"
            + "<div class=\"scroll\">\(table.html)</div></figure>"
    }

    private static func key(_ entries: [(mark: String, name: String)]) -> String {
        let items = entries.map { "<span><i class=\"\($0.mark)\"></i>\($0.name)</span>" }
        return "<div class=\"key\">\(items.joined())</div>"
    }

    private var prices: String {
        guard let charts = TimeCharts(run) else { return "" }
        let moving = run.prices.filter { $0.buckets.contains { $0.low != $0.high } }
        return moving.map { track in
            let first = track.buckets.first?.last ?? .zero
            let last = track.buckets.last?.last ?? .zero
            let table = HTMLTable(
                caption: "\(track.asset), in \(run.unit.asset)", head: ["", "price"],
                rows: [
                    ("first", first), ("lowest", track.buckets.map(\.low).min() ?? .zero),
                    ("highest", track.buckets.map(\.high).max() ?? .zero), ("last", last),
                ].map { [$0.0, figures.money($0.1)] })
            return figure(
                "Price of \(track.asset)",
                "The venue's own price with its range, and when closes were decided.",
                charts.price(track), table,
                key: Self.key([("won", "won"), ("lost", "not won")]))
        }.joined()
    }

    private var equity: String {
        guard let charts = TimeCharts(run) else { return "" }
        let worst = run.equity.worstCloseUnits ?? .zero
        let table = HTMLTable(
            caption: "In \(run.unit.asset)", head: ["", "amount"],
            rows: [
                ["net", figures.money(run.evidence.netUnits)],
                ["deepest fall from a peak", figures.money(run.equity.drawdownUnits)],
                ["worst close", figures.money(worst)],
                ["independent events", "\(run.bootstrap.eventCount)"],
                ["band of the net, from", run.bandText.low],
                ["to", run.bandText.high],
            ])
        return figure(
            "Earned over time",
            "Each close counts when it was booked"
                + (run.raceUnits.isZero ? "." : ", before the gas and bids of a race."),
            charts.equity, table)
    }

    private var funnel: String {
        let rows = run.funnel.steps.flatMap { step -> [[String]] in
            guard step.stage >= .eligible, step.lostCount > 0 else { return [] }
            return step.reasons.map { reason in
                [
                    "\(step.stage.people): \(reason.name)", "\(reason.count)",
                    figures.money(reason.bonusUnits),
                ]
            }
        }
        let table = HTMLTable(
            caption: "Where chances ended, and why", head: ["last step: reason", "count", "worth"],
            rows: rows, silence: "Every chance that came so far was won.")
        return figure(
            "From seen to won",
            "What each chance could have brought at most, at the venue's own prices.",
            bars.funnel, table)
    }

    private var money: String {
        var causes: [MoneyCause: Int256] = [:]
        for close in run.closes {
            for cause in MoneyCause.allCases {
                causes[cause, default: .zero] += close.causes[cause] ?? .zero
            }
        }
        return figure(
            "Money by cause", "Everything that closes earned and cost; nothing is left over.",
            bars.waterfall(causes, title: "Money by cause"), table(of: causes, "All closes"))
    }

    /// The close that earned or lost most.
    private var close: String {
        let greatest = run.closes.filter { !$0.causes.isEmpty }.max {
            ($0.netUnits.magnitude, $1.clientID) < ($1.netUnits.magnitude, $0.clientID)
        }
        guard let greatest else { return "" }
        return figure(
            "The largest close",
            "\(greatest.target.account) in \(greatest.target.market)"
                + (run.venues.isEmpty ? "" : " at \(greatest.target.domain)") + ", "
                + "\(UTCText.text(greatest.createdAt)); planned "
                + "\(figures.money(greatest.expectedUnits)).",
            bars.waterfall(greatest.causes, title: "The largest close"),
            table(of: greatest.causes, greatest.clientID.text))
    }

    private func table(of causes: [MoneyCause: Int256], _ caption: String) -> HTMLTable {
        let sum = MoneyCause.allCases.reduce(Int256.zero) { $0 + (causes[$1] ?? .zero) }
        return HTMLTable(
            caption: "\(caption), in \(run.unit.asset)", head: ["cause", "amount"],
            rows: MoneyCause.allCases.map { [$0.people, figures.money(causes[$0] ?? .zero)] }
                + [["net", figures.money(sum)]])
    }

    private var health: String {
        guard let charts = TimeCharts(run), !run.health.isEmpty else { return "" }
        let rows = HealthSampler.bandNames.enumerated().map { index, name in
            let counts = run.health.map { $0.counts[index] }
            return [name, "\(counts.first ?? 0)", "\(counts.max() ?? 0)", "\(counts.last ?? 0)"]
        }
        let names = HealthSampler.bandNames.dropLast().enumerated().map { ("h\($0)", $1) }
        return figure(
            "Bands of health", "Accounts by how far they are from their line, which is 1.",
            charts.health,
            HTMLTable(
                caption: "Accounts in each band", head: ["health", "at first", "most", "at last"],
                rows: rows),
            key: Self.key(names))
    }

    private var latency: String {
        let rows = run.latency.rows.map { row in
            guard let spans = row.spans else { return [row.name, "0", "–", "–", "–", "–"] }
            return [row.name, "\(spans.count)"]
                + [spans.p50, spans.p90, spans.p99, spans.max].map(PageFigures.span)
        }
        return figure(
            "How long it took",
            "By the clock of the recording: the dot is the median, the bar reaches to the 99th "
                + "percentile, the stroke is the longest.",
            bars.latency,
            HTMLTable(
                caption: "Spans", head: ["step", "count", "p50", "p90", "p99", "max"], rows: rows),
            isWide: true)
    }

    private var venue: String {
        let venue = run.venue
        let ratio = venue.solvencyPpm.map { PageFigures.percent(ppm: $0) } ?? "nothing is owed"
        var rows = [
            ["settlements", "\(venue.settlementCount)"],
            ["surplus", figures.money(venue.surplusUnits)],
            ["recovered of what was owed", PageFigures.percent(ppm: venue.recoveryPpm)],
            ["deficit", figures.money(venue.deficitUnits)],
            [
                "deficit per liquidated notional",
                PageFigures.percent(ppm: venue.deficitPerNotionalPpm),
            ],
            ["deleveraged", figures.money(venue.deleveragedUnits)],
            ["socialised", figures.money(venue.socialisedUnits)],
            ["bad debt", figures.money(venue.badDebtUnits)],
            ["drawn from backstops", figures.money(venue.loanUnits)],
            ["fund beside bad debt and loans", ratio],
        ]
        rows += venue.shared.map { line in
            ["\(line.reason) to \(line.beneficiary)", figures.money(line.units)]
        }
        let svg =
            venue.fund.isEmpty ? HTMLText.paragraph("No close moved the fund.") : bars.fund
        return figure(
            "What the venue gained and suffered",
            "By the records of our closes. The fund begins at nothing, because a recording does "
                + "not say what is in it.",
            svg, HTMLTable(caption: "In \(run.unit.asset)", head: ["", "amount"], rows: rows))
    }
}

extension RunMeasures {
    /// The ends of the band, or dashes where there is none.
    var bandText: (low: String, high: String) {
        guard bootstrap.hasBand else { return ("–", "–") }
        let figures = PageFigures(unit: unit)
        return (figures.money(bootstrap.lowUnits), figures.money(bootstrap.highUnits))
    }
}
