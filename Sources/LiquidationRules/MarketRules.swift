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
