package import KeeperModel
package import WideMath

/// A market of which only offers are seen. No rule of health is known here: an offer may be had
/// for as long as the venue says that it stands, and prices decide only what it is worth.
package struct HostedOffers: PublishedMarketRules {
    package let terms: OfferTerms
    /// What is bid above what is asked, where bids are sealed.
    package var raise: UInt256 = .zero
    private let units: [AssetID: UInt256]
    private var prices: [AssetID: UInt256] = [:]

    package typealias Position = OfferPosition

    /// Nil where decimals are too many for a unit.
    package init?(terms: OfferTerms) {
        var units: [AssetID: UInt256] = [:]
        for description in terms.assets {
            // What does not fit cannot be counted.
            guard let unit = try? UInt256.powerOfTen(Int(description.decimals)) else { return nil }
            units[description.asset] = unit
        }
        self.terms = terms
        self.units = units
    }

    // MARK: Health

    package var variableCount: Int { 0 }

    package func value(ofVariable variable: Int) -> UInt128 {
        preconditionFailure("Offers have no variables")
    }

    package func isLiquidatable(_ position: Position) -> Bool { true }
    package func healthWad(_ position: Position) -> UInt256 { .zero }
    package func isInsolvent(_ position: Position) -> Bool { false }
    package func watch(_ position: Position, into watches: inout [Watch]) -> Bool { true }

    // MARK: Intake

    package mutating func publish(_ update: PriceUpdate) -> [Int] {
        if update.kind == .eligible, units[update.asset] != nil {
            prices[update.asset] = update.price
        }
        return []
    }

    package mutating func take(_ figures: [MarketFigure]) -> [Int] { [] }

    /// Nothing that costs nothing, or that nobody could name, is an offer.
    package func position(from published: AccountPosition) -> Position? {
        guard case .offer(let offer) = published, units[offer.takeAsset] != nil,
            !offer.payAmount.isZero, !offer.takeAmount.isZero
        else { return nil }
        return offer
    }

    package func published(_ position: Position) -> AccountPosition { .offer(position) }

    package func pricedAssets(of position: Position) -> [AssetID] {
        [terms.pay.asset, position.takeAsset].sorted()
    }
}

extension HostedOffers: TradingRules {
    package func trades(of position: Position) -> [OfferTrade]? {
        guard let price = prices[position.takeAsset], let unit = units[position.takeAsset] else {
            return nil
        }
        return [
            OfferTrade(
                offer: position, payAsset: terms.pay.asset, takeUnit: unit, price: price,
                payMax: position.payAmount.saturatingAdd(raise), allocation: terms.allocation)
        ]
    }
}

/// All of an offer for what is asked or bid, and nothing else.
package struct OfferTrade: CollateralTrade {
    private let offer: OfferPosition
    package let payAsset: AssetID
    package let takeUnit: UInt256
    /// In units of the quote currency for one whole token.
    private let price: UInt256
    package let payMax: UInt256
    private let allocation: OfferAllocation

    init(
        offer: OfferPosition, payAsset: AssetID, takeUnit: UInt256, price: UInt256,
        payMax: UInt256, allocation: OfferAllocation
    ) {
        self.offer = offer
        self.payAsset = payAsset
        self.takeUnit = takeUnit
        self.price = price
        self.payMax = payMax
        self.allocation = allocation
    }

    package var kind: CloseKind { .purchase }
    package var takeAsset: AssetID { offer.takeAsset }
    package func edges(driftPpm: UInt64) -> [UInt256] { [] }
    package var ageSeconds: UInt64 { 0 }

    /// What is asked follows the debt behind it, which interest raises until a claim arrives. A
    /// sealed bid is what it is.
    package func quote(payingAtMost amount: UInt256) throws(CloseObstacle) -> TradeQuote {
        guard amount >= payMax else {
            throw CloseObstacle("an offer is taken whole, for \(payMax)")
        }
        return TradeQuote(
            paid: payMax, taken: offer.takeAmount, isWholeDebt: allocation != .sealedBid)
    }

    package func payment(taking amount: UInt256) -> UInt256? {
        amount >= offer.takeAmount ? payMax : nil
    }

    /// A purchase restores nobody.
    package func payment(restoringPpm targetPpm: Int64) -> UInt256? { nil }

    package func worth(
        ofPaid amount: UInt256, rounding: Rounding
    ) throws(ArithmeticError) -> UInt256 {
        amount
    }

    package func worth(
        ofTaken amount: UInt256, rounding: Rounding
    ) throws(ArithmeticError) -> UInt256 {
        try mulDiv(amount, price, dividingBy: takeUnit, rounding: rounding)
    }
}
