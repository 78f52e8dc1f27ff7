package import KeeperModel
import LiquidationRules
package import WideMath

/// What stands in an account that may be closed, in units of the quote currency.
package struct AccountExposure: Hashable, Sendable {
    /// Collateral at the venue's own prices; the margin of a position.
    package let collateralUnits: UInt256
    /// What is owed; the notional of a position.
    package let debtUnits: UInt256

    /// What is owed beyond all that could pay it; nothing for a position, whose loss is not known
    /// before it is closed.
    package let shortfallUnits: UInt256
}

/// Everybody else at a venue as one: whoever may be closed is closed by somebody, if that pays.
extension ReferenceVenue {
    /// The largest close that the rules allow and the book takes, by somebody with a deep purse.
    /// What is too much for the book is made smaller, and the rest waits for the next height. False
    /// where nothing can be closed for at least so much.
    package mutating func closeByCrowd(
        _ target: Target, named other: String, gainMinUnits: Int256
    ) -> Bool {
        guard let host = markets[target.market],
            let state = accounts[target.market]?[target.account]
        else { return false }
        fillPurse(of: other)
        if let offer = board?.offer(at: .init(market: target.market, account: target.account)) {
            return takeOffer(offer, named: other, gainMinUnits: gainMinUnits)
        }
        let sizing = PlainSizing(
            custody: world.custody, holder: .keeper(other), depth: world.depth,
            quote: world.quote.asset, holdsWhatIsLeft: false)
        let best = host.offers(on: state.position).compactMap { sizing.close($0) }
            .max { $0.gainUnits < $1.gainUnits }
        guard let best, best.gainUnits >= gainMinUnits else { return false }
        crowdCount += 1
        let plan = ClosePlan(
            clientID: ClientID("\(other)-\(crowdCount)"), target: target,
            accountVersion: state.version, action: best.action, validUntilHeight: height)
        let reply = close(plan, bodyHash: plan.clientID.text, keeper: other)
        guard case .answered(.settled, _) = reply else { return false }
        return true
    }

    private mutating func fillPurse(of other: String) {
        let purse = UInt256(1) << 100
        guard world.custody.balance(of: .keeper(other), world.quote.asset) < purse >> 1 else {
            return
        }
        admit(keeper: other, endowedWith: [])
        world.custody.endow(.keeper(other), world.quote.asset, purse)
    }

    /// Claimed and kept; where bids are sealed, half of the gain is bid. The crowd commits no
    /// capacity.
    private mutating func takeOffer(
        _ offer: StandingOffer, named other: String, gainMinUnits: Int256
    ) -> Bool {
        let position = offer.position
        let worth = world.worth(position.takeAmount, position.takeAsset)
        let gain = worth.saturatingSubtract(position.payAmount)
        guard gain >= gainMinUnits.magnitude, offerRules?.allocation != .proRata else {
            return false
        }
        let raise = offerRules?.allocation == .sealedBid ? gain / UInt256(2) : .zero
        crowdCount += 1
        let plan = ClosePlan(
            clientID: ClientID("\(other)-\(crowdCount)"),
            target: Target(domain: DomainID("crowd"), market: offer.market, account: offer.id),
            accountVersion: offer.version,
            action: .purchase(
                LendingClose(
                    repayAsset: world.quote.asset, repayAmountMax: position.payAmount + raise,
                    seizeAsset: position.takeAsset, seizeAmountMin: .one, funding: .inventory,
                    exit: .hold)),
            validUntilHeight: position.expiresAtHeight)
        switch close(plan, bodyHash: plan.clientID.text, keeper: other) {
        case .answered(.settled, _), .answered(.pending, _): return true
        default: return false
        }
    }

    /// So many of those who may be closed now are tried; what pays nobody stays.
    package mutating func letCrowdClose(atMost count: UInt64) {
        for (market, account) in closable().prefix(Int(clamping: count)) {
            // A venue knows no domains; what it is called here is heard by nobody.
            let target = Target(
                domain: DomainID("crowd"), market: market, account: account)
            _ = closeByCrowd(target, named: "crowd", gainMinUnits: 1)
        }
    }

    /// Everybody who may be closed now, asked one by one: slow, and by no index.
    package func closable() -> [(market: MarketID, account: AccountID)] {
        scenario.markets.flatMap { market -> [(market: MarketID, account: AccountID)] in
            guard let host = markets[market] else { return [] }
            return (snapshot(of: market) ?? []).compactMap { state in
                host.isLiquidatable(state.position) ? (market, state.account) : nil
            }
        }
    }

    /// Nil for an account that is gone.
    package func exposure(of account: AccountID, in market: MarketID) -> AccountExposure? {
        guard let host = markets[market], let state = accounts[market]?[account] else {
            return nil
        }
        for case .trade(let trade) in host.offers(on: state.position) {
            guard let repay = trade as? any RepayTrade else { continue }
            return AccountExposure(
                collateral: repay.account.collateral, debt: repay.account.debt)
        }
        return plainExposure(of: state.position, under: host.terms)
    }

    /// What a debt has become by its market's index. One that does not fit is the largest there is.
    private func grown(_ scaled: UInt256, in market: MarketID) -> UInt256 {
        for figure in figures[market] ?? [] {
            let scale: UInt256
            switch figure.name {
            case .borrowIndex: scale = 1_000_000_000_000_000
            case .rateRay: scale = ray
            default: continue
            }
            // What does not fit is more than anybody can hold.
            let debt = try? mulDiv(scaled, figure.value, dividingBy: scale, rounding: .up)
            return debt ?? .max
        }
        return scaled
    }

    private func plainExposure(
        of position: AccountPosition, under terms: MarketTerms
    ) -> AccountExposure {
        switch position {
        case .margin(let margin):
            let price = lastPrices[terms.marginAsset ?? scenario.quote.asset] ?? 0
            return AccountExposure(
                collateralUnits: UInt256(UInt64(clamping: margin.marginUnits)),
                debtUnits: UInt256(UInt64(clamping: margin.lots)) * UInt256(price),
                shortfallUnits: .zero)
        case .goods(let goods):
            return AccountExposure(
                collateral: world.worth(goods.quantity, goods.asset), debt: .zero)
        case .trove(let trove):
            return AccountExposure(
                collateral: terms.onlyCollateral.map { world.worth(trove.collateral, $0) }
                    ?? .zero, debt: trove.debt)
        case .auction(let auction):
            return AccountExposure(
                collateral: terms.onlyCollateral.map { world.worth(auction.lot, $0) } ?? .zero,
                debt: .zero)
        case .offer(let offer):
            return AccountExposure(
                collateral: world.worth(offer.takeAmount, offer.takeAsset), debt: .zero)
        case .lending, .euler:
            let held = scenario.assets.map(\.description.asset).reduce(UInt256.zero) {
                $0 + world.worth(position.collateral(of: $1, in: terms), $1)
            }
            return AccountExposure(
                collateral: held, debt: grown(position.scaledDebt, in: terms.market))
        }
    }
}

extension AccountExposure {
    fileprivate init(collateral: UInt256, debt: UInt256) {
        self.init(
            collateralUnits: collateral, debtUnits: debt,
            shortfallUnits: debt.saturatingSubtract(collateral))
    }
}

extension MarketTerms {
    fileprivate var marginAsset: AssetID? {
        if case .margin(let terms) = self { terms.asset } else { nil }
    }

    fileprivate var onlyCollateral: AssetID? {
        switch self {
        case .liquity(let terms): terms.collateral
        case .maker(let terms): terms.collateral
        default: nil
        }
    }
}
