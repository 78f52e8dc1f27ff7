import KeeperCodec
package import KeeperModel
import KeeperRuntime
package import VenueSimulator
import WideMath

/// What shocks and paths did to the present book, for people.
package struct StressReport: Sendable {
    package let book: StandingBook
    package let unit: AssetDescription
    package let parts: [ModelPart]
    package let shocks: [(shock: StressShock, outcome: StressOutcome)]
    package let paths: StressPaths?

    package init(
        _ book: StandingBook, unit: AssetDescription, parts: [ModelPart],
        shocks: [(shock: StressShock, outcome: StressOutcome)], paths: StressPaths?
    ) {
        self.book = book
        self.unit = unit
        self.parts = parts
        self.shocks = shocks
        self.paths = paths
    }

    /// Books that differ make every figure here worthless.
    package var isReconciled: Bool {
        shocks.allSatisfy(\.outcome.isReconciled) && paths?.isReconciled != false
    }

    package var lines: [String] {
        var lines = head
        if !shocks.isEmpty {
            lines += [""] + shockTable + [""] + marketTable + [""] + priceTable
        }
        if let paths { lines += [""] + StressPathsText(paths, unit).lines }
        return lines + [""] + parts.map { "rests on " + $0.line }
            + [isReconciled ? "books of all runs: every unit explained" : "books differ"]
    }

    private var head: [String] {
        let at = book.at.map(UTCText.text) ?? "-"
        return ["\(book.accountCount) accounts at \(at), in \(unit.asset)"]
    }

    // MARK: Shocks

    private var shockTable: [String] {
        let money = MoneyText(unit)
        var rows = [
            [
                "shock", "over line", "in all", "left", "closed by us", "by others", "revenue",
                "deficit", "fund", "rounds",
            ]
        ]
        for (shock, outcome) in shocks {
            rows.append([
                shock.name, "\(outcome.eligibleCount)", "\(outcome.touchedCount)",
                "\(outcome.leftCount)", "\(outcome.ownCloseCount)", "\(outcome.otherCloseCount)",
                money.number(outcome.revenueUnits), money.number(outcome.deficitUnits),
                money.number(outcome.fundUnits.last ?? .zero),
                outcome.hasEnded ? "\(outcome.roundCount)" : "\(outcome.roundCount), no end",
            ])
        }
        return columns(rows)
            + shocks.map { "\($0.shock.name): \($0.shock.source)" }
    }

    private var marketTable: [String] {
        let money = MoneyText(unit)
        var rows = [["shock, market", "over line", "debt or notional", "collateral or margin"]]
        var needs = [["shock, needed at once", "amount"]]
        for (shock, outcome) in shocks {
            for tally in outcome.eligible {
                rows.append([
                    "\(shock.name), \(tally.market)", "\(tally.count)",
                    money.number(Int256(exactly: tally.debtUnits) ?? .max),
                    money.number(Int256(exactly: tally.collateralUnits) ?? .max),
                ])
            }
            for need in outcome.needed {
                needs.append(["\(shock.name), \(need.asset)", text(need)])
            }
        }
        return columns(rows) + [""] + columns(needs)
    }

    private var priceTable: [String] {
        let money = MoneyText(unit)
        var rows = [["shock, price", "now", "shocked", "when it stood"]]
        for (shock, outcome) in shocks {
            for price in outcome.prices where price.nowUnits != price.endUnits {
                rows.append([
                    "\(shock.name), \(price.asset)", money.number(Int256(price.nowUnits)),
                    money.number(Int256(price.assumedUnits)), money.number(Int256(price.endUnits)),
                ])
            }
        }
        return columns(rows)
    }

    private func text(_ amount: AssetAmount) -> String {
        let known = book.description.map { [$0.quote] + $0.assets } ?? []
        guard let asset = known.first(where: { $0.asset == amount.asset }),
            let units = Int256(exactly: amount.amount)
        else { return "\(amount.amount) of the smallest units" }
        return MoneyText(asset).text(units)
    }
}

/// Quantiles of many paths as a table.
struct StressPathsText {
    private let paths: StressPaths
    private let unit: AssetDescription
    private var money: MoneyText { MoneyText(unit) }

    init(_ paths: StressPaths, _ unit: AssetDescription) {
        self.paths = paths
        self.unit = unit
    }

    var lines: [String] {
        head + [""] + moveTable + [""] + quantileTable + [""] + tailTable + [""] + fundTable
    }

    private var head: [String] {
        let estimate = paths.estimate
        return [
            "\(paths.outcomes.count) paths of \(paths.barCount) bars of "
                + "\(estimate.span.milliseconds / 1_000) s, \(paths.law.rawValue) moves from "
                + "\(estimate.moves.count) moves of the feed",
            "\(paths.deficitCount) paths end with a deficit; in \(paths.endlessCount) a cascade "
                + "did not come to an end",
        ]
    }

    /// A standard error of a volatility is its part of one by the root of twice the count.
    private var moveTable: [String] {
        let estimate = paths.estimate
        let error = 100 / (2 * Double(estimate.moves.count)).squareRoot()
        var rows = [
            ["asset", "volatility of a bar"] + estimate.assets.map { "with \($0)" }
        ]
        for (number, asset) in estimate.assets.enumerated() {
            rows.append(
                ["\(asset)", decimal(estimate.volatilities[number] * 100, places: 3) + " %"]
                    + estimate.correlations[number].map { decimal($0, places: 2) })
        }
        return columns(rows)
            + ["standard error of a volatility: \(decimal(error, places: 1)) % of it"]
    }

    private var quantileTable: [String] {
        var rows = [["quantile", "1 %", "5 %", "50 %", "95 %", "99 %", "mean"]]
        rows.append(row("revenue", paths.revenues))
        rows.append(row("deficit", paths.deficits))
        for asset in paths.neededAssets where asset == unit.asset {
            rows.append(row("needed at once", paths.needed(of: asset)))
        }
        return columns(rows)
    }

    private func row(_ name: String, _ measures: TailMeasures) -> [String] {
        [name] + [10, 50, 500, 950, 990].map { text(measures.quantile(perMille: $0)) }
            + [text(measures.mean)]
    }

    /// What is at risk of being lost is a deficit: the venue's and its lenders', not ours.
    private var tailTable: [String] {
        var rows = [["deficit at risk", "value at risk", "95 of 100 within", "shortfall beyond"]]
        for perMille in [950, 990] {
            let band = paths.deficits.band(perMille: perMille)
            rows.append([
                "\(perMille / 10) %", text(paths.deficits.quantile(perMille: perMille)),
                band.map { money.number($0.lowerBound) + " to " + money.number($0.upperBound) }
                    ?? "too few paths",
                text(paths.deficits.expectedShortfall(perMille: perMille)),
            ])
        }
        return columns(rows)
    }

    /// At most a dozen lines, evenly over the path.
    private var fundTable: [String] {
        var rows = [["fund after bar", "1 %", "5 %", "50 %", "95 %", "99 %"]]
        let step = max(1, (paths.barCount + 11) / 12)
        for (bar, measures) in paths.funds.enumerated()
        where bar % step == 0 || bar == paths.barCount {
            rows.append(
                ["\(bar)"]
                    + [10, 50, 500, 950, 990].map { text(measures.quantile(perMille: $0)) })
        }
        return columns(rows)
    }

    private func text(_ units: Int256?) -> String {
        units.map(money.number) ?? "too few paths"
    }
}

/// Rounded half away from zero.
func decimal(_ value: Double, places: Int) -> String {
    let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
    let scaled = (value.magnitude * scale).rounded()
    guard scaled < 0x1p62 else { return "\(value)" }
    let digits = String(UInt64(scaled))
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    let sign = value < 0 && scaled > 0 ? "-" : ""
    return sign + padded.dropLast(places) + (places == 0 ? "" : "." + padded.suffix(places))
}
