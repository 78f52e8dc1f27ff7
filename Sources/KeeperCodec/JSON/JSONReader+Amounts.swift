package import KeeperModel
package import WideMath

/// Amounts as people write them, in quotes and with their unit: no bare number ever stands for
/// money or time, so none can be read in the wrong unit.
extension JSONReader {
    /// `"12 s"`, `"250 ms"`, `"5 min"`, `"1 h"`.
    package func timeSpan(
        in range: ClosedRange<TimeSpan>
    ) throws(JSONReadError) -> TimeSpan {
        let units: [(String, UInt64)] = [
            ("ms", 1_000_000), ("s", 1_000_000_000), ("min", 60_000_000_000),
            ("h", 3_600_000_000_000), ("d", 86_400_000_000_000),
        ]
        let nanoseconds = try amount(units: units, example: "30 s")
        guard let whole = nanoseconds.asUInt64, let signed = Int64(exactly: whole),
            range.contains(TimeSpan(nanoseconds: signed))
        else {
            throw refused(
                "from \(range.lowerBound.milliseconds) ms to \(range.upperBound.milliseconds) ms")
        }
        return TimeSpan(nanoseconds: signed)
    }

    /// `"2.5%"` or `"30 bps"`, from nothing to everything.
    package func sharePpm() throws(JSONReadError) -> UInt64 {
        let ppm = try amount(units: [("%", 10_000), ("bps", 100), ("ppm", 1)], example: "2.5%")
        guard let share = ppm.asUInt64, share <= 1_000_000 else {
            throw refused("a share from 0% to 100%")
        }
        return share
    }

    /// `"25 USD"`: so many of the smallest units of the asset that has this name and these
    /// decimals.
    package func amount(of asset: AssetDescription) throws(JSONReadError) -> UInt256 {
        guard asset.decimals <= 19 else { throw refused("an asset of at most 19 decimals") }
        var scale: UInt64 = 1
        for _ in 0..<asset.decimals {
            scale *= 10
        }
        return try amount(
            units: [(asset.asset.text, scale)], example: "25 \(asset.asset.text)")
    }

    /// The number times the scale of its unit, exactly.
    package func amount(
        units: [(name: String, scale: UInt64)], example: String
    ) throws(JSONReadError) -> UInt256 {
        let known = units.map(\.name).joined(separator: ", ")
        let text = try string
        guard let amount = AmountText(text) else {
            throw refused("an amount with its unit such as \"\(example)\" (units: \(known))")
        }
        guard let unit = units.first(where: { $0.name == amount.unit }) else {
            throw refused("an amount in \(known)")
        }
        guard let scaled = amount.literal.scaled(by: unit.scale) else {
            throw refused("an amount that is a whole number of the smallest unit")
        }
        return scaled.magnitude
    }
}
