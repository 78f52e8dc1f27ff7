package import KeeperModel
import LiquidationRules
import WideMath

/// A venue that shows offers and no accounts: what may be closed is put on the board, height by
/// height and after every close, and whatever of it changed is published.
///
/// Everybody is asked about by the rules, one by one: there is no index here, as little as in the
/// rest of this venue.
extension ReferenceVenue {
    package var disclosure: Disclosure { scenario.disclosure }

    /// Nil where accounts are shown instead.
    package var offerRules: OfferRules? {
        if case .offers(let rules) = disclosure { rules } else { nil }
    }

    /// What stands, by id; empty where accounts are shown.
    package var offers: [StandingOffer] { board?.all ?? [] }

    /// What everybody may know of the markets.
    package var shownTerms: [MarketTerms] {
        guard let offerRules else { return terms }
        return scenario.markets.map { market in
            .offers(
                OfferTerms(
                    market: market, allocation: offerRules.allocation, pay: scenario.quote,
                    assets: scenario.assets.map(\.description)))
        }
    }

    /// Whatever a new height means for offers: others are made, changed or withdrawn, bids are
    /// opened, capacity is used.
    mutating func passOffers() {
        guard let rules = offerRules else { return }
        for market in scenario.markets {
            for account in (accounts[market] ?? [:]).keys.sorted() {
                show(OfferBoard.Place(market: market, account: account))
            }
        }
        // The places of accounts that are gone.
        for place in board?.places ?? [] where accounts[place.market]?[place.account] == nil {
            show(place)
        }
        // Nothing is settled that was not told before.
        publishOffers()
        switch rules.allocation {
        case .claim: break
        case .sealedBid: openBids()
        case .proRata: shareOut()
        }
        publishOffers()
    }

    /// Lets the offer of one account be what the rules allow now.
    mutating func show(_ place: OfferBoard.Place) {
        guard board != nil else { return }
        var close: LargestClose?
        if let host = markets[place.market], let state = accounts[place.market]?[place.account] {
            close = LargestClose(
                of: host.offers(on: state.position), payingIn: scenario.quote.asset)
        }
        let height = height
        if let gone = board?.show(close, at: place, height: height) { refuseBids(for: gone) }
    }

    mutating func publishOffers() {
        guard let delta = board?.takeDelta() else { return }
        channels.offers.publish(delta, height: height, at: world.now)
    }

    /// An offer that was taken is gone; whatever else the close changed is offered as it is now.
    mutating func follow(_ delta: AccountDelta, of market: MarketID, taken: StandingOffer) {
        board?.withdraw(taken.id)
        for account in (delta.changed.map(\.account) + delta.removed).sorted() {
            show(OfferBoard.Place(market: market, account: account))
        }
    }
}
