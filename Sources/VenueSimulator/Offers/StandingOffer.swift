package import KeeperModel
import LiquidationRules
import WideMath

/// An offer as the venue holds it: what everybody sees, and whose close it is, which nobody does.
package struct StandingOffer: Hashable, Sendable {
    package let id: AccountID
    package let market: MarketID
    package internal(set) var version: UInt64
    package internal(set) var position: OfferPosition
    /// What the rules are asked to take as a payment so that they take what is asked for.
    var payMax: UInt256
    let kind: CloseKind
    let account: AccountID

    /// In its place among the accounts of its market.
    package var state: AccountState {
        AccountState(account: id, version: version, position: .offer(position))
    }
}

/// The offers that changed, came or went at one height, market by market, by id.
package struct OfferDelta: Hashable, Sendable {
    package struct Market: Hashable, Sendable {
        package let market: MarketID
        package let changed: [AccountState]
        package let withdrawn: [AccountID]
    }

    package let markets: [Market]
}

/// The largest close that the rules allow of an account now, as a price for a lot.
struct LargestClose {
    let kind: CloseKind
    let payMax: UInt256
    let paid: UInt256
    let takeAsset: AssetID
    let taken: UInt256

    /// Nil where nothing can be had for a payment of this asset. Among pairs of equal payment the
    /// first in the position's own order.
    init?(
        of offers: [PlainOffer], payingIn asset: AssetID, for taken: AssetID? = nil,
        atMost payMax: UInt256 = .max
    ) {
        var best: LargestClose?
        for case .trade(let trade) in offers where trade.payAsset == asset {
            guard taken ?? trade.takeAsset == trade.takeAsset,
                let close = LargestClose(trade, atMost: payMax)
            else { continue }
            if best.map({ close.paid > $0.paid }) ?? true { best = close }
        }
        guard let best else { return nil }
        self = best
    }

    /// The whole of it, or where the rules refuse that the largest of its edges.
    private init?(_ trade: some CollateralTrade, atMost limit: UInt256) {
        let whole = min(trade.payMax, limit)
        for amount in [whole] + trade.edges(driftPpm: 0).sorted(by: >) where amount <= whole {
            // What the rules refuse is no close.
            guard let quote = try? trade.quote(payingAtMost: amount), !quote.paid.isZero,
                !quote.taken.isZero
            else { continue }
            kind = trade.kind
            payMax = amount
            paid = quote.paid
            takeAsset = trade.takeAsset
            taken = quote.taken
            return
        }
        return nil
    }
}
