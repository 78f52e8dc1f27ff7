package import KeeperModel
package import WideMath

/// Amounts for people: exact, with thousands marked, in the asset's own whole units.
package struct MoneyText: Sendable {
    private let asset: AssetDescription

    package init(_ asset: AssetDescription) {
        self.asset = asset
    }

    /// `-1,234.567890 USD`
    package func text(_ units: Int256) -> String {
        "\(number(units)) \(asset.asset)"
    }

    package func number(_ units: Int256) -> String {
        let decimals = Int(asset.decimals)
        let digits = units.magnitude.description
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        let whole = padded.dropLast(decimals)
        let fraction = padded.suffix(decimals)
        let sign = units.isNegative ? "-" : ""
        return sign + grouped(whole) + (decimals == 0 ? "" : "." + fraction)
    }

    /// `-1,234`: whole units, what is less cut off.
    package func whole(_ units: Int256) -> String {
        let text = number(units)
        let end = text.firstIndex(of: ".") ?? text.endIndex
        return text[..<end] == "-0" ? "0" : String(text[..<end])
    }

    private func grouped(_ digits: Substring) -> String {
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }
}

/// Rows of text in columns: the first to the left, the others to the right.
package func columns(_ rows: [[String]]) -> [String] {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in
        rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
        let cells = row.enumerated().map { column, cell in
            let space = String(repeating: " ", count: widths[column] - cell.count)
            return column == 0 ? cell + space : space + cell
        }
        let line = cells.joined(separator: "  ")
        return String(line.reversed().drop { $0 == " " }.reversed())
    }
}
