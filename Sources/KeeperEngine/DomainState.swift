package import KeeperModel
package import LiquidationRules
package import WideMath

/// Everything known about one venue or chain. A domain that stalls delays no other.
package struct DomainState {
    package internal(set) var description: VenueDescription?
    package internal(set) var height: UInt64 = 0
    package internal(set) var books = NameOrder<MarketID, AnyMarketBook>()
    /// What each book was made of, so that it can be made again.
    var origins: [MarketID: BookOrigin] = [:]
    package internal(set) var depth: [AssetID: DepthBook] = [:]
    package internal(set) var flashPools: [AssetID: FlashPool] = [:]
    package internal(set) var chainNews: ChainNews?
    var callCostUnits: UInt256?
    /// By how much the venue's clock is behind ours, where that is too much; nil where they agree.
    var clockGap: TimeSpan?
    var chainNewsHeight: UInt64 = 0
    /// While prices are assumed: those that are in force.
    private var standingPrices: PriceBoard?
    var pricesHeight: UInt64 = 0
    var depthHeight: UInt64 = 0
    /// Of sets that are coming in: the number of the next page.
    var pagesTaken: [MarketID: UInt64] = [:]
    /// Markets whose accounts may be missing a change: nothing is planned there.
    package internal(set) var uncertainMarkets: Set<MarketID> = []
    /// Markets that a snapshot said are empty while accounts of them were known: it takes a second
    /// one to be believed.
    var emptiedMarkets: Set<MarketID> = []
    /// Of what height the newest word about each market's accounts is.
    var accountsHeights: [MarketID: UInt64] = [:]
    /// What was heard and not believed, so that it is asked for again. Counted for ever; a keeper
    /// with any has a venue to look at.
    package internal(set) var doubtedReportCount: UInt64 = 0
    var prices: PriceBoard
    /// What things sell for elsewhere: it moves no book, and is held against the eligible price.
    var marketPrices: PriceBoard
    var switches: [MarketID: MarketSwitch] = [:]
    /// The code of each market that was there first: the one that our rules were written for.
    var knownImplementations: [MarketID: String] = [:]

    /// Whose turn it was when a book was last asked about by the exact rule.
    private var sweptBook = 0

    let lines: [AccountLine]

    init(guards: PriceGuards, lines: [AccountLine]) {
        self.lines = lines
        prices = PriceBoard(.eligible, guards: guards)
        marketPrices = PriceBoard(.market, guards: guards)
    }

    mutating func adopt(_ guards: PriceGuards) {
        prices.guards = guards
        marketPrices.guards = guards
    }

    /// Takes in a feed event and says who crossed a line because of it, and whether it was doubted.
    mutating func hear(_ event: Event) -> (crossings: [MarketCrossing], isDoubted: Bool) {
        let doubted = doubtedReportCount
        let crossings = take(event)
        return (crossings, doubtedReportCount > doubted)
    }

    /// Takes in a feed event and returns who crossed a line because of it, by market and account.
    mutating func take(_ event: Event) -> [MarketCrossing] {
        height = max(height, event.height)
        switch event.body {
        case .venueDescribed(let description):
            describe(description)
        case .pricesPublished(let updates):
            if updates.contains(where: { $0.kind == .eligible }) {
                pricesHeight = max(pricesHeight, event.height)
            }
            return publish(updates, receivedAt: event.receivedAt)
        case .figuresPublished(let markets):
            return markets.flatMap { published in
                origins[published.market]?.take(published.figures)
                return change(published.market) { $0.take(published.figures) }
            }
        case .accountsReplaced(let market, let states):
            guard isBelievable(states, of: market, height: event.height) else {
                return doubt(market)
            }
            uncertainMarkets.remove(market)
            return change(market) { $0.replaceAll(states) }
        case .accountsPaged(let market, let page):
            return take(page, of: market)
        case .accountsChanged(let market, let changed, let removed):
            guard isOfItsTime(market, height: event.height) else { return doubt(market) }
            return change(market) { $0.change(changed, removed: removed) }
        case .depthPublished(let published):
            depthHeight = max(depthHeight, event.height)
            for book in published { depth[book.asset] = book }
        case .flashPoolsPublished(let pools):
            for pool in pools { flashPools[pool.asset] = pool }
        case .marketSwitched(let change):
            switches[change.market] = change
            if knownImplementations[change.market] == nil {
                knownImplementations[change.market] = change.implementation
            }
        case .chainReported(let news):
            // A node that lags knows less than we do.
            if event.height >= chainNewsHeight { chainNews = news }
            chainNewsHeight = max(chainNewsHeight, event.height)
        case .callCostReported(let units):
            callCostUnits = units
        case .clocksParted(let gap):
            clockGap = gap
        case .gapDetected(let market):
            uncertainMarkets.insert(market)
        default:
            break
        }
        return []
    }

    /// What was learnt of heights that are gone may be wrong: prices of them are taken again when
    /// they come again, and accounts wait for a snapshot.
    mutating func goBack(to height: UInt64) {
        self.height = height
        pricesHeight = min(pricesHeight, height)
        depthHeight = min(depthHeight, height)
        chainNewsHeight = min(chainNewsHeight, height)
        prices.goBack()
        marketPrices.goBack()
        accountsHeights = accountsHeights.mapValues { min($0, height) }
        for market in books.names { uncertainMarkets.insert(market) }
    }

    /// The asset whose eligible price is furthest from the market's, where that is further than
    /// allowed and both are fresh.
    func parting(
        of assets: [AssetID], rule: PartingRule, now: Instant
    ) -> (asset: AssetID, ppm: UInt64)? {
        var worst: (asset: AssetID, ppm: UInt64)?
        for asset in assets where marketPrices.doubt(about: [asset], now: now) == nil {
            guard let eligible = prices[asset]?.price, let market = marketPrices[asset]?.price
            else { continue }
            let ppm = PartingRule.partingPpm(eligible: eligible, market: market)
            if ppm > rule.partingMaxPpm, ppm > worst?.ppm ?? 0 { worst = (asset, ppm) }
        }
        return worst
    }

    /// The prices of a height are here and its books are not: a plan made between the two would
    /// sell at what things were worth a height ago. Where books stay away for longer, old ones are
    /// better than none.
    var isDepthOnItsWay: Bool { depthHeight < pricesHeight && pricesHeight - depthHeight == 1 }

    package func state(of target: Target) -> AccountState? {
        books[target.market]?.state(of: target.account)
    }

    package func version(of target: Target) -> UInt64? {
        books[target.market]?.version(of: target.account)
    }

    package func healthWad(of target: Target) -> UInt256? {
        books[target.market]?.healthWad(of: target.account)
    }

    /// The eligible price of an asset, as last published.
    package func price(of asset: AssetID) -> UInt256? {
        prices[asset]?.price
    }

    package func isEligible(_ target: Target) -> Bool {
        books[target.market]?.isEligible(target.account) ?? false
    }

    var hasEligible: Bool { count(below: .eligible) > 0 }

    /// How many accounts of all markets are below a line.
    package func count(below line: AccountLine) -> Int {
        books.values.reduce(0) { $0 + $1.count(below: line) }
    }

    /// Why a plan that needs prices of the market for these assets may not rest on them now.
    func doubtAboutMarket(
        of assets: [AssetID], needed: Set<AssetID>, now: Instant
    ) -> String? {
        let doubt = marketPrices.doubt(about: assets.filter(needed.contains), now: now)
        return doubt.map { "market: " + $0 }
    }

    func pricedAssets(of target: Target) -> [AssetID] {
        books[target.market]?.pricedAssets(of: target.account) ?? []
    }

    func eligibleTargets(in domain: DomainID) -> [Target] {
        zip(books.names, books.values).flatMap { market, book in
            book.eligibleAccounts.map { Target(domain: domain, market: market, account: $0) }
        }
    }

    func disagreements(in domain: DomainID) -> [Target] {
        zip(books.names, books.values).flatMap { market, book in
            book.disagreements().map { Target(domain: domain, market: market, account: $0) }
        }
    }

    /// While pages come the market is uncertain: nothing is planned on half a set. A page out of
    /// its turn leaves it so, until a whole set has come.
    private mutating func take(_ page: AccountPage, of market: MarketID) -> [MarketCrossing] {
        guard page.number == 0 || pagesTaken[market] == page.number else {
            pagesTaken[market] = nil
            return []
        }
        if page.number == 0 { uncertainMarkets.insert(market) }
        pagesTaken[market] = page.isLast ? nil : page.number + 1
        let crossings = change(market) { book in
            if page.number == 0 { book.beginReplacing() }
            let crossings = book.replacePage(page.states)
            return page.isLast ? crossings + book.endReplacing() : crossings
        }
        if page.isLast { uncertainMarkets.remove(market) }
        return crossings
    }

    // MARK: Prices that are pending

    /// As if these were in force, until `endAssuming`. The guards judge them as they will then.
    mutating func beginAssuming(
        _ pending: [PriceUpdate], receivedAt: Instant
    ) -> [MarketCrossing] {
        standingPrices = prices
        // Without a price in force nobody is judged, and no book finds its way back to that.
        let assumed = pending.filter { prices[$0.asset] != nil }.map {
            PriceUpdate(
                asset: $0.asset, kind: .eligible, price: $0.price, round: $0.round,
                sourceAt: $0.sourceAt)
        }.filter { prices.accept($0, receivedAt: receivedAt) }
        return changeEach { $1.beginAssuming(assumed) }
    }

    mutating func endAssuming() {
        guard let standingPrices else { return }
        prices = standingPrices
        self.standingPrices = nil
        books.changeEach { _, book in book.endAssuming() }
    }

    /// A known market keeps its accounts; changed terms need a snapshot before anything is planned.
    /// A venue that had markets and now names none has failed to say which: the last good word
    /// stands.
    private mutating func describe(_ new: VenueDescription) {
        guard !new.markets.isEmpty || books.isEmpty else {
            doubtedReportCount += 1
            return
        }
        for terms in new.markets where self.terms(of: terms.market) != terms {
            books[terms.market] = AnyMarketBook(terms: terms, moreLines: lines)
            origins[terms.market] =
                books[terms.market] == nil
                ? nil : BookOrigin(terms: terms, bornAt: prices.acceptedCount, figures: [])
            uncertainMarkets.insert(terms.market)
        }
        description = new
    }

    /// Whom the books had on the wrong side of a line. Nobody, or an alarm. One book is swept at a
    /// time, so that what an event costs does not grow with the markets.
    mutating func lookAfterBooks() -> [MarketCrossing] {
        sweptBook = sweptBook + 1 < books.names.count ? sweptBook + 1 : 0
        let swept = books.isEmpty ? nil : books.names[sweptBook]
        return changeEach { market, book in book.lookAfter(sweeps: market == swept) }
    }

    /// Nothing where there was something is more often a failure than news, so it has to be said
    /// twice in a row.
    private mutating func isBelievable(
        _ states: [AccountState], of market: MarketID, height: UInt64
    ) -> Bool {
        guard isOfItsTime(market, height: height) else { return false }
        let isEmptied = states.isEmpty && (books[market]?.accountCount ?? 0) > 0
        if isEmptied { return !emptiedMarkets.insert(market).inserted }
        emptiedMarkets.remove(market)
        return true
    }

    /// Accounts of two heights side by side are a book that never was: what is older than the
    /// newest word is not taken in.
    private mutating func isOfItsTime(_ market: MarketID, height: UInt64) -> Bool {
        guard height >= accountsHeights[market] ?? 0 else { return false }
        accountsHeights[market] = height
        return true
    }

    /// What is known stays, nothing is planned on it, and the engine asks for a snapshot.
    private mutating func doubt(_ market: MarketID) -> [MarketCrossing] {
        doubtedReportCount += 1
        uncertainMarkets.insert(market)
        return []
    }

    private func terms(of market: MarketID) -> MarketTerms? {
        description?.markets.first { $0.market == market }
    }

    private mutating func publish(
        _ updates: [PriceUpdate], receivedAt: Instant
    ) -> [MarketCrossing] {
        for update in updates where update.kind == .market {
            _ = marketPrices.accept(update, receivedAt: receivedAt)
        }
        let accepted = updates.filter {
            $0.kind == .eligible && prices.accept($0, receivedAt: receivedAt)
        }
        guard !accepted.isEmpty else { return [] }
        return changeEach { $1.publish(accepted) }
    }

    private mutating func change(
        _ market: MarketID, _ change: (inout AnyMarketBook) -> [Crossing]
    ) -> [MarketCrossing] {
        (books.change(market, change) ?? []).map { MarketCrossing(market: market, crossing: $0) }
    }

    private mutating func changeEach(
        _ change: (MarketID, inout AnyMarketBook) -> [Crossing]
    ) -> [MarketCrossing] {
        var all: [MarketCrossing] = []
        books.changeEach { market, book in
            for crossing in change(market, &book) {
                all.append(MarketCrossing(market: market, crossing: crossing))
            }
        }
        return all
    }
}

struct MarketCrossing {
    let market: MarketID
    let crossing: Crossing
}

/// What a book was made of, and what it heard since that is no price and no account.
struct BookOrigin {
    let terms: MarketTerms
    /// How many prices had been accepted then: those have not entered the book.
    let bornAt: UInt64
    private(set) var figures: [MarketFigure]

    mutating func take(_ changed: [MarketFigure]) {
        figures = figures.updated(by: changed)
    }
}
