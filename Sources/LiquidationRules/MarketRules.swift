package import KeeperModel
package import WideMath

/// The rules of one market together with its present prices and indexes: all that decides, exactly,
/// who may be closed. One value of this per market; a book of accounts beside it asks it.
///
/// A *variable* is a number on which health depends and which moves for many accounts at once: a
/// reserve's price or one of its indexes, or a mark. Zero stands for not yet known.
package protocol MarketRules: Sendable {
    associatedtype Position: Hashable, Sendable

    var variableCount: Int { get }
    func value(ofVariable variable: Int) -> UInt128

    /// The protocol's own test at full width. False while a price that it needs is not known.
    func isLiquidatable(_ position: Position) -> Bool

    /// Health in wad: below 1e18 exactly where `isLiquidatable`; the largest value where nothing is
    /// owed or a price is missing.
    func healthWad(_ position: Position) -> UInt256

    /// For every variable that the position depends on, an interval around its present value. While
    /// all of them are inside theirs, `isLiquidatable` cannot change. Returns `isLiquidatable`, for
    /// one look at the position answers both.
    func watch(_ position: Position, into watches: inout [Watch]) -> Bool

    /// Whether the holdings are worth less than the debts, at present prices.
    func isInsolvent(_ position: Position) -> Bool

    /// Takes in an eligible price; returns the variables that moved.
    mutating func publish(_ price: PriceUpdate) -> [Int]
}

/// A market whose accounts and figures come in the form that the reference venue publishes.
package protocol PublishedMarketRules: MarketRules {
    /// The venue's account as this market holds it, or nil where it does not fit the market.
    func position(from published: AccountPosition) -> Position?

    /// The venue's form of a position that this market holds.
    func published(_ position: Position) -> AccountPosition

    /// Takes in the market's figures; returns the variables that moved.
    mutating func take(_ figures: [MarketFigure]) -> [Int]

    /// The prices on which the position's health rests.
    func pricedAssets(of position: Position) -> [AssetID]

    // MARK: Linear bounds, for markets whose health is a sum of amounts times worths

    /// How many reserves the bounds are made of; 0 for a market without them.
    var linearReserveCount: Int { get }

    /// What a reserve's balances count for at present.
    func linearReserve(_ number: Int) -> LinearReserve?

    /// The reserve that changes with a variable.
    func linearReserve(ofVariable variable: Int) -> Int?

    /// Appends the balances of a published account, collateral first. False where it has no linear
    /// bound: it is then watched by its enclosure.
    func linearLegs(of published: AccountPosition, into legs: inout [LinearLeg]) -> Bool

    /// The position of such balances.
    func position(ofLegs legs: [LinearLeg]) -> Position?

    /// The protocol's own test of such balances.
    func isLiquidatable(legs: [LinearLeg]) -> Bool
}

extension MarketRules {
    package func watches(for position: Position) -> [Watch] {
        var watches: [Watch] = []
        _ = watch(position, into: &watches)
        return watches
    }
}

/// An interval of one variable, ends included. An end at 0 or at the largest number is none: no
/// fall, or no rise, is ever looked at.
package struct Watch: Hashable, Sendable {
    package let variable: Int
    package let low: UInt128
    package let high: UInt128

    package init(variable: Int, low: UInt128, high: UInt128) {
        precondition(low <= high, "A safe interval holds at least the present value")
        self.variable = variable
        self.low = low
        self.high = high
    }
}
