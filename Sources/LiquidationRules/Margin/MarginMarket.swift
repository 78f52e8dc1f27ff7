package import KeeperModel
package import WideMath

/// A margin market of isolated positions by `settlement.md` sections 1 and 7, with its present
/// mark. The mark is its one variable.
package struct MarginMarket: PublishedMarketRules {
    package typealias Position = MarginPosition

    package let terms: MarginTerms
    package let schedule: MaintenanceSchedule
    /// Units per lot; 0 until the first price.
    package private(set) var mark: Int64 = 0

    /// Nil where the policy has no tiers, or tiers that no schedule can be made of.
    package init?(terms: MarginTerms) {
        // Why it cannot be made is said by the policy's own validation.
        guard let tiers = terms.policy.tiers,
            let schedule = try? MaintenanceSchedule(tiers, volatilityRatePpm: 0)
        else { return nil }
        self.terms = terms
        self.schedule = schedule
    }

    package var variableCount: Int { 1 }
    package func value(ofVariable variable: Int) -> UInt128 { UInt128(mark) }

    package mutating func publish(_ update: PriceUpdate) -> [Int] {
        guard update.asset == terms.asset, let price = update.price.asInt64, price > 0,
            price != mark
        else { return [] }
        mark = price
        return [0]
    }

    package mutating func take(_ figures: [MarketFigure]) -> [Int] { [] }

    package func pricedAssets(of position: MarginPosition) -> [AssetID] { [terms.asset] }

    package func position(from published: AccountPosition) -> MarginPosition? {
        guard case .margin(let position) = published, position.lots > 0, position.entryPrice > 0,
            position.marginUnits > -Int64.max,
            !position.lots.multipliedReportingOverflow(by: position.entryPrice).overflow
        else { return nil }
        return position
    }

    package func published(_ position: MarginPosition) -> AccountPosition { .margin(position) }

    // MARK: Health

    package func maintenance(_ position: MarginPosition) -> Int256 {
        schedule.maintenance(of: Int256(position.lots) * Int256(mark))
    }

    package func isLiquidatable(_ position: MarginPosition) -> Bool {
        mark > 0 && isInBreach(position, at: mark)
    }

    /// Equity over maintenance, rounded down; 0 where the equity is gone.
    package func healthWad(_ position: MarginPosition) -> UInt256 {
        guard mark > 0 else { return .max }
        let required = maintenance(position)
        guard required > .zero else { return .max }
        let equity = position.equity(at: mark)
        guard equity > .zero else { return .zero }
        // Equity has at most 127 bits, so the product stays within 256.
        return equity.magnitude * wad / required.magnitude
    }

    private func isInBreach(_ position: MarginPosition, at price: Int64) -> Bool {
        let notional = Int256(position.lots) * Int256(price)
        return position.equity(at: price) < schedule.maintenance(of: notional)
    }

    // MARK: Enclosure

    /// The exact line, or a quarter of the mark where the line is farther away.
    ///
    /// Breach is monotone in the price: a lot more or less of price moves equity by `lots` and the
    /// requirement by at most as much, because no rate is above one. So a search finds the line.
    package func watch(_ position: MarginPosition, into watches: inout [Watch]) -> Bool {
        guard mark > 0 else {
            watches.append(Watch(variable: 0, low: 0, high: 0))
            return false
        }
        let reach = mark / 4
        let (top, isPastEnd) = mark.addingReportingOverflow(reach)
        let isBreached = isInBreach(position, at: mark)
        let low = lastUnchanged(position, isBreached, from: mark, to: max(1, mark - reach))
        let high = lastUnchanged(position, isBreached, from: mark, to: isPastEnd ? mark : top)
        watches.append(Watch(variable: 0, low: UInt128(low), high: UInt128(high)))
        return isBreached
    }

    /// The farthest price on the way to `end` at which breach is still what it is now.
    private func lastUnchanged(
        _ position: MarginPosition, _ isBreached: Bool, from start: Int64, to end: Int64
    ) -> Int64 {
        if isInBreach(position, at: end) == isBreached { return end }
        var same = start
        var other = end
        while abs(same - other) > 1 {
            let middle = same + (other - same) / 2
            if isInBreach(position, at: middle) == isBreached {
                same = middle
            } else {
                other = middle
            }
        }
        return same
    }
}
