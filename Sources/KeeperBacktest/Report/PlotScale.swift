import KeeperCodec
import KeeperModel
import WideMath

/// From values to places on the paper.
struct PlotScale {
    let low: Double
    let high: Double
    let from: Double
    let to: Double

    func place(_ value: Double) -> Double {
        guard high > low else { return (from + to) / 2 }
        return from + (value - low) / (high - low) * (to - from)
    }

    /// Round values within the range, about as many as asked for.
    func ticks(about count: Int) -> [Double] {
        guard high > low else { return [low] }
        let step = Self.step(atLeast: (high - low) / Double(count))
        var tick = (low / step).rounded(.up) * step
        var ticks: [Double] = []
        while tick <= high + step * 1e-9 {
            ticks.append(tick)
            tick += step
        }
        return ticks
    }

    /// 1, 2 or 5 times a power of ten.
    static func step(atLeast least: Double) -> Double {
        var power = 1.0
        while power > least { power /= 10 }
        while power * 10 <= least { power *= 10 }
        return [1, 2, 5, 10].map { $0 * power }.first { $0 >= least } ?? power * 10
    }

    /// A range that holds all values, with round ends and, where asked, with zero.
    static func range(of values: [Double], withZero: Bool) -> (low: Double, high: Double) {
        var low = values.min() ?? 0
        var high = values.max() ?? 1
        if withZero { (low, high) = (min(low, 0), max(high, 0)) }
        if low == high { (low, high) = (low - max(1, low.magnitude / 100), high + 1) }
        let step = step(atLeast: (high - low) / 5)
        return ((low / step).rounded(.down) * step, (high / step).rounded(.up) * step)
    }

    /// As few places as the step needs.
    static func label(_ value: Double, step: Double) -> String {
        var (places, scaled) = (0, step)
        while places < 6, (scaled - scaled.rounded()).magnitude > 1e-9 {
            places += 1
            scaled *= 10
        }
        var factor = 1.0
        for _ in 0..<places { factor *= 10 }
        let whole = (value * factor).rounded()
        guard whole.magnitude < 1e15 else { return "\(value)" }
        return MoneyDigits.text(Int256(Int64(whole)), decimals: places)
    }
}

/// Marks on an axis of time, at round times of the day or round days, UTC.
struct TimeMarks {
    let marks: [(at: Instant, label: String)]
    /// What the labels leave out.
    let title: String

    private static let steps: [Int64] = [
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200,
        86_400, 172_800, 432_000, 864_000, 2_592_000, 5_184_000, 7_776_000, 31_536_000,
    ]

    init(from start: Instant, to end: Instant, about count: Int64) {
        let (first, last) = (
            start.nanoseconds / 1_000_000_000, end.nanoseconds / 1_000_000_000
        )
        let step = Self.steps.first { $0 * count >= last - first } ?? 31_536_000
        var marks: [(Instant, String)] = []
        var second = (first + step - 1) / step * step
        while second <= last {
            let instant = Instant(nanoseconds: second * 1_000_000_000)
            marks.append((instant, Self.label(instant, step: step)))
            second += step
        }
        self.marks = marks
        let day = UTCText.text(start).prefix(10)
        title = step < 86_400 ? "time of day, UTC, from \(day)" : "day, UTC"
    }

    private static func label(_ instant: Instant, step: Int64) -> String {
        let text = UTCText.text(instant)
        if step < 60 { return String(text.dropFirst(11).prefix(8)) }
        if step < 86_400 { return String(text.dropFirst(11).prefix(5)) }
        return String(text.prefix(10))
    }
}
