// Morpho Blue, written from `protocols.md` A3. Assets and shares are whole numbers, prices are
// scaled by 1e36, ratios are in wad.

package struct MorphoMarket: Sendable {
    package let lltv: Rational
    package let price: Rational
    package let supplied: Rational
    package let borrowed: Rational
    package let borrowShares: Rational

    package init(
        lltv: Rational, price: Rational, supplied: Rational, borrowed: Rational,
        borrowShares: Rational
    ) {
        self.lltv = lltv
        self.price = price
        self.supplied = supplied
        self.borrowed = borrowed
        self.borrowShares = borrowShares
    }

    static let priceScale = Rational.powerOfTen(36)
    private static let virtualShares: Rational = 1_000_000

    /// Assets per share, with the virtual ones that make the first share cheap to price.
    private var assetsPerShare: Rational {
        (borrowed + 1) / (borrowShares + Self.virtualShares)
    }

    func assets(_ shares: Rational) -> Rational { shares * assetsPerShare }
    func shares(_ assets: Rational) -> Rational { assets / assetsPerShare }

    package var incentiveFactor: Rational {
        let cursor = (wad * 3 / 10 * (wad - lltv) / wad).floor
        return min(wad * 115 / 100, (wad * wad / (wad - cursor)).floor)
    }
}

package struct MorphoPosition: Sendable {
    package let collateral: Rational
    package let borrowShares: Rational

    package init(collateral: Rational, borrowShares: Rational) {
        self.collateral = collateral
        self.borrowShares = borrowShares
    }

    package func owed(in market: MorphoMarket) -> Rational {
        market.assets(borrowShares).ceiling
    }

    package func borrowMax(in market: MorphoMarket) -> Rational {
        let quoted = (collateral * market.price / MorphoMarket.priceScale).floor
        return (quoted * market.lltv / wad).floor
    }

    /// At the line it is healthy.
    package func isEligible(in market: MorphoMarket) -> Bool {
        borrowMax(in: market) < owed(in: market)
    }
}

/// Exactly one of the two is asked for.
package enum MorphoRequest: Sendable {
    case seizing(Rational)
    case repaying(shares: Rational)
}

/// What a close moves and leaves; nil where it reaches beyond the position.
package struct MorphoClose: Sendable {
    package let seized: Rational
    package let repaidShares: Rational
    package let repaid: Rational
    package let badDebtShares: Rational
    package let badDebt: Rational
    package let positionAfter: MorphoPosition
    package let marketAfter: MorphoMarket

    package init?(_ request: MorphoRequest, _ position: MorphoPosition, _ market: MorphoMarket) {
        let factor = market.incentiveFactor / wad
        switch request {
        case .seizing(let amount):
            let quoted = (amount * market.price / MorphoMarket.priceScale).ceiling
            seized = amount
            repaidShares = market.shares((quoted / factor).ceiling).ceiling
        case .repaying(let shares):
            let worth = (market.assets(shares).floor * factor).floor
            guard !market.price.isZero else { return nil }
            seized = (worth * MorphoMarket.priceScale / market.price).floor
            repaidShares = shares
        }
        guard repaidShares <= position.borrowShares, seized <= position.collateral else {
            return nil
        }
        repaid = market.assets(repaidShares).ceiling
        let collateralLeft = position.collateral - seized
        let sharesLeft = position.borrowShares - repaidShares
        let repaidMarket = market.with(
            borrowed: max(0, market.borrowed - repaid),
            borrowShares: market.borrowShares - repaidShares, supplied: market.supplied)
        badDebtShares = collateralLeft.isZero ? sharesLeft : 0
        badDebt = min(repaidMarket.borrowed, repaidMarket.assets(badDebtShares).ceiling)
        marketAfter = repaidMarket.with(
            borrowed: repaidMarket.borrowed - badDebt,
            borrowShares: repaidMarket.borrowShares - badDebtShares,
            supplied: repaidMarket.supplied - badDebt)
        positionAfter = MorphoPosition(
            collateral: collateralLeft, borrowShares: sharesLeft - badDebtShares)
    }
}

extension MorphoMarket {
    fileprivate func with(
        borrowed: Rational, borrowShares: Rational, supplied: Rational
    ) -> MorphoMarket {
        MorphoMarket(
            lltv: lltv, price: price, supplied: supplied, borrowed: borrowed,
            borrowShares: borrowShares)
    }
}
