import KeeperModel
import WideMath

/// Charts whose horizontal axis is the time of the run.
struct TimeCharts {
    let measures: RunMeasures
    let start: Instant
    let end: Instant
    private let figures: PageFigures
    /// The prices that each closed account rested on.
    private let assets: [Target: Set<AssetID>]

    /// Nil for a run that saw nothing.
    init?(_ measures: RunMeasures) {
        guard let start = measures.from, let end = measures.until else { return nil }
        self.measures = measures
        self.start = start
        self.end = end
        figures = PageFigures(unit: measures.unit)
        assets = Dictionary(
            measures.episodes.map { ($0.target, Set($0.assets)) },
            uniquingKeysWith: { $0.union($1) })
    }

    /// The price with its range in each bucket, and our closes of accounts that rested on it.
    func price(_ track: PriceTrack) -> String {
        let highs = track.buckets.map { figures.plotted($0.high) }
        let lows = track.buckets.map { figures.plotted($0.low) }
        var area = PlotArea(
            from: start, to: end, values: highs + lows, withZero: false,
            yTitle: "\(track.asset), \(measures.unit.asset)", height: 220)
        let places = track.buckets.map { area.place($0.startsAt) }
        let band =
            zip(places, highs).map { ($0, area.y.place($1)) }
            + zip(places, lows).map { ($0, area.y.place($1)) }.reversed()
        area.drawing.path(band, class: "range", isClosed: true)
        let line = zip(places, track.buckets).map {
            ($0, area.y.place(figures.plotted($1.last)))
        }
        area.drawing.path(line, class: "s1")
        let closes = measures.closes.filter { restsOn(track.asset, $0) }
        for close in closes { mark(close, on: track, &area) }
        return area.drawing.svg(
            title: "Price of \(track.asset) with our closes",
            description: "\(closes.count) closes; the table beside it has the figures")
    }

    private func restsOn(_ asset: AssetID, _ close: CloseFigures) -> Bool {
        assets[close.target]?.contains(asset) ?? false
    }

    private func mark(_ close: CloseFigures, on track: PriceTrack, _ area: inout PlotArea) {
        guard let bucket = track.buckets.last(where: { $0.startsAt <= close.createdAt }) else {
            return
        }
        area.drawing.circle(
            area.place(close.createdAt), area.y.place(figures.plotted(bucket.last)),
            radius: 3.5, class: close.isWon ? "won" : "lost",
            title: "\(close.target.account), \(close.ending), net \(figures.money(close.netUnits))")
    }

    var equity: String {
        let values = measures.equity.points.map { figures.plotted($0.units) }
        var area = PlotArea(
            from: start, to: end, values: values + [0], withZero: true,
            yTitle: "net earned, \(measures.unit.asset)")
        draw(measures.equity.points.map { ($0.at, figures.plotted($0.units)) }, in: &area)
        return area.drawing.svg(
            title: "Net earned over time",
            description: "ends at \(figures.money(measures.evidence.netUnits))")
    }

    /// A step at each change, from nothing at the start to the end of the run.
    private func draw(_ points: [(Instant, Double)], in area: inout PlotArea) {
        var corners = [(area.place(start), area.y.place(0))]
        for (at, value) in points {
            corners.append((area.place(at), corners[corners.count - 1].1))
            corners.append((area.place(at), area.y.place(value)))
        }
        corners.append((area.place(max(end, points.last?.0 ?? end)), corners[corners.count - 1].1))
        area.drawing.path(corners, class: "s1")
    }

    /// How many accounts stand in each band of health: the worst at the bottom.
    var health: String {
        let samples = measures.health
        let bandCount = HealthSampler.bandNames.count - 1
        let totals = samples.map { Double($0.counts.dropLast().reduce(0, +)) }
        var area = PlotArea(
            from: start, to: end, values: totals + [0], withZero: true,
            yTitle: "accounts below a health of 1.50")
        var below = Array(repeating: 0.0, count: samples.count)
        for band in 0..<bandCount {
            let above = zip(below, samples).map { $0 + Double($1.counts[band]) }
            let upper = zip(samples, above).map { (area.place($0.at), area.y.place($1)) }
            let lower = zip(samples, below).map { (area.place($0.at), area.y.place($1)) }
            area.drawing.path(upper + lower.reversed(), class: "h\(band)", isClosed: true)
            below = above
        }
        return area.drawing.svg(
            title: "Accounts by band of health", description: "\(samples.count) looks")
    }
}
