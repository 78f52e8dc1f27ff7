import KeeperModel
import LiquidationRules
import WideMath

/// A collateral type of Maker at the venue: vaults are seized into auctions by a push, auctions are
/// bought from, in parts or whole, and restarted by a push where they ran too long.
struct MakerHost: RulesHost {
    var rules: HostedMaker
    let terms: MarketTerms
    /// A new auction takes the next free name.
    var needsNeighbours: Bool { true }

    func grown(_ growth: Growth) -> [MarketFigure] {
        // Interest that does not fit is not dripped on the chain either.
        let rate = try? rayMul(
            rules.rateRay,
            rayPower(
                ray + growth.ratePerYearRay / UInt256(31_536_000), growth.sinceLastSeconds),
            rounding: .down)
        return [
            MarketFigure(.rateRay, rate ?? rules.rateRay),
            MarketFigure(.seconds, UInt256(growth.nowSeconds)),
        ]
    }

    func settle(
        _ order: CloseOrder, _ published: AccountPosition, in world: inout ClosingWorld
    ) throws(CloseRefused) -> SettledClose {
        let position = try closeable(published)
        switch (order.plan.action, position) {
        case (.push(let push), .vault(let vault)):
            let change = try bark(vault, order, &world)
            return try pay(push, position, change, order, &world)
        case (.push(let push), .auction(let auction)):
            let change = try restart(auction, order, &world)
            return try pay(push, position, change, order, &world)
        case (.purchase(let close), .auction(let auction)):
            return try buy(close, auction, order, &world)
        default:
            throw CloseRefused(.malformed, "vaults are pushed, auctions bought from")
        }
    }

    private func pay(
        _ push: PushClose, _ position: HostedMaker.Position, _ change: MarketChange,
        _ order: CloseOrder, _ world: inout ClosingWorld
    ) throws(CloseRefused) -> SettledClose {
        guard let offer = rules.push(of: position) else {
            throw CloseRefused(.limitViolated, "there is nothing to push")
        }
        return try PushDesk(order: order, close: push, offer: offer)
            .settle(in: &world, paidBy: order.pool, change)
    }

    // MARK: Pushes

    private func bark(
        _ vault: MakerMarket.Position, _ order: CloseOrder, _ world: inout ClosingWorld
    ) throws(CloseRefused) -> MarketChange {
        let (bark, auction) = try admitted {
            () throws(CloseObstacle) in
            let bark = try rules.bark(vault)
            return (bark, try rules.started(tab: bark.tab, lot: bark.dink))
        }
        var law = OwnLaw()
        law.give(
            world.worth(bark.dink, rules.terms.collateral), from: "account", to: "auction",
            "seized")
        law.give(bark.due / ray, from: "vow", to: "account", "debt-taken-over")
        let record = world.record(
            law, named: "maker", [("dink", bark.dink), ("dart", bark.dart), ("tab", bark.tab)],
            of: order)
        return MarketChange(
            position: rules.published(
                ink: UInt256(vault.ink) - bark.dink, art: UInt256(vault.art) - bark.dart),
            others: [
                ChangedItem(account: nextAuction(world), position: .auction(auction))
            ], figures: [MarketFigure(.auctioned, rules.auctioned + bark.tab)], records: [record])
    }

    /// The venue's fills are counted, and one fill starts at most one auction.
    private func nextAuction(_ world: ClosingWorld) -> AccountID {
        AccountID("auction-\(world.fillCount + 1)")
    }

    private func restart(
        _ auction: AuctionPosition, _ order: CloseOrder, _ world: inout ClosingWorld
    ) throws(CloseRefused) -> MarketChange {
        guard rules.needsRestart(auction) else {
            throw CloseRefused(.limitViolated, "the auction runs")
        }
        let restarted = try admitted { () throws(CloseObstacle) in
            try rules.started(tab: auction.tab, lot: auction.lot)
        }
        let record = world.record(
            OwnLaw(), named: "maker", [("tab", auction.tab), ("lot", auction.lot)], of: order)
        return MarketChange(position: .auction(restarted), records: [record])
    }

    // MARK: Purchases

    private func buy(
        _ close: LendingClose, _ auction: AuctionPosition, _ order: CloseOrder,
        _ world: inout ClosingWorld
    ) throws(CloseRefused) -> SettledClose {
        guard
            let trade = rules.trades(of: .auction(auction))?.first(where: {
                $0.payAsset == close.repayAsset && $0.takeAsset == close.seizeAsset
            })
        else { throw CloseRefused(.limitViolated, "the auction has to be restarted") }
        return try TradeDesk(order: order, close: close, trade: trade).settle(in: &world) {
            (quote, world) throws(CloseRefused) in
            let take = try admitted { () throws(CloseObstacle) in
                try rules.take(trade.slice(payingAtMost: close.repayAmountMax), of: auction)
            }
            return try change(take, quote, auction, order, &world)
        }
    }

    private func change(
        _ take: MakerTake, _ quote: TradeQuote, _ auction: AuctionPosition, _ order: CloseOrder,
        _ world: inout ClosingWorld
    ) throws(CloseRefused) -> MarketChange {
        let collateral = rules.terms.collateral
        try world.move(
            take.collateralReturned, of: collateral, from: order.pool,
            to: .surplus(order.plan.target.market))
        var law = OwnLaw()
        law.give(quote.paid, from: "keeper", to: "vow", "bought")
        law.give(world.worth(take.slice, collateral), from: "auction", to: "keeper", "bought")
        law.give(
            world.worth(take.collateralReturned, collateral), from: "auction", to: "owner",
            "returned")
        let record = world.record(
            law, named: "maker",
            [("slice", take.slice), ("owe", take.owe), ("badDebt", take.badDebt)], of: order)
        let left = AuctionPosition(
            tab: take.auction.tab, lot: take.auction.lot, topRay: auction.topRay,
            startedAtSeconds: auction.startedAtSeconds)
        // What a closed auction has not brought will not come any more.
        let dug = take.isClosed ? auction.tab : take.owe
        return MarketChange(
            position: take.isClosed ? nil : .auction(left),
            figures: [MarketFigure(.auctioned, rules.auctioned.saturatingSubtract(dug))],
            records: [record])
    }

    private func admitted<Value>(
        _ work: () throws(CloseObstacle) -> Value
    ) throws(CloseRefused) -> Value {
        do throws(CloseObstacle) {
            return try work()
        } catch {
            throw CloseRefused(.limitViolated, error.description)
        }
    }
}
