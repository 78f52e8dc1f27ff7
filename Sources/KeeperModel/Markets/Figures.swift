package import WideMath

/// The names of the numbers by which a market moves many accounts at once and which are no prices.
package enum FigureName: String, Hashable, Sendable, CaseIterable {
    /// Of a reserve of the Aave family, in ray (1e27).
    case liquidityIndexRay
    case variableBorrowIndexRay
    /// What everybody owes a market of Morpho Blue, and its shares.
    case borrowAssets
    case borrowShares
    /// Of Compound III, accrued to now, on 1e15.
    case borrowIndex
    /// Of an Euler vault: the growth of every debt since it opened, in ray, and what a collateral's
    /// own vault holds.
    case accumulatorRay
    case vaultAssets
    /// Of Liquity: what redistributions left to each unit of stake, what all troves hold and owe,
    /// and what the stability pool could pay.
    case collateralShares
    case debtShares
    case systemCollateral
    case systemDebt
    case poolDeposits
    /// Of Maker: the growth of every debt, and what running auctions have yet to bring.
    case rateRay
    case auctioned
    /// The venue's time, since 1970, where rules read a clock.
    case seconds
}

/// One such number. Some belong to an asset of the market.
package struct MarketFigure: Hashable, Sendable {
    package let name: FigureName
    package let asset: AssetID?
    package let value: UInt256

    package init(_ name: FigureName, of asset: AssetID? = nil, _ value: UInt256) {
        self.name = name
        self.asset = asset
        self.value = value
    }
}

/// The figures of one market. What is not named is as it was.
package struct MarketFigures: Hashable, Sendable {
    package let market: MarketID
    package let figures: [MarketFigure]

    package init(market: MarketID, figures: [MarketFigure]) {
        self.market = market
        self.figures = figures
    }
}

extension [MarketFigure] {
    /// With what is named now in the place of what was known; the rest is as it was.
    package func updated(by changed: [MarketFigure]) -> [MarketFigure] {
        let kept = filter { known in
            !changed.contains { $0.name == known.name && $0.asset == known.asset }
        }
        return kept + changed
    }

    /// The two growth indexes of a reserve.
    package static func indexes(
        of asset: AssetID, liquidityRay: UInt256, variableBorrowRay: UInt256
    ) -> [MarketFigure] {
        [
            MarketFigure(.liquidityIndexRay, of: asset, liquidityRay),
            MarketFigure(.variableBorrowIndexRay, of: asset, variableBorrowRay),
        ]
    }
}
