import KeeperModel

/// Axes with their marks, grid and titles; charts draw inside.
struct PlotArea {
    var drawing: SVGDrawing
    let x: PlotScale
    let y: PlotScale

    static let width = 640.0
    static let height = 260.0
    private static let top = 26.0
    private static let bottom = 42.0
    private static let right = 14.0
    private static let digitWidth = 6.6

    /// Values over time. The title of the vertical axis stands above it, to be read without a turn
    /// of the head.
    init(
        from start: Instant, to end: Instant, values: [Double], withZero: Bool, yTitle: String,
        height: Double = PlotArea.height
    ) {
        let range = PlotScale.range(of: values, withZero: withZero)
        let vertical = PlotScale(
            low: range.low, high: range.high, from: height - Self.bottom, to: Self.top)
        let ticks = vertical.ticks(about: 5)
        let step = ticks.count > 1 ? ticks[1] - ticks[0] : 1
        let labels = ticks.map { PlotScale.label($0, step: step) }
        let left = 14 + Self.digitWidth * Double(labels.map(\.count).max() ?? 1)
        let until = max(end, start + .seconds(1))
        x = PlotScale(
            low: Self.seconds(start), high: Self.seconds(until), from: left,
            to: Self.width - Self.right)
        y = vertical
        drawing = SVGDrawing(width: Self.width, height: height)
        drawing.text(yTitle, 2, 12, .start, class: "axis")
        for (tick, label) in zip(ticks, labels) {
            let place = y.place(tick)
            drawing.line(x.from, place, x.to, place, class: tick == 0 ? "zero" : "grid")
            drawing.text(label, left - 6, place + 4, .end, class: "tick")
        }
        drawTime(TimeMarks(from: start, to: until, about: 6))
    }

    private mutating func drawTime(_ time: TimeMarks) {
        let base = y.from
        drawing.line(x.from, base, x.to, base, class: "base")
        for (instant, label) in time.marks {
            let place = place(instant)
            guard place >= x.from else { continue }
            drawing.line(place, base, place, base + 4, class: "base")
            // A label at the very edge would be cut off.
            guard place > x.from + 8, place < x.to - 16 else { continue }
            drawing.text(label, place, base + 16, .middle, class: "tick")
        }
        drawing.text(time.title, (x.from + x.to) / 2, base + 34, .middle, class: "axis")
    }

    func place(_ instant: Instant) -> Double { x.place(Self.seconds(instant)) }

    private static func seconds(_ instant: Instant) -> Double {
        Double(instant.nanoseconds) / 1e9
    }
}
