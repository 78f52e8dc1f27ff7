package import KeeperModel
package import WideMath

/// A collateral type of Maker as the reference venue publishes it: vaults, and beside them the
/// auctions of what was seized.
package struct HostedMaker: PublishedMarketRules {
    package let terms: MakerVaultTerms
    private var inner: MakerMarket
    /// The price as the contracts read it, in wad; nothing until the first.
    fileprivate var priceWad: UInt256 = .zero
    private let unit: UInt256
    /// By the venue's clock; 0 until it is known.
    package private(set) var nowSeconds: UInt64 = 0
    /// What all running auctions have yet to bring, times 1e27.
    package private(set) var auctioned: UInt256 = .zero

    package enum Position: Hashable, Sendable {
        case vault(MakerMarket.Position)
        case auction(AuctionPosition)
    }

    /// Nil where decimals are too many for a unit, the ratio is none, or auctions do not fall.
    package init?(terms: MakerVaultTerms) {
        // What does not fit cannot be counted.
        guard let unit = try? UInt256.powerOfTen(Int(terms.collateralDecimals)),
            terms.liquidationRatioRay >= ray, terms.auction.curve.falls
        else { return nil }
        self.terms = terms
        self.unit = unit
        inner = MakerMarket(
            terms: MakerTerms(
                market: terms.market, collateral: terms.collateral,
                liquidationRatioRay: terms.liquidationRatioRay, parRay: ray))
    }

    // MARK: Health

    package var variableCount: Int { inner.variableCount }
    package func value(ofVariable variable: Int) -> UInt128 { inner.value(ofVariable: variable) }

    /// An auction runs until it is bought, or waits to be restarted: either may be done by anybody.
    package func isLiquidatable(_ position: Position) -> Bool {
        switch position {
        case .vault(let vault): inner.isLiquidatable(vault)
        case .auction: true
        }
    }

    package func healthWad(_ position: Position) -> UInt256 {
        switch position {
        case .vault(let vault): inner.healthWad(vault)
        case .auction: .zero
        }
    }

    /// No price decides whether an auction is there.
    package func watch(_ position: Position, into watches: inout [Watch]) -> Bool {
        guard case .vault(let vault) = position else { return true }
        return inner.watch(vault, into: &watches)
    }

    // MARK: Intake

    /// Units for a whole token become units times 1e18 for each smallest unit of collateral.
    package mutating func publish(_ update: PriceUpdate) -> [Int] {
        guard update.asset == terms.collateral,
            // What does not fit pokes nothing.
            let price = try? mulDiv(update.price, wad, dividingBy: unit, rounding: .down)
        else { return [] }
        priceWad = price
        return inner.publish(
            PriceUpdate(
                asset: update.asset, kind: update.kind, price: price, round: update.round,
                sourceAt: update.sourceAt))
    }

    package mutating func take(_ figures: [MarketFigure]) -> [Int] {
        var moved: [Int] = []
        for figure in figures {
            switch figure.name {
            case .rateRay: moved += figure.value.asUInt128.map { inner.accrue(rateRay: $0) } ?? []
            case .seconds: nowSeconds = figure.value.asUInt64 ?? nowSeconds
            case .auctioned: auctioned = figure.value
            default: continue
            }
        }
        return moved
    }

    package func position(from published: AccountPosition) -> Position? {
        switch published {
        case .lending(let lending):
            guard let art = lending.onlyDebt(of: terms.debt)?.asUInt128,
                lending.collateral.count <= 1,
                lending.collateral.allSatisfy({ $0.asset == terms.collateral }),
                let ink = (lending.collateral.first?.scaledAmount ?? .zero).asUInt128
            else { return nil }
            return .vault(MakerMarket.Position(ink: ink, art: art))
        case .auction(let auction): return .auction(auction)
        default: return nil
        }
    }

    package func published(_ position: Position) -> AccountPosition {
        switch position {
        case .vault(let vault):
            published(ink: UInt256(vault.ink), art: UInt256(vault.art))
                ?? .lending(LendingPosition(collateral: [], debts: []))
        case .auction(let auction): .auction(auction)
        }
    }

    /// Nil where nothing is left.
    package func published(ink: UInt256, art: UInt256) -> AccountPosition? {
        LendingPosition.published(
            [ScaledBalance(asset: terms.collateral, scaledAmount: ink)],
            owing: ScaledBalance(asset: terms.debt, scaledAmount: art))
    }

    package func pricedAssets(of position: Position) -> [AssetID] { [terms.collateral] }

    package var rateRay: UInt256 { UInt256(inner.values[MakerMarket.Variable.rateRay]) }
    fileprivate var takeUnit: UInt256 { unit }
}

extension HostedMaker {
    // MARK: Auctions

    /// What seizing the vault takes; throws why nothing is.
    package func bark(_ vault: MakerMarket.Position) throws(CloseObstacle) -> MakerBark {
        do {
            let spot = UInt256(inner.values[MakerMarket.Variable.spotRay])
            let quoted = try MakerBark.quote(
                MakerVault(
                    ink: UInt256(vault.ink), art: UInt256(vault.art), rate: rateRay, spot: spot,
                    dust: terms.dustUnits.checkedMultiply(ray), chop: terms.chopWad),
                limits: MakerLimits(
                    globalMax: .max, globalNow: .zero,
                    ilkMax: terms.holeUnits.checkedMultiply(ray), ilkNow: auctioned))
            return try quoted.get()
        } catch let refusal as MakerRefusal {
            throw CloseObstacle(refusal.rawValue)
        } catch {
            throw CloseObstacle("the rules' arithmetic reverts: \(error)")
        }
    }

    /// An auction as it starts, or starts anew, now.
    package func started(tab: UInt256, lot: UInt256) throws(CloseObstacle) -> AuctionPosition {
        do throws(ArithmeticError) {
            let feed = try MakerAuction.feedPriceRay(value: priceWad, parRay: ray)
            return AuctionPosition(
                tab: tab, lot: lot,
                topRay: try rayMul(feed, terms.auction.startFactorRay, rounding: .down),
                startedAtSeconds: nowSeconds)
        } catch {
            throw CloseObstacle(error)
        }
    }

    fileprivate func elapsedSeconds(_ auction: AuctionPosition) -> UInt64 {
        max(nowSeconds, auction.startedAtSeconds) - auction.startedAtSeconds
    }

    /// Nil where the arithmetic would revert.
    fileprivate func priceRay(_ auction: AuctionPosition) -> UInt256? {
        try? terms.auction.curve.price(
            topRay: auction.topRay, elapsedSeconds: elapsedSeconds(auction))
    }

    package func needsRestart(_ auction: AuctionPosition) -> Bool {
        guard let price = priceRay(auction) else { return false }
        // What reverts is not restarted either.
        return
            (try? MakerAuction.needsReset(
                elapsedSeconds: elapsedSeconds(auction), tailSeconds: terms.auction.tailSeconds,
                priceRay: price, topRay: auction.topRay, cuspRay: terms.auction.cuspRay)) ?? false
    }

    /// ⌊dust · chop⌋: less than this is not worth an auction. Times 1e27.
    fileprivate var leastTab: UInt256 {
        // What does not fit is more than any auction has to bring.
        (try? wadMul(terms.dustUnits.checkedMultiply(ray), terms.chopWad, rounding: .down)) ?? .max
    }

    /// What starting an auction pays, in whole units, rounded down.
    fileprivate func incentive(tab: UInt256) -> UInt256? {
        // What does not fit is not paid.
        try? MakerAuction.incentive(
            tip: terms.auction.tipUnits.checkedMultiply(ray), chip: terms.auction.chipWad, tab: tab
        ) / ray
    }

    package func take(
        _ amount: UInt256, of auction: AuctionPosition
    ) throws(CloseObstacle) -> MakerTake {
        guard !needsRestart(auction), let price = priceRay(auction), !price.isZero else {
            throw CloseObstacle("Clipper/needs-reset")
        }
        do {
            return try MakerTake.quote(
                amount, of: MakerAuction(tab: auction.tab, lot: auction.lot), priceRay: price,
                chost: leastTab
            ).get()
        } catch let refusal as MakerRefusal {
            throw CloseObstacle(refusal.rawValue)
        } catch {
            throw CloseObstacle("the rules' arithmetic reverts: \(error)")
        }
    }
}

extension HostedMaker: TradingRules, PushRules {
    package func trades(of position: Position) -> [MakerPurchase]? {
        guard case .auction(let auction) = position else { return [] }
        guard let price = priceRay(auction), !price.isZero, !needsRestart(auction) else {
            return []
        }
        return MakerPurchase(of: auction, priceRay: price, in: self).map { [$0] } ?? []
    }

    /// Seizing a vault, or restarting an auction that has run too long. Restarting pays only where
    /// there is enough to bring and to sell.
    package func push(of position: Position) -> PushOffer? {
        switch position {
        case .vault(let vault):
            // What reverts is pushed by nobody.
            guard inner.isLiquidatable(vault), let bark = try? bark(vault),
                let incentive = incentive(tab: bark.tab)
            else { return nil }
            return PushOffer(inQuote: incentive, inKind: nil, notionalUnits: bark.due / ray)
        case .auction(let auction):
            // What reverts is pushed by nobody.
            guard needsRestart(auction), let incentive = incentive(tab: auction.tab),
                let feed = try? MakerAuction.feedPriceRay(value: priceWad, parRay: ray),
                let worth = try? auction.lot.checkedMultiply(feed)
            else { return nil }
            let pays = auction.tab >= leastTab && worth >= leastTab
            return PushOffer(
                inQuote: pays ? incentive : .zero, inKind: nil, notionalUnits: auction.tab / ray)
        }
    }
}

/// A purchase from a running auction at its price of now.
package struct MakerPurchase: CollateralTrade {
    private let market: HostedMaker
    private let auction: AuctionPosition
    private let priceRay: UInt256
    package let payMax: UInt256

    /// Nil where the arithmetic would revert.
    init?(of auction: AuctionPosition, priceRay: UInt256, in market: HostedMaker) {
        // What reverts for the whole lot is bought by nobody.
        guard let whole = try? market.take(.max, of: auction) else { return nil }
        self.market = market
        self.auction = auction
        self.priceRay = priceRay
        payMax = Self.units(whole.owe)
    }

    /// Of Dai with 27 more digits, rounded up: the buyer never pays less than is owed.
    private static func units(_ owe: UInt256) -> UInt256 {
        let quotient = owe / ray
        return quotient * ray == owe ? quotient : quotient + .one
    }

    package var kind: CloseKind { .purchase }
    package var payAsset: AssetID { market.terms.debt }
    package var takeAsset: AssetID { market.terms.collateral }
    package var takeUnit: UInt256 { market.takeUnit }
    package var ageSeconds: UInt64 { market.elapsedSeconds(auction) }

    /// The largest part after which enough is left to bring, which no price decides.
    package func edges(driftPpm: UInt64) -> [UInt256] {
        let left = (auction.tab.saturatingSubtract(market.leastTab)) / ray
        return left.isZero || left >= payMax ? [] : [left]
    }

    /// How much collateral so many units buy; everything at the most.
    package func slice(payingAtMost amount: UInt256) -> UInt256 {
        guard amount < payMax else { return .max }
        // More than fits one word buys everything.
        return (try? amount.checkedMultiply(ray)).map { $0 / priceRay } ?? .max
    }

    package func quote(payingAtMost amount: UInt256) throws(CloseObstacle) -> TradeQuote {
        let take = try market.take(slice(payingAtMost: amount), of: auction)
        return TradeQuote(paid: Self.units(take.owe), taken: take.slice)
    }

    package func payment(taking amount: UInt256) -> UInt256? {
        // More than fits one word is more than anybody pays.
        (try? amount.checkedMultiply(priceRay)).map { $0 / ray }
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
        try mulDiv(amount, market.priceWad, dividingBy: wad, rounding: rounding)
    }
}
