import KeeperModel
import LiquidationRules
import WideMath

/// A market of offers on the keeper's side of a dry run: what stands behind an offer is not known,
/// so what is asked or bid is paid, what is offered is handed over, and nothing of it is left. A
/// bid is taken for the highest one; nobody there knows the others.
struct OfferHost: RulesHost {
    var rules: HostedOffers
    let terms: MarketTerms

    func grown(_ growth: Growth) -> [MarketFigure] { [] }

    func settle(
        _ order: CloseOrder, _ published: AccountPosition, in world: inout ClosingWorld
    ) throws(CloseRefused) -> SettledClose {
        let position = try closeable(published)
        guard case .purchase(let close) = order.plan.action else {
            throw CloseRefused(.malformed, "an offer is bought, and taken in no other way")
        }
        guard world.height <= position.expiresAtHeight else {
            throw CloseRefused(.expired, "offered until height \(position.expiresAtHeight)")
        }
        var bidding = rules
        if rules.terms.allocation == .sealedBid {
            bidding.raise = close.repayAmountMax.saturatingSubtract(position.payAmount)
        }
        guard
            let trade = bidding.trades(of: position)?.first(where: {
                $0.payAsset == close.repayAsset && $0.takeAsset == close.seizeAsset
            })
        else {
            throw CloseRefused(
                .limitViolated, "no \(close.seizeAsset) is offered for \(close.repayAsset)")
        }
        return try TradeDesk(order: order, close: close, trade: trade).settle(in: &world) {
            (quote, world) throws(CloseRefused) in
            var law = OwnLaw()
            law.give(quote.paid, from: "keeper", to: "venue", "bought")
            law.give(
                world.worth(quote.taken, trade.takeAsset), from: "venue", to: "keeper", "bought")
            let facts = [("bought", quote.taken), ("paid", quote.paid)]
            return MarketChange(
                position: nil, records: [world.record(law, named: "offers", facts, of: order)])
        }
    }

    package func offers(on published: AccountPosition) -> [PlainOffer] {
        eligible(published).flatMap { rules.trades(of: $0) }.map { $0.map { .trade($0) } } ?? []
    }
}
