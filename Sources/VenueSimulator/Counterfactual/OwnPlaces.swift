package import KeeperModel
import LiquidationRules
package import WideMath

/// Auctions and goods that closes in our history brought about, where no feed will ever tell of
/// them: which they are, and what the keeper has yet to hear of them and of their markets.
struct OwnPlaces: Sendable {
    private var known: [MarketID: Set<AccountID>] = [:]
    private var untold: [MarketID: Set<AccountID>] = [:]
    private var untoldFigures: [MarketID: [MarketFigure]] = [:]

    func places(of market: MarketID) -> [AccountID] { known[market]?.sorted() ?? [] }

    mutating func note(_ account: AccountID, of market: MarketID, isThere: Bool) {
        if isThere {
            known[market, default: []].insert(account)
        } else {
            known[market]?.remove(account)
        }
        untold[market, default: []].insert(account)
    }

    mutating func note(_ figures: [MarketFigure], of market: MarketID) {
        guard !figures.isEmpty else { return }
        untoldFigures[market] = (untoldFigures[market] ?? []).updated(by: figures)
    }

    /// What there is to tell, once; `state` is nil for what is gone.
    mutating func tell(_ state: (MarketID, AccountID) -> AccountState?) -> [EventBody] {
        var bodies: [EventBody] = []
        if !untoldFigures.isEmpty {
            bodies.append(
                .figuresPublished(
                    untoldFigures.keys.sorted().map {
                        MarketFigures(market: $0, figures: untoldFigures[$0] ?? [])
                    }))
        }
        for market in untold.keys.sorted() {
            let named = (untold[market] ?? []).sorted()
            bodies.append(
                .accountsChanged(
                    market, changed: named.compactMap { state(market, $0) },
                    removed: named.filter { state(market, $0) == nil }))
        }
        (untold, untoldFigures) = ([:], [:])
        return bodies
    }
}

extension AccountPosition {
    /// Something to be bought, which is nobody's account.
    var isPlace: Bool {
        switch self {
        case .auction, .goods: true
        case .lending, .margin, .euler, .trove, .offer: false
        }
    }
}

/// What anybody may do with an auction or with goods.
package enum PlaceStanding: Hashable, Sendable {
    /// Bought, at so much below the venue's own price; nothing where it is above.
    case sold(discountPpm: UInt64)
    /// Nobody can buy before somebody restarts it.
    case pushed
}

extension CollateralTrade {
    /// Of the whole of it, rounded down; nil where that cannot be bought.
    fileprivate var discountPpm: UInt64? {
        // What reverts cannot be bought, and what has no worth has no discount.
        guard let quoted = try? quote(payingAtMost: payMax),
            let paid = try? worth(ofPaid: quoted.paid, rounding: .up),
            let taken = try? worth(ofTaken: quoted.taken, rounding: .down), !taken.isZero
        else { return nil }
        let below = taken.saturatingSubtract(paid)
        // A part of the whole, so it is below a million.
        return (try? mulDiv(below, 1_000_000, dividingBy: taken, rounding: .down))?.asUInt64
    }
}

extension CounterfactualVenue {
    /// Whether a target is an auction or goods: no price makes it eligible, and it may be bought
    /// from more than once.
    package func isPlace(_ target: Target) -> Bool {
        accounts[target.market]?[target.account]?.position.isPlace ?? false
    }

    /// As the keeper would see it; nil for what is not there.
    package func state(of target: Target) -> AccountState? {
        accounts[target.market]?[target.account]
    }

    /// Nil for an account that is not there, or does not fit its market.
    package func healthWad(of target: Target) -> UInt256? {
        state(of: target).flatMap { markets[target.market]?.healthWad(of: $0.position) }
    }

    /// Whether it is an auction, whose price is on its way.
    package func isAuction(_ target: Target) -> Bool {
        if case .auction = accounts[target.market]?[target.account]?.position {
            true
        } else {
            false
        }
    }

    /// What can be done with a place now; nil where nothing can.
    package func standing(ofPlace target: Target) -> PlaceStanding? {
        guard let host = markets[target.market],
            let position = accounts[target.market]?[target.account]?.position
        else { return nil }
        var best: PlaceStanding?
        for offer in host.offers(on: position) {
            switch offer {
            case .trade(let trade):
                guard let discountPpm = trade.discountPpm else { continue }
                best = .sold(discountPpm: discountPpm)
            case .push: best = best ?? .pushed
            case .lots: continue
            }
        }
        return best
    }

    /// What a close left of its target, and what it did beside it.
    mutating func leave(_ change: MarketChange, of state: AccountState, in market: MarketID) {
        if followsPlaces {
            markets[market]?.take(change.figures)
            places.note(change.figures, of: market)
            for item in change.others { put(item, in: market) }
            if state.position.isPlace {
                put(ChangedItem(account: state.account, position: change.position), in: market)
                return
            }
        }
        let recorded = forks.recorded(market, state.account) ?? state.position
        accounts[market]?[state.account] = forks.close(
            market,
            recorded: AccountState(
                account: state.account, version: state.version, position: recorded),
            position: change.position)
    }

    /// Accounts of the feed that carry a loss stay as the feed has them: only places are followed.
    private mutating func put(_ item: ChangedItem, in market: MarketID) {
        let known = accounts[market]?[item.account]
        guard (item.position ?? known?.position)?.isPlace == true else { return }
        accounts[market]?[item.account] = item.position.map {
            AccountState(
                account: item.account, version: (known?.version ?? 0) + 1, position: $0)
        }
        places.note(item.account, of: market, isThere: item.position != nil)
    }

    mutating func tellOfPlaces() -> [EventBody] {
        let states = accounts
        return places.tell { states[$0]?[$1] }
    }
}
