package import KeeperModel
import KeeperRuntime
import VenueSimulator
import WideMath

/// What a keeper at one stage's venue would have heard, made of imported history: prices in force
/// by the oracle, books by the exchange, accounts as they were or as they are drawn.
///
/// Nothing is said before it was available: a letter's time is that of the row it is made from, or
/// later by what a model adds.
package struct StageFeed {
    package let stage: HistoryStage
    /// The conditions of the moment, for whoever runs on this feed.
    package let board = ConditionsBoard()
    package private(set) var openedAt: Instant?
    private var conditions: ConditionsModel
    package private(set) var depth: StageDepth
    private var oracles: [AssetID: OracleModel] = [:]
    /// What the exchange said last.
    private var prices: [AssetID: UInt64] = [:]
    /// And when.
    private var toldAt: [AssetID: Instant] = [:]
    /// Sets of accounts, while their pages come or before the opening.
    private var snapshots: [MarketID: [AccountState]] = [:]
    private var measuredGasWei: UInt64?
    private var publicationCount: UInt64 = 0
    private let gasPerClose: UInt64
    private var callCostSaid = UInt256.zero
    private var booksAt = Instant(nanoseconds: 0)
    private var world: StageWorld?
    /// Who acts at this stage, where anybody does.
    private let hazard: CustomerHazard?
    private var customers: StageCustomers?
    /// While no round comes, books and prices are told no oftener than this: whoever could not be
    /// closed before may be now, and a look at every minute says no more.
    private static let quietSpan = TimeSpan.seconds(300)

    package init(
        _ stage: HistoryStage, oracle: OracleLaw, depth: StageDepth,
        customers hazard: CustomerHazard? = nil,
        gasPerClose: UInt64 = ExecutionModel.borrowedGasPerClose
    ) {
        self.stage = stage
        self.hazard = hazard
        self.depth = depth
        self.gasPerClose = gasPerClose
        conditions = ConditionsModel(seed: stage.scenario.seed)
        for asset in stage.assets { oracles[asset] = OracleModel(oracle) }
        board.heightSpan = stage.scenario.heightSpan
    }

    package var domain: DomainID { stage.domain }

    /// Whether this stage is told of what was recorded of a domain: of its own venue, or of none.
    func hears(_ domain: DomainID) -> Bool {
        domain == HistoryDomain.id || domain == stage.domain
    }

    /// What happens here before the next word of history, one instant of it; nil where nothing
    /// does.
    mutating func happening(until end: Instant?) throws(KeeperStop) -> [FeedLetter]? {
        let due = oracles.values.compactMap(\.nextInForceAt).min()
        if let due, due <= end ?? due, let letters = try bringIntoForce(at: due) {
            return letters
        }
        return actDue(until: end)
    }

    // MARK: What happens at an instant

    private mutating func bringIntoForce(
        at instant: Instant
    ) throws(KeeperStop) -> [FeedLetter]? {
        var hasChanged = false
        for asset in stage.assets {
            hasChanged = oracles[asset]?.advance(to: instant) == true || hasChanged
        }
        guard hasChanged, openedAt != nil else { return nil }
        move(to: instant)
        booksAt = instant
        return try market(at: instant)
    }

    /// What customers do before the next word of history; nil where none is due. Behind its end
    /// nobody acts.
    private mutating func actDue(until end: Instant?) -> [FeedLetter]? {
        guard let end, let instant = customers?.nextAt, instant <= end else { return nil }
        let grown = figures(at: instant)
        let prices = inForce(at: instant)
        world?.stand(at: instant, under: prices)
        // Taken out while it changes: a second owner would copy every account.
        guard var world = world.take() else { return grown }
        let act = customers?.act(in: &world)
        self.world = consume world
        guard let done = act else { return grown }
        move(to: instant)
        let changed = done.figures.isEmpty ? [] : [EventBody.figuresPublished(done.figures)]
        return grown
            + (changed + [.accountsChanged(done.market, changed: [done.state], removed: [])])
            .map { letter($0, at: instant) }
    }

    /// What a keeper reads of the market at one instant. Books, gas and figures first: a plan that
    /// the prices bring about is made on those of the same instant.
    private mutating func market(at instant: Instant) throws(KeeperStop) -> [FeedLetter] {
        let books = try books(at: instant)
        return callCost(at: instant) + figures(at: instant) + [
            letter(.depthPublished(books), at: instant),
            letter(.pricesPublished(inForce(at: instant)), at: instant),
        ]
    }

    private mutating func books(at instant: Instant) throws(KeeperStop) -> [DepthBook] {
        try depth.books(
            at: prices, toldAt: toldAt, now: instant, under: board.now,
            drawPpm: conditions.drawPpm)
    }

    /// Said again where it has changed; never where calls are free.
    private mutating func callCost(at instant: Instant) -> [FeedLetter] {
        let units = board.units(ofGas: gasPerClose)
        guard units != callCostSaid else { return [] }
        callCostSaid = units
        return [letter(.callCostReported(units), at: instant)]
    }

    private mutating func figures(at instant: Instant) -> [FeedLetter] {
        guard let changed = world?.advance(to: instant), !changed.isEmpty else { return [] }
        return [letter(.figuresPublished(changed), at: instant)]
    }

    /// What was recorded at an instant, and this stage hears of.
    mutating func take(
        _ events: [Event], at instant: Instant
    ) throws(KeeperStop) -> [FeedLetter] {
        var said: [(asset: AssetID, price: UInt64)] = []
        var others: [EventBody] = []
        for event in events where hears(event.domain) {
            switch event.body {
            case .pricesPublished(let updates): said += try note(updates, at: instant)
            case .chainReported(let news): measuredGasWei = news.gas.baseFee.asUInt64
            case .accountsPaged(let market, let page): others += take(page, of: market)
            case .closesObserved(let closes): others.append(.closesObserved(closes.map(located)))
            case .depthPublished:
                throw KeeperStop(
                    .recording, "event \(event.sequence): is an order book, which --depth takes")
            default:
                throw KeeperStop(
                    .recording, "event \(event.sequence): is nothing that an import writes")
            }
        }
        if !said.isEmpty { conditions.note(said) }
        move(to: instant)
        guard openedAt != nil else { return try openIfPossible(at: instant) }
        var letters = others.map { letter($0, at: instant) }
        if !said.isEmpty, instant - booksAt >= Self.quietSpan {
            booksAt = instant
            letters += try market(at: instant)
        }
        return letters
    }

    /// Prices of the exchange go through the oracle; an oracle's own rounds are in force at once.
    private mutating func note(
        _ updates: [PriceUpdate], at instant: Instant
    ) throws(KeeperStop) -> [(asset: AssetID, price: UInt64)] {
        var said: [(asset: AssetID, price: UInt64)] = []
        for update in updates where oracles[update.asset] != nil {
            guard let price = update.price.asUInt64, price > 0, price < 1 << 50 else {
                throw KeeperStop(
                    .recording, "a price of \(update.asset) is \(update.price): out of all bounds")
            }
            if update.kind == .eligible {
                oracles[update.asset] = OracleModel(inForce: price, since: update.sourceAt)
                guard prices[update.asset] == nil else { continue }
            } else {
                oracles[update.asset]?.see(price, at: instant)
                _ = oracles[update.asset]?.advance(to: instant)
            }
            (prices[update.asset], toldAt[update.asset]) = (price, instant)
            said.append((update.asset, price))
        }
        return said
    }

    /// Accounts that come before the opening are who is there when it opens.
    private mutating func take(_ page: AccountPage, of market: MarketID) -> [EventBody] {
        if page.number == 0 { snapshots[market] = [] }
        snapshots[market]? += page.states
        guard openedAt != nil else { return [] }
        if page.isLast, let states = snapshots.removeValue(forKey: market) {
            world?.populate(market, with: states)
        }
        return [.accountsPaged(market, page)]
    }

    /// What others closed is worth what the exchange paid then.
    private func located(_ close: ObservedClose) -> ObservedClose {
        func worth(_ amount: AssetAmount?) -> Int256 {
            guard let amount else { return .zero }
            if amount.asset == stage.scenario.quote.asset {
                return Int256(exactly: amount.amount) ?? .max
            }
            // What has no worth that can be counted has none here: it is shown, never booked.
            guard let price = prices[amount.asset],
                let asset = stage.scenario.assets.first(where: {
                    $0.description.asset == amount.asset
                })?.description,
                // No asset has more than 18 decimals, of the 77 that fit.
                let unit = try? UInt256.powerOfTen(Int(asset.decimals)),
                // What does not fit is nobody's close.
                let units = try? mulDiv(
                    amount.amount, UInt256(price), dividingBy: unit, rounding: .down)
            else { return .zero }
            return Int256(exactly: units) ?? .max
        }
        return ObservedClose(
            target: Target(
                domain: stage.domain, market: close.target.market, account: close.target.account),
            keeper: close.keeper, height: board.height(since: openedAt), paid: close.paid,
            taken: close.taken, valueUnits: worth(close.taken) - worth(close.paid))
    }

    // MARK: Opening

    private mutating func openIfPossible(at instant: Instant) throws(KeeperStop) -> [FeedLetter] {
        guard stage.assets.allSatisfy({ prices[$0] != nil }) else { return [] }
        guard let venue = stage.opening(at: prices, on: instant) else {
            throw KeeperStop(.recording, "the first prices are none that a venue can open with")
        }
        openedAt = instant
        open(venue, at: instant)
        move(to: instant)
        var bodies: [EventBody] = [
            .venueDescribed(venue.description), .pricesPublished(inForce(at: instant)),
        ]
        if let figures = venue.channels.figures.newest?.payload {
            bodies.append(.figuresPublished(figures))
        }
        bodies.append(.flashPoolsPublished([stage.scenario.flashPool]))
        bodies.append(.depthPublished(try books(at: instant)))
        for market in stage.scenario.markets {
            let states = snapshots[market] ?? venue.snapshot(of: market) ?? []
            bodies.append(.accountsReplaced(market, states))
        }
        snapshots = [:]
        return callCost(at: instant) + bodies.map { letter($0, at: instant) }
    }

    private mutating func open(_ venue: ReferenceVenue, at instant: Instant) {
        world = StageWorld(venue, openedAt: instant)
        for market in snapshots.keys.sorted() {
            world?.populate(market, with: snapshots[market] ?? [])
        }
        customers = hazard.map {
            StageCustomers($0, seed: stage.scenario.seed, openedAt: instant)
        }
    }

    /// The price in force of everything, as a keeper reads it from the chain at any height.
    private mutating func inForce(at instant: Instant) -> [PriceUpdate] {
        publicationCount += 1
        let quote = stage.scenario.quote
        let unit = (0..<quote.decimals).reduce(UInt64(1)) { unit, _ in unit * 10 }
        var updates = [
            PriceUpdate(
                asset: quote.asset, kind: .eligible, price: UInt256(unit), round: publicationCount,
                sourceAt: instant)
        ]
        for asset in stage.assets {
            guard let round = oracles[asset]?.inForce else { continue }
            updates.append(
                PriceUpdate(
                    asset: asset, kind: .eligible, price: UInt256(round.price),
                    round: publicationCount, sourceAt: round.madeAt))
        }
        return updates
    }

    // MARK: Time

    private mutating func move(to instant: Instant) {
        board.now = conditions.now
        if let openedAt {
            let span = board.heightSpan.nanoseconds
            let passed = (instant - openedAt).nanoseconds / span * span
            board.lastHeightAt = openedAt + TimeSpan(nanoseconds: passed)
        }
        board.gasCostPpb = gasCostPpb()
    }

    /// Gas is paid in the stage's first asset, which on every chain so far is the chain's own.
    private func gasCostPpb() -> UInt64? {
        guard let asset = stage.scenario.assets.first?.description, let price = prices[asset.asset]
        else { return nil }
        let wei =
            measuredGasWei
            ?? board.now.grown(
                ExecutionModel.borrowedGasPriceWei, followingPpm: ExecutionModel.gasSharePpm)
        // wei × units per 10^18 wei × 10^9
        let product = wei.multipliedFullWidth(by: price)
        let billion: UInt64 = 1_000_000_000
        guard product.high < billion else { return .max }
        return billion.dividingFullWidth(product).quotient
    }

    private func letter(_ body: EventBody, at instant: Instant) -> FeedLetter {
        FeedLetter(
            domain: stage.domain, receivedAt: instant, height: board.height(since: openedAt),
            body: body)
    }

    package var gasIsMeasured: Bool { measuredGasWei != nil }
}

extension ConditionsBoard {
    /// Counts from the opening.
    fileprivate func height(since openedAt: Instant?) -> UInt64 {
        guard let openedAt, heightSpan > .zero else { return 0 }
        let passed = (lastHeightAt - openedAt).nanoseconds / heightSpan.nanoseconds
        return UInt64(clamping: passed)
    }
}
