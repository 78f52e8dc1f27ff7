package import KeeperModel
import LiquidationRules
import WideMath

/// The reference venue: markets of any protocol, an oracle, order books, a flash pool, keepers'
/// balances, and the law by which closes settle.
///
/// A pure value: time comes in through `advance`, chance through the scenario's seed. Over HTTP,
/// inside a simulation and in a test it is the same venue.
package struct ReferenceVenue: Sendable {
    package let scenario: Scenario
    package internal(set) var world: ClosingWorld
    package internal(set) var closes = CloseLedger()
    package internal(set) var transfers = CloseLedger()
    /// How many closes settled, by protocol and shape.
    package internal(set) var settledCounts: [String: UInt64] = [:]
    package internal(set) var markets: [MarketID: any HostedMarket] = [:]
    package internal(set) var accounts: [MarketID: [AccountID: AccountState]]
    package internal(set) var channels: VenueChannels
    package private(set) var openedAt: Instant
    var books: [AssetID: BookState] = [:]
    var keepers: Set<String> = []
    var callsAtHeight: [String: UInt64] = [:]
    private var generator: SeededGenerator
    package internal(set) var figures: [MarketID: [MarketFigure]] = [:]
    /// What the oracle last said, and what things are really worth: books stand around the latter.
    package private(set) var lastPrices: [AssetID: UInt64] = [:]
    private(set) var lastUpdates: [AssetID: PriceUpdate] = [:]
    private var truePrices: [AssetID: UInt64] = [:]
    /// Nothing, unless whoever runs the venue wants sales to be felt.
    package var impact = PriceImpact.none
    package internal(set) var switches: [MarketID: MarketSwitch] = [:]
    /// Rises with every change of a market's terms.
    package internal(set) var termsVersion: UInt64 = 0
    var oracleTroubles: [AssetID: OracleTrouble] = [:]
    /// Set where calls go through a chain instead of to the venue's own door.
    package var chain: ChainTerms?
    /// Whether it says of closes what would become of them.
    package var triesCloses = false
    /// Turned on by whoever re-settles closes; otherwise nothing is kept.
    package var keepsEvidence = false
    package var evidence: [CloseEvidence] = []
    /// What things are really worth where whoever runs the venue says so, instead of their paths.
    package var assumedPrices: [AssetID: UInt64] = [:]
    /// Opened at a moment of another venue: what time has grown there stays as it was.
    var isStanding = false
    /// What a shock would have cost after each settlement; nil where no policy names one.
    package internal(set) var stressLosses = AppendLog<StressLoss?>()
    /// How many closes the crowd has tried.
    var crowdCount: UInt64 = 0
    /// What is offered; nil where accounts are shown instead.
    var board: OfferBoard?

    package init(scenario: Scenario, openedAt: Instant) {
        self.scenario = scenario
        self.openedAt = openedAt
        generator = SeededGenerator(seed: scenario.seed ^ 0x6265_6669_7473_2021)
        channels = VenueChannels(markets: scenario.markets)
        var genesis = Genesis(scenario: scenario, openedAt: openedAt)
        accounts = [:]
        for market in scenario.hosted {
            guard let host = market.terms.host else {
                preconditionFailure("A scenario's terms were validated when it was read")
            }
            let states = genesis.accounts(of: market)
            accounts[market.terms.market] = Self.table(states)
            markets[market.terms.market] = host
            figures[market.terms.market] = market.terms.openingFigures(
                states, poolUnits: market.poolUnits)
        }
        world = ClosingWorld(opening: scenario, accounts: accounts)
        for asset in scenario.assets {
            books[asset.description.asset] = BookState(
                asset: asset.description.asset, model: asset.liquidity)
        }
        world.now = openedAt
        for market in scenario.markets { markets[market]?.take(figures[market] ?? []) }
        board = offerRules.map { OfferBoard(rules: $0, seed: scenario.seed) }
        publishHeight()
    }

    /// What an asset is really worth now, whatever the oracle says; nil before the first price.
    package func truePrice(of asset: AssetID) -> UInt64? { truePrices[asset] }

    package var height: UInt64 { world.height }
    package var isOver: Bool { height >= scenario.heightCount }

    /// Lets every height come that is due at this instant, at most up to the scenario's end.
    package mutating func advance(to instant: Instant) {
        while !isOver, world.now + scenario.heightSpan <= instant {
            world.now = world.now + scenario.heightSpan
            world.height += 1
            callsAtHeight = [:]
            publishHeight()
        }
    }

    /// One height, whenever that is: for whoever decides how long a height lasts.
    package mutating func pass(to instant: Instant) {
        precondition(instant >= world.now, "Time does not go back")
        world.now = instant
        world.height += 1
        callsAtHeight = [:]
        publishHeight()
    }

    /// When the next height is due.
    package var nextHeightAt: Instant { world.now + scenario.heightSpan }

    private static func table(_ states: [AccountState]) -> [AccountID: AccountState] {
        var table: [AccountID: AccountState] = [:]
        for state in states { table[state.account] = state }
        return table
    }
}

extension ReferenceVenue {
    /// Everything that one height brings: grown indexes, new prices, recovered books.
    private mutating func publishHeight() {
        passSwitches()
        accrue()
        publishFigures()
        impact.decay()
        publishPrices()
        publishDepth()
        passOffers()
    }

    private mutating func publishPrices() {
        var updates = [
            PriceUpdate(
                asset: scenario.quote.asset, kind: .eligible, price: UInt256(quoteUnit),
                round: height + 1, sourceAt: world.now)
        ]
        var references: [PriceReference] = []
        for asset in scenario.assets {
            let name = asset.description.asset
            let path = assumedPrices[name] ?? asset.path.price(at: height, using: &generator)
            let truth = impact.price(path, of: name)
            truePrices[name] = truth
            guard let price = spoken(truth, of: name) else { continue }
            lastPrices[name] = price
            references.append(
                PriceReference(
                    asset: name, index: path, bookMid: books[name]?.book(atPrice: truth).mid))
            updates.append(
                PriceUpdate(
                    asset: name, kind: .eligible, price: UInt256(price),
                    round: height + 1, sourceAt: world.now))
        }
        for update in updates {
            for market in scenario.markets { markets[market]?.publish(update) }
            world.publish(update, scenario.assets.map(\.description))
            lastUpdates[update.asset] = update
        }
        channels.prices.publish(updates, height: height, at: world.now)
        channels.references.publish(references, height: height, at: world.now)
    }

    /// One whole unit of the quote currency is worth itself.
    private var quoteUnit: UInt64 {
        (0..<scenario.quote.decimals).reduce(1) { unit, _ in unit * 10 }
    }

    /// Lets time change what grows with it.
    private mutating func accrue() {
        guard !isStanding else { return }
        let elapsed = (world.now - openedAt).nanoseconds
        let last = height == 0 ? elapsed : elapsed - scenario.heightSpan.nanoseconds
        let second: Int64 = 1_000_000_000
        for market in scenario.hosted {
            let growth = Growth(
                quote: scenario.quote.asset, ratePpmPerYear: market.borrowRatePpmPerYear,
                sinceOpeningSeconds: UInt64(clamping: elapsed / second),
                sinceLastSeconds: UInt64(clamping: elapsed / second - last / second),
                nowSeconds: UInt64(clamping: world.now.nanoseconds / second))
            take(markets[market.terms.market]?.grown(growth) ?? [], of: market.terms.market)
        }
    }

    /// Into the market, and into what is said of it.
    mutating func take(_ changed: [MarketFigure], of market: MarketID) {
        guard !changed.isEmpty else { return }
        markets[market]?.take(changed)
        figures[market] = (figures[market] ?? []).updated(by: changed)
    }

    /// All of them, so that the newest entry alone says everything.
    mutating func publishFigures() {
        let published = scenario.hosted.map(\.terms.market).compactMap { market in
            figures[market].flatMap {
                $0.isEmpty ? nil : MarketFigures(market: market, figures: $0)
            }
        }
        guard !published.isEmpty, published != channels.figures.newest?.payload else { return }
        channels.figures.publish(published, height: height, at: world.now)
    }

    private mutating func publishDepth() {
        for asset in scenario.assets.map(\.description.asset) {
            if height > 0 { books[asset]?.recover() }
        }
        refreshDepth()
    }

    /// The books as they stand now, into the world and onto the channel.
    mutating func refreshDepth() {
        for asset in scenario.assets.map(\.description.asset) {
            world.depth[asset] = books[asset]?.book(atPrice: truePrices[asset] ?? 1)
        }
        let published = scenario.assets.compactMap { world.depth[$0.description.asset] }
        channels.depth.publish(published, height: height, at: world.now)
        channels.flashPools.publish(
            world.flashPools.keys.sorted().compactMap { world.flashPools[$0] }, height: height,
            at: world.now)
    }

    /// What a venue says of itself.
    package var description: VenueDescription {
        VenueDescription(
            quote: scenario.quote, assets: scenario.assets.map(\.description),
            markets: shownTerms,
            capabilities: VenueCapabilities(
                isAtomic: true, hasFlash: true, allowsPartial: board == nil, canVoid: true,
                callsPerHeight: scenario.callsPerHeight, triesCloses: triesCloses,
                movesReserve: true),
            chain: chain)
    }

    /// All accounts of a market, by id; nil where there is no such market.
    package func snapshot(of market: MarketID) -> [AccountState]? {
        accounts[market].map { table in
            table.keys.sorted().compactMap { table[$0] }
        }
    }

    package func balances(of keeper: String) -> [AssetAmount] {
        world.keeperBalances(keeper)
    }

    /// So that a keeper has a purse of its own before it is first seen.
    package mutating func admit(keeper: String, endowedWith endowment: [AssetAmount]) {
        guard keepers.insert(keeper).inserted else { return }
        for amount in endowment {
            world.custody.endow(.keeper(keeper), amount.asset, amount.amount)
        }
    }

    /// A keeper that was never seen before finds its endowment.
    package mutating func admit(keeper: String) {
        let isNew = !keepers.contains(keeper)
        admit(keeper: keeper, endowedWith: scenario.keeperEndowment)
        guard isNew else { return }
        for amount in scenario.keeperReserve {
            world.custody.endow(.reserve(keeper), amount.asset, amount.amount)
        }
    }
}

/// The streams that a keeper follows.
package struct VenueChannels: Sendable {
    package var prices = Channel<[PriceUpdate]>(retainedMax: 4_096)
    /// Beside the prices, entry by entry under the same sequence.
    package var references = Channel<[PriceReference]>(retainedMax: 4_096)
    package var figures = Channel<[MarketFigures]>(retainedMax: 4_096)
    package var depth = Channel<[DepthBook]>(retainedMax: 64)
    package var flashPools = Channel<[FlashPool]>(retainedMax: 64)
    /// What each market lets happen, and what it will.
    package var switches = Channel<[MarketSwitch]>(retainedMax: 4_096)
    /// What was closed, by whomever.
    package var closes = Channel<ObservedClose>(retainedMax: 4_096)
    /// What is offered, where accounts are not shown.
    package var offers = Channel<OfferDelta>(retainedMax: 4_096)
    package var accounts: [MarketID: Channel<AccountDelta>]

    init(markets names: [MarketID]) {
        accounts = [:]
        for market in names {
            accounts[market] = Channel(retainedMax: 4_096)
        }
    }
}
