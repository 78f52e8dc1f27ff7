import KeeperModel
import LiquidationRules
import WideMath

/// What collateral is worth to a plan, and how.
struct ExitValue: Hashable {
    let units: UInt256
    let isSold: Bool
}

/// Collateral that a plan would get, beside what the venue's own price says of it.
struct TakenCollateral {
    let asset: AssetID
    let amount: UInt256
    /// One whole token in its smallest units.
    let unit: UInt256
    let worthUnits: UInt256
    /// Of what lies in the inventory already, at the same price.
    let heldUnits: UInt256
}

extension PlanningContext {
    /// The best that the strategy's exit makes of it; nil where it can neither be sold nor held.
    func exitValue(
        of taken: TakenCollateral, by choice: ExitChoice, mustSell: Bool = false
    ) -> ExitValue? {
        switch choice {
        case .hold: mustSell ? nil : ExitValue(units: taken.worthUnits, isSold: false)
        case .sell: sale(of: taken)
        case .holdUpTo(let rule): held(taken, rule, mustSell: mustSell)
        }
    }

    private func held(
        _ taken: TakenCollateral, _ rule: HoldRule, mustSell: Bool
    ) -> ExitValue? {
        let sale = rule.sellTolerancePpm == nil ? nil : sale(of: taken)
        let limit = rule.limitUnits[taken.asset] ?? .zero
        guard !mustSell, taken.worthUnits.saturatingAdd(taken.heldUnits) <= limit else {
            return sale
        }
        let kept = UInt256(1_000_000 - rule.haircutPpm)
        // What does not fit 256 bits is no worth that could be counted.
        guard
            let units = try? mulDiv(
                taken.worthUnits, kept, dividingBy: 1_000_000, rounding: .down)
        else { return sale }
        if let sale, sale.units >= units { return sale }
        return ExitValue(units: units, isSold: false)
    }

    private func sale(of taken: TakenCollateral) -> ExitValue? {
        proceeds(of: taken.amount, taken.asset, unit: taken.unit)
            .map { ExitValue(units: $0, isSold: true) }
    }

    /// Nil where the book cannot take all of it. The quote currency fetches itself.
    private func proceeds(of amount: UInt256, _ asset: AssetID, unit: UInt256) -> UInt256? {
        guard asset != quote.asset else { return amount }
        guard let book = depth[asset] else { return nil }
        let fill = book.selling(amount, downTo: 1, unitScale: unit)
        return fill.quantity == amount ? fill.valueUnits : nil
    }
}
