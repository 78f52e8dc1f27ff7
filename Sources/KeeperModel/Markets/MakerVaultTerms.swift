package import WideMath

/// The parameters of one collateral type of Maker with its auctions. Dai is the venue's quote
/// currency, so what the contracts count in wad of Dai counts its smallest units here, and what
/// they count in rad those times 1e27.
package struct MakerVaultTerms: Hashable, Sendable {
    package let market: MarketID
    package let collateral: AssetID
    package let collateralDecimals: UInt8
    package let debt: AssetID
    package let liquidationRatioRay: UInt256
    /// Including the 100 %: what an auction has to bring for each unit of debt.
    package let chopWad: UInt256
    /// In units: the least debt of a vault, and the most that may be in auctions at once.
    package let dustUnits: UInt256
    package let holeUnits: UInt256
    package let auction: Auction

    /// How an auction goes: it starts at a part above the price and falls along a curve.
    package struct Auction: Hashable, Sendable {
        package let startFactorRay: UInt256
        package let curve: MakerPriceCurve
        /// After so long, or fallen to this part of where it started, it has to be restarted.
        package let tailSeconds: UInt64
        package let cuspRay: UInt256
        /// What starting or restarting it pays: flat, and of what it has to bring.
        package let tipUnits: UInt256
        package let chipWad: UInt256

        package init(
            startFactorRay: UInt256, curve: MakerPriceCurve, tailSeconds: UInt64,
            cuspRay: UInt256, tipUnits: UInt256, chipWad: UInt256
        ) {
            self.startFactorRay = startFactorRay
            self.curve = curve
            self.tailSeconds = tailSeconds
            self.cuspRay = cuspRay
            self.tipUnits = tipUnits
            self.chipWad = chipWad
        }
    }

    package init(
        market: MarketID, collateral: AssetID, collateralDecimals: UInt8, debt: AssetID,
        liquidationRatioRay: UInt256, chopWad: UInt256, dustUnits: UInt256, holeUnits: UInt256,
        auction: Auction
    ) {
        self.market = market
        self.collateral = collateral
        self.collateralDecimals = collateralDecimals
        self.debt = debt
        self.liquidationRatioRay = liquidationRatioRay
        self.chopWad = chopWad
        self.dustUnits = dustUnits
        self.holeUnits = holeUnits
        self.auction = auction
    }
}

/// Collateral whose price falls until somebody takes it. It has a place among the market's
/// accounts.
package struct AuctionPosition: Hashable, Sendable {
    /// What it has yet to bring, times 1e27.
    package let tab: UInt256
    package let lot: UInt256
    /// Where its price started, units times 1e27 for each smallest unit of collateral.
    package let topRay: UInt256
    package let startedAtSeconds: UInt64

    package init(tab: UInt256, lot: UInt256, topRay: UInt256, startedAtSeconds: UInt64) {
        self.tab = tab
        self.lot = lot
        self.topRay = topRay
        self.startedAtSeconds = startedAtSeconds
    }
}
