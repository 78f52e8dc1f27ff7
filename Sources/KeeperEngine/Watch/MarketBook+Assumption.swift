import KeeperModel
import LiquidationRules

/// What a book is put back to when prices that are not in force have been looked at.
struct Standing<Rules: PublishedMarketRules> {
    let rules: Rules
    let moved: [Int]
}

extension MarketBook {
    /// As if these prices were in force, until `endAssuming`; returns who would cross, by id.
    ///
    /// The book itself moves there and back: it is exact at every price, so nothing of it is lost,
    /// and a copy of a large one would cost more than two ticks.
    mutating func beginAssuming(_ prices: [PriceUpdate]) -> [Crossing] {
        precondition(standing == nil, "One assumption at a time")
        let before = rules
        var moved: [Int] = []
        for price in prices { moved += rules.publish(price) }
        standing = Standing(rules: before, moved: moved)
        return takeIn(moved)
    }

    mutating func endAssuming() {
        guard let standing else { return }
        self.standing = nil
        rules = standing.rules
        _ = takeIn(standing.moved)
    }
}
