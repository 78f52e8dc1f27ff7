import KeeperModel
import LiquidationRules
import WideMath

/// A market of Compound III at the venue: accounts are absorbed whole, and what is absorbed is
/// sold at a discount. Its law is its own: reserves pay, and eat what collateral does not reach.
struct CometHost: RulesHost {
    var rules: HostedComet
    let terms: MarketTerms
    /// Absorbed collateral is added to what the storefront has.
    var needsNeighbours: Bool { true }

    func grown(_ growth: Growth) -> [MarketFigure] {
        // An index that overflows cannot be accrued on the chain either.
        let index = try? cometAccruedIndex(
            rules.borrowIndex, ratePerSecond: growth.ratePerSecondWad,
            elapsedSeconds: growth.sinceLastSeconds)
        return index.map { [MarketFigure(.borrowIndex, $0)] } ?? []
    }

    func settle(
        _ order: CloseOrder, _ published: AccountPosition, in world: inout ClosingWorld
    ) throws(CloseRefused) -> SettledClose {
        let position = try closeable(published)
        switch order.plan.action {
        case .purchase(let close): return try buy(close, order, position, &world)
        case .push(let close): return try absorb(close, order, position, &world)
        default:
            throw CloseRefused(.malformed, "accounts of this market are absorbed, goods bought")
        }
    }

    private func absorb(
        _ close: PushClose, _ order: CloseOrder, _ position: HostedComet.Position,
        _ world: inout ClosingWorld
    ) throws(CloseRefused) -> SettledClose {
        guard let offer = rules.push(of: position) else {
            throw CloseRefused(.limitViolated, "nothing of it can be absorbed")
        }
        let change = try change(order, position, sold: nil, &world)
        return try PushDesk(order: order, close: close, offer: offer)
            .settle(in: &world, paidBy: order.pool, change)
    }

    private func buy(
        _ close: LendingClose, _ order: CloseOrder, _ position: HostedComet.Position,
        _ world: inout ClosingWorld
    ) throws(CloseRefused) -> SettledClose {
        guard
            let trade = rules.trades(of: position)?.first(where: {
                $0.payAsset == close.repayAsset && $0.takeAsset == close.seizeAsset
            })
        else {
            throw CloseRefused(
                .limitViolated, "no \(close.seizeAsset) is sold for \(close.repayAsset)")
        }
        return try TradeDesk(order: order, close: close, trade: trade).settle(in: &world) {
            (quote, world) throws(CloseRefused) in
            let sold = AssetAmount(asset: trade.takeAsset, amount: quote.taken)
            return try change(order, position, sold: (sold, quote.paid), &world)
        }
    }

    private func change(
        _ order: CloseOrder, _ position: HostedComet.Position,
        sold: (goods: AssetAmount, paid: UInt256)?, _ world: inout ClosingWorld
    ) throws(CloseRefused) -> MarketChange {
        var law = OwnLaw()
        var facts: [(String, UInt256)] = []
        var store = Storefront(world.neighbours)
        if case .debtor(let debtor) = position {
            try absorb(debtor, into: &store, &law, &facts, world)
        }
        if let (goods, paid) = sold {
            store.add(goods.asset) { $0.saturatingSubtract(goods.amount) }
            law.give(paid, from: "keeper", to: "reserves", "bought")
            law.give(
                world.worth(goods.amount, goods.asset), from: "storefront", to: "keeper", "bought")
            facts += [("bought", goods.amount), ("paid", paid)]
        }
        let record = world.record(law, named: "compound-v3", facts, of: order)
        // Goods that are the target themselves stay a place, empty or not; a debtor is gone.
        let changed = store.changed
        return MarketChange(
            position: changed.first { $0.account == order.account }?.position,
            others: changed.filter { $0.account != order.account }, records: [record])
    }

    private func absorb(
        _ debtor: CometMarket.Position, into store: inout Storefront, _ law: inout OwnLaw,
        _ facts: inout [(String, UInt256)], _ world: ClosingWorld
    ) throws(CloseRefused) {
        guard let absorption = rules.absorption(of: debtor) else {
            throw CloseRefused(.limitViolated, "the rules' arithmetic reverts")
        }
        for holding in debtor.holdings {
            let asset = rules.terms.collaterals[holding.number].asset
            let balance = UInt256(holding.balance)
            store.add(asset) { $0 + balance }
            law.give(world.worth(balance, asset), from: "account", to: "storefront", "absorbed")
        }
        law.give(absorption.basePaidOut, from: "reserves", to: "account", "absorbed")
        facts.append(("debt", absorption.oldBalance.magnitude))
        facts.append(("paidOut", absorption.basePaidOut))
    }
}

/// The goods of a market, as one close changes them.
private struct Storefront {
    private var goods: [AssetID: (account: AccountID, quantity: UInt256)] = [:]
    private var touched: Set<AssetID> = []

    init(_ neighbours: [AccountState]) {
        for state in neighbours {
            guard case .goods(let held) = state.position else { continue }
            goods[held.asset] = (state.account, held.quantity)
        }
    }

    mutating func add(_ asset: AssetID, _ change: (UInt256) -> UInt256) {
        let held = goods[asset] ?? (MarketTerms.storefront(of: asset), .zero)
        goods[asset] = (held.account, change(held.quantity))
        touched.insert(asset)
    }

    var changed: [ChangedItem] {
        touched.sorted().compactMap { asset in
            goods[asset].map {
                ChangedItem(
                    account: $0.account,
                    position: .goods(GoodsPosition(asset: asset, quantity: $0.quantity)))
            }
        }
    }
}

extension MarketTerms {
    /// The place of a collateral's goods among the market's accounts.
    static func storefront(of asset: AssetID) -> AccountID {
        AccountID(checking: "storefront-" + asset.text) ?? AccountID("storefront")
    }
}
