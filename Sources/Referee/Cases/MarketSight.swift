package import KeeperModel
import WideMath

/// Prices and figures of a market as they stood when a close settled.
package struct MarketSight: Sendable {
    let prices: [PriceUpdate]
    let figures: [MarketFigure]

    package init(prices: [PriceUpdate], figures: [MarketFigure]) {
        self.prices = prices
        self.figures = figures
    }

    /// Base units per whole token, or units per lot; nil where none was published.
    package func price(_ asset: AssetID) -> Rational? {
        prices.last { $0.asset == asset && $0.kind == .eligible }.map { Rational($0.price) }
    }

    /// By the market's clock, where it has one.
    var nowSeconds: UInt64? {
        figures.last { $0.name == .seconds && $0.asset == nil }.flatMap { $0.value.asUInt64 }
    }

    func figure(_ name: FigureName, of asset: AssetID? = nil) -> Rational? {
        figures.last { $0.name == name && $0.asset == asset }.map { Rational($0.value) }
    }
}
