import KeeperModel
import WideMath

/// Figures for a page: to the hundredth, with thousands marked. The exact ones stand in the JSON
/// beside it.
struct PageFigures {
    let unit: AssetDescription

    /// `-1,234.57`
    func money(_ units: Int256) -> String {
        let decimals = Int(unit.decimals)
        guard decimals > 2 else { return MoneyDigits.text(units, decimals: decimals) }
        var divisor = Int256.one
        for _ in 0..<(decimals - 2) { divisor = divisor * Int256(10) }
        let half = divisor / Int256(2)
        let rounded = (units.isNegative ? units - half : units + half) / divisor
        return MoneyDigits.text(rounded, decimals: 2)
    }

    func money(_ units: UInt256) -> String {
        money(Int256(exactly: units) ?? .max)
    }

    /// In whole units of account, for drawing only.
    func plotted(_ units: Int256) -> Double {
        var scale = 1.0
        for _ in 0..<unit.decimals { scale *= 10 }
        return (Double(units.description) ?? 0) / scale
    }

    func plotted(_ units: UInt256) -> Double {
        plotted(Int256(exactly: units) ?? .max)
    }

    /// `12.34 %`
    static func percent(ppm: Int256) -> String {
        MoneyDigits.text(ppm / Int256(100), decimals: 2) + " %"
    }

    /// `1.234 s`, `56 ms`, `2.0 h`
    static func span(_ span: TimeSpan) -> String {
        let milliseconds = span.milliseconds
        switch milliseconds.magnitude {
        case ..<1_000: return "\(milliseconds) ms"
        case ..<120_000: return MoneyDigits.text(Int256(milliseconds / 10), decimals: 2) + " s"
        case ..<7_200_000:
            return MoneyDigits.text(Int256(milliseconds / 6_000), decimals: 1) + " min"
        default: return MoneyDigits.text(Int256(milliseconds / 360_000), decimals: 1) + " h"
        }
    }
}

/// Digits with a point and marked thousands.
enum MoneyDigits {
    static func text(_ scaled: Int256, decimals: Int) -> String {
        let digits = scaled.magnitude.description
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        var whole = ""
        let front = padded.dropLast(decimals)
        for (index, digit) in front.enumerated() {
            if index > 0, (front.count - index) % 3 == 0 { whole.append(",") }
            whole.append(digit)
        }
        let sign = scaled.isNegative ? "\u{2212}" : ""
        return sign + whole + (decimals == 0 ? "" : "." + padded.suffix(decimals))
    }
}
