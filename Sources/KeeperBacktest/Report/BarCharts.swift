import KeeperModel
import WideMath

/// Charts of a few named figures.
struct BarCharts {
    let measures: RunMeasures
    private let figures: PageFigures
    private static let width = PlotArea.width

    init(_ measures: RunMeasures) {
        self.measures = measures
        figures = PageFigures(unit: measures.unit)
    }

    /// From seen to won: a bar each, as long as the count, with what it was worth.
    var funnel: String {
        let steps = measures.funnel.steps
        let (left, rowHeight) = (84.0, 30.0)
        var drawing = SVGDrawing(width: Self.width, height: rowHeight * Double(steps.count) + 24)
        let most = Double(steps.map(\.count).max() ?? 1)
        let scale = PlotScale(low: 0, high: max(1, most), from: left, to: Self.width - 190)
        drawing.text("chances, and the most they could have brought", 2, 12, .start, class: "axis")
        for (index, step) in steps.enumerated() {
            let top = 22 + rowHeight * Double(index)
            let end = scale.place(Double(step.count))
            drawing.text(step.stage.people, left - 8, top + 15, .end, class: "tick")
            drawing.rect(
                left, top, max(step.count > 0 ? 1.5 : 0, end - left), rowHeight - 9, class: "bar")
            let worth =
                step.stage >= .eligible
                ? "\(step.count), \(figures.money(step.bonusUnits)) \(measures.unit.asset)"
                : "\(step.count) accounts"
            drawing.text(worth, max(end, left) + 7, top + 15, .start, class: "value")
        }
        return drawing.svg(
            title: "From seen to won",
            description: steps.map { "\($0.stage.people) \($0.count)" }.joined(separator: ", "))
    }

    /// What causes add up to, one after the other.
    func waterfall(_ causes: [MoneyCause: Int256], title: String) -> String {
        var bars: [(name: String, from: Int256, to: Int256, isTotal: Bool)] = []
        var sum = Int256.zero
        for cause in MoneyCause.allCases {
            let units = causes[cause] ?? .zero
            bars.append((cause.short, sum, sum + units, false))
            sum += units
        }
        bars.append(("net", .zero, sum, true))
        let values = bars.flatMap { [figures.plotted($0.from), figures.plotted($0.to)] }
        let range = PlotScale.range(of: values, withZero: true)
        let (height, bottom) = (230.0, 30.0)
        let y = PlotScale(low: range.low, high: range.high, from: height - bottom, to: 34)
        var drawing = SVGDrawing(width: Self.width, height: height)
        drawing.text(String(describing: measures.unit.asset), 2, 12, .start, class: "axis")
        let slot = (Self.width - 80) / Double(bars.count)
        drawGrid(y, &drawing)
        for (index, bar) in bars.enumerated() {
            let x = 70 + slot * Double(index)
            let (one, other) = (
                y.place(figures.plotted(bar.from)), y.place(figures.plotted(bar.to))
            )
            let change = bar.to - bar.from
            let name = bar.isTotal ? "bar" : change.isNegative ? "loss" : "gain"
            drawing.rect(
                x + 8, min(one, other), slot - 16, max(1, (one - other).magnitude), class: name)
            drawing.text(
                figures.money(change), x + slot / 2, min(one, other) - 6, .middle, class: "value")
            drawing.text(bar.name, x + slot / 2, height - 12, .middle, class: "tick")
        }
        return drawing.svg(title: title, description: "net \(figures.money(sum))")
    }

    private func drawGrid(_ y: PlotScale, _ drawing: inout SVGDrawing) {
        let ticks = y.ticks(about: 4)
        let step = ticks.count > 1 ? ticks[1] - ticks[0] : 1
        for tick in ticks {
            let place = y.place(tick)
            drawing.line(66, place, Self.width - 10, place, class: tick == 0 ? "zero" : "grid")
            drawing.text(
                PlotScale.label(tick, step: step), 60, place + 4, .end, class: "tick")
        }
    }

    /// The median as a dot, to the 99th percentile as a bar, the longest as a stroke.
    var latency: String {
        let rows = measures.latency.rows.compactMap { row in row.spans.map { (row.name, $0) } }
        let (left, rowHeight) = (140.0, 34.0)
        let height = rowHeight * Double(max(1, rows.count)) + 58
        var drawing = SVGDrawing(width: Self.width, height: height)
        let longest = rows.map { Double($0.1.max.nanoseconds) / 1e9 }.max() ?? 1
        let range = PlotScale.range(of: [0, longest], withZero: true)
        let x = PlotScale(low: 0, high: range.high, from: left, to: Self.width - 20)
        let base = height - 38
        let ticks = x.ticks(about: 6)
        let step = ticks.count > 1 ? ticks[1] - ticks[0] : 1
        for tick in ticks {
            drawing.line(x.place(tick), 8, x.place(tick), base, class: "grid")
            drawing.text(
                PlotScale.label(tick, step: step), x.place(tick), base + 16, .middle, class: "tick")
        }
        drawing.text("seconds", (left + x.to) / 2, base + 34, .middle, class: "axis")
        for (index, row) in rows.enumerated() {
            draw(row.0, row.1, at: 12 + rowHeight * (Double(index) + 0.5), x, &drawing)
        }
        return drawing.svg(
            title: "How long each step took", description: "median, 99th percentile and longest")
    }

    private func draw(
        _ name: String, _ spans: Percentiles, at y: Double, _ x: PlotScale,
        _ drawing: inout SVGDrawing
    ) {
        func place(_ span: TimeSpan) -> Double { x.place(Double(span.nanoseconds) / 1e9) }
        drawing.text(name, x.from - 8, y + 4, .end, class: "tick")
        drawing.rect(
            place(spans.p50), y - 5, max(1, place(spans.p99) - place(spans.p50)), 10, class: "bar")
        drawing.line(place(spans.max), y - 9, place(spans.max), y + 9, class: "stroke")
        drawing.circle(place(spans.p50), y, radius: 5, class: "dot")
    }

    /// The fund as the closes moved it, close by close.
    var fund: String {
        let points = measures.venue.fund
        let range = PlotScale.range(of: points.map { figures.plotted($0.units) }, withZero: true)
        let heights = PlotScale(
            low: Double(points.first?.height ?? 0) - 1, high: Double(points.last?.height ?? 1) + 1,
            from: 70, to: Self.width - 14)
        let y = PlotScale(low: range.low, high: range.high, from: 188, to: 26)
        var drawing = SVGDrawing(width: Self.width, height: 230)
        drawing.text(
            "change of the fund, \(measures.unit.asset)", 2, 12, .start, class: "axis")
        drawGrid(y, &drawing)
        for tick in heights.ticks(about: 6) {
            drawing.text(
                PlotScale.label(tick.rounded(), step: 1), heights.place(tick), 204, .middle,
                class: "tick")
        }
        drawing.text("height of the venue", (70 + heights.to) / 2, 222, .middle, class: "axis")
        var corners = [(heights.from, y.place(0))]
        for point in points {
            let place = heights.place(Double(point.height))
            corners.append((place, corners[corners.count - 1].1))
            corners.append((place, y.place(figures.plotted(point.units))))
        }
        corners.append((heights.to, corners[corners.count - 1].1))
        drawing.path(corners, class: "s1")
        return drawing.svg(
            title: "What the closes did to the insurance fund",
            description: "deepest fall \(figures.money(measures.venue.fundDrawdownUnits))")
    }
}

extension FunnelStage {
    var people: String { self == .atRisk ? "at risk" : rawValue }
}

extension MoneyCause {
    /// Fits below a bar.
    fileprivate var short: String {
        switch self {
        case .bonus: "bonus"
        case .incentive: "incentives"
        case .exit: "exit"
        case .flashPremium: "flash"
        case .venueFee: "venue fees"
        case .gas: "gas"
        }
    }
}
