package import KeeperModel
import LiquidationRules
import WideMath

/// The other side of a dry run: real or recorded feeds, and closes that are settled as the venue
/// would have settled them, on accounts that remember it.
///
/// It sees every feed event before the keeper does and may change what the keeper sees: forked
/// accounts, virtual balances, books that our own sales have emptied. An account that has earned is
/// out of the keeper's sight until its episode is over: nothing more is to be had there.
package struct CounterfactualVenue: Sendable {
    private let keeper: String
    private let wallet: [AssetAmount]
    /// What it pretends to keep aside.
    private let aside: [AssetAmount]
    /// Whether auctions and goods that closes bring about are kept here, because no feed tells of
    /// them.
    let followsPlaces: Bool
    var places = OwnPlaces()
    private var description: VenueDescription?
    var markets: [MarketID: any HostedMarket] = [:]
    /// What the keeper sees: recorded accounts, or their forks.
    var accounts: [MarketID: [AccountID: AccountState]] = [:]
    /// Of sets that are coming in.
    private var pages: [MarketID: [AccountPage]] = [:]
    var world: ClosingWorld?
    private var ledger = CloseLedger()
    package internal(set) var forks = AccountForks()
    private var drifts: [MarketID: PriceDrift] = [:]
    /// How many closes others made here that no feed told of.
    var otherCloseCount: UInt64 = 0

    /// The wallet is what the keeper pretends to own.
    package init(
        keeper: String, wallet: [AssetAmount], reserve: [AssetAmount] = [],
        followsPlaces: Bool = false
    ) {
        self.keeper = keeper
        self.wallet = wallet
        aside = reserve
        self.followsPlaces = followsPlaces
    }

    package var settlements: SettlementBook? { world?.settlements }
    package var height: UInt64 { world?.height ?? 0 }
    package var balances: [AssetAmount] { world?.keeperBalances(keeper) ?? [] }
    package var reserve: [AssetAmount] { world?.custody.holdings(of: .reserve(keeper)) ?? [] }

    /// Where the venue keeps a reserve, a pretended one is kept instead.
    private var reserveNews: [EventBody] {
        description?.capabilities.movesReserve ?? false ? [.reserveReported(reserve)] : []
    }

    /// Takes in a feed event; returns what the keeper is to see of it, and first of what others
    /// left behind since the one before.
    package mutating func observe(
        _ body: EventBody, height: UInt64, at now: Instant
    ) -> [EventBody] {
        let news = tellOfPlaces()
        return news + take(body, height: height, at: now)
    }

    private mutating func take(
        _ body: EventBody, height: UInt64, at now: Instant
    ) -> [EventBody] {
        let newest = max(world?.height ?? 0, height)
        world?.height = newest
        world?.now = now
        switch body {
        case .venueDescribed(let description):
            describe(description, height: height, at: now)
            return [body, .balancesReported(balances)] + reserveNews
        case .pricesPublished(let updates):
            return publish(updates) + [body]
        case .figuresPublished(let published):
            for market in published {
                markets[market.market]?.take(market.figures)
                drifts[market.market]?.note(market.figures)
            }
        case .accountsReplaced(let market, let states):
            return [.accountsReplaced(market, replace(market, states))]
        case .accountsPaged(let market, let page):
            return take(page, of: market)
        case .accountsChanged(let market, let changed, let removed):
            return [change(market, changed, removed)]
        case .depthPublished(let books):
            for book in books { world?.depth[book.asset] = book }
        case .flashPoolsPublished(let pools):
            for pool in pools { world?.flashPools[pool.asset] = pool }
        case .balancesReported, .reserveReported:
            // What the real account holds is no news to a pretended one.
            return []
        default: break
        }
        return [body]
    }

    /// A set is forked as a whole, so a recorded one is put together first. The inbox takes it
    /// apart again.
    private mutating func take(_ page: AccountPage, of market: MarketID) -> [EventBody] {
        if page.number == 0 { pages[market] = [] }
        pages[market]?.append(page)
        guard page.isLast, let all = pages.removeValue(forKey: market),
            all.count == Int(page.number) + 1
        else { return [] }
        return [.accountsReplaced(market, replace(market, all.flatMap(\.states)))]
    }

    // MARK: Closes

    /// Settles a plan as the venue would now; returns the answer and what the keeper sees change.
    package mutating func close(
        _ plan: ClosePlan
    ) -> (answer: CloseAnswer, changes: [EventBody]) {
        switch ledger.claim(plan.clientID, bodyHash: plan.clientID.text, keeper: keeper) {
        case .reused, .replay:
            return (lookUp(plan.clientID), [])
        case .free: break
        }
        do {
            return try settle(plan)
        } catch {
            store(.refused(error.refusal), plan.clientID)
            return (.refused(error.refusal), [])
        }
    }

    /// What would become of a close now, tried on a copy.
    package func reply(to question: Question) -> QuestionReply {
        switch question {
        case .wouldSettle(let plan):
            var copy = self
            do {
                _ = try copy.settle(plan)
                return .wouldSettle(accountVersion: plan.accountVersion)
            } catch {
                return .wouldNot(error.refusal)
            }
        }
    }

    package func lookUp(_ clientID: ClientID) -> CloseAnswer {
        switch ledger.find(clientID, keeper: keeper)?.answer {
        case .settled(let receipt): .settled(receipt)
        case .refused(let refusal): .refused(refusal)
        case .tombstone: .voided
        case .pending: .accepted
        case nil: .notFound
        }
    }

    package mutating func void(_ clientID: ClientID) -> CloseAnswer {
        if case .notFound = lookUp(clientID) { store(.tombstone, clientID) }
        return lookUp(clientID)
    }

    private mutating func settle(
        _ plan: ClosePlan
    ) throws(CloseRefused) -> (answer: CloseAnswer, changes: [EventBody]) {
        guard var trial = world else {
            throw CloseRefused(.marketClosed, "the venue has not described itself")
        }
        if let order = plan.transferOrder { return try settle(order, in: trial) }
        let market = plan.target.market
        let state = try admissible(plan, height: trial.height)
        guard let host = markets[market] else {
            throw CloseRefused(.marketClosed, "no market \(market)")
        }
        trial.neighbours = host.needsNeighbours ? neighbours(market) : []
        let settled = try host.settle(
            CloseOrder(plan: plan, keeper: keeper), state.position, in: &trial)
        trial.neighbours = []
        world = trial
        store(.settled(settled.receipt), plan.clientID)
        take(settled)
        leave(settled.change, of: state, in: market)
        let isOutOfSight = forks.hasEarned(market, state.account)
        let gone = EventBody.accountsChanged(market, changed: [], removed: [state.account])
        return (
            .settled(settled.receipt),
            (isOutOfSight ? [gone] : []) + tellOfPlaces()
                + [.depthPublished(depth), .balancesReported(balances)]
        )
    }

    private mutating func settle(
        _ order: TransferOrder, in world: ClosingWorld
    ) throws(CloseRefused) -> (answer: CloseAnswer, changes: [EventBody]) {
        var trial = world
        let receipt = try trial.settle(order, of: keeper)
        self.world = trial
        store(.settled(receipt), order.clientID)
        return (.settled(receipt), [.balancesReported(balances)] + reserveNews)
    }

    private func admissible(
        _ plan: ClosePlan, height: UInt64
    ) throws(CloseRefused) -> AccountState {
        let state = try plan.requireCurrent(
            accounts[plan.target.market]?[plan.target.account], height: height)
        guard !forks.hasEarned(plan.target.market, plan.target.account) else {
            throw CloseRefused(.limitViolated, "this episode of the account has earned already")
        }
        return state
    }

    private mutating func store(_ answer: StoredAnswer, _ clientID: ClientID) {
        let isTombstone = answer == .tombstone
        ledger.store(
            StoredClose(
                keeper: keeper, bodyHash: isTombstone ? nil : clientID.text, answer: answer,
                storedAt: world?.now ?? Instant(nanoseconds: 0)),
            at: clientID)
    }

    /// Our own sales empty the book until the feed publishes it anew.
    mutating func take(_ settled: SettledClose) {
        for taken in settled.bidsTaken {
            world?.depth[taken.asset]?.takeFromBids(taken.amount)
        }
        for taken in settled.asksTaken {
            world?.depth[taken.asset]?.takeFromAsks(taken.amount)
        }
    }
}

extension CounterfactualVenue {
    /// The books as our sales, and those of others, have left them.
    package var depth: [DepthBook] {
        guard let world else { return [] }
        return world.depth.keys.sorted().compactMap { world.depth[$0] }
    }

    func neighbours(_ market: MarketID) -> [AccountState] {
        let table = accounts[market] ?? [:]
        return table.keys.sorted().compactMap { table[$0] }
    }

    /// Pools are taken to hold whatever they owe; the keeper starts with its wallet.
    private mutating func describe(
        _ new: VenueDescription, height: UInt64, at now: Instant
    ) {
        for terms in new.markets where !(description?.markets.contains(terms) ?? false) {
            markets[terms.market] = terms.host
            accounts[terms.market] = [:]
            drifts[terms.market, default: PriceDrift()].breakOff()
        }
        description = new
        guard world == nil else { return }
        var custody = Custody()
        let plenty = UInt256(1) << 120
        for asset in new.assets.map(\.asset) + [new.quote.asset] {
            for terms in new.markets {
                let pools: [Holder] = [
                    .pool(terms.market), .stabilityPool(terms.market), .gasPool(terms.market),
                    .redistributed(terms.market),
                ]
                for pool in pools { custody.endow(pool, asset, plenty) }
            }
            for holder in [Holder.bookMakers, .flashPool, .fund] {
                custody.endow(holder, asset, plenty)
            }
        }
        for amount in aside { custody.endow(.reserve(keeper), amount.asset, amount.amount) }
        for amount in wallet { custody.endow(.keeper(keeper), amount.asset, amount.amount) }
        var opened = ClosingWorld(
            custody: custody, settlements: SettlementBook(state: SettlementState()),
            quote: new.quote)
        opened.height = height
        opened.now = now
        world = opened
    }

    /// Returns the accounts that come into sight again.
    private mutating func publish(_ updates: [PriceUpdate]) -> [EventBody] {
        let names = markets.keys.sorted()
        for update in updates where update.kind == .eligible {
            for name in names {
                markets[name]?.publish(update)
                drifts[name]?.note(update)
            }
            world?.publish(update, description?.assets ?? [])
        }
        return names.compactMap { endEpisodes($0) }
    }

    /// An episode ends where the recorded account, not our fork of it, is above its line.
    private mutating func endEpisodes(_ market: MarketID) -> EventBody? {
        guard let host = markets[market] else { return nil }
        guard let driftPpm = drifts[market]?.ppm else { return nil }
        let ended = forks.endedEpisodes(of: market, driftPpm: driftPpm) { recorded in
            guard host.isLiquidatable(recorded) else { return nil }
            // Only of these is the health a ratio of sums of products.
            guard case .lending = recorded, let health = host.healthWad(of: recorded)
            else { return 0 }
            return PriceDrift.roomPpm(healthWad: health)
        }
        var shown: [AccountState] = []
        for account in ended {
            forks.endEpisode(market, account)
            if let state = accounts[market]?[account] { shown.append(state) }
        }
        return shown.isEmpty ? nil : .accountsChanged(market, changed: shown, removed: [])
    }

    private mutating func replace(
        _ market: MarketID, _ states: [AccountState]
    ) -> [AccountState] {
        let present = Set(states.map(\.account))
        let known = accounts[market] ?? [:]
        for account in known.keys.sorted() where !present.contains(account) {
            forks.remove(market, account)
        }
        let kept = places.places(of: market).filter { !present.contains($0) }
            .compactMap { known[$0] }
        let seen = states.compactMap { forks.rebase(market, $0) } + kept
        accounts[market] = [:]
        for state in seen { accounts[market]?[state.account] = state }
        return seen.filter { !forks.hasEarned(market, $0.account) }
    }

    private mutating func change(
        _ market: MarketID, _ changed: [AccountState], _ removed: [AccountID]
    ) -> EventBody {
        for account in removed {
            forks.remove(market, account)
            accounts[market]?[account] = nil
        }
        var seen: [AccountState] = []
        var gone = removed
        for state in changed {
            let rebased = forks.rebase(market, state)
            accounts[market]?[state.account] = rebased
            guard !forks.hasEarned(market, state.account) else { continue }
            if let rebased { seen.append(rebased) } else { gone.append(state.account) }
        }
        return .accountsChanged(market, changed: seen, removed: gone)
    }
}

extension DepthBook {
    mutating func takeFromBids(_ quantity: UInt256) { self = sold(quantity) }
    mutating func takeFromAsks(_ quantity: UInt256) { self = bought(quantity) }
}
