package import KeeperModel
import LiquidationRules
import WideMath

/// What a standing venue is opened with besides its book: what no feed says.
package struct StandingTerms: Sendable {
    /// What the insurance fund holds. No feed says it.
    package let fundUnits: Int64
    /// Time from one height to the next.
    package let heightSpan: TimeSpan
    /// By a market's name, where it settles by another law than it says.
    package let policies: [MarketID: SettlementPolicy]

    package init(
        fundUnits: Int64, heightSpan: TimeSpan, policies: [MarketID: SettlementPolicy] = [:]
    ) {
        precondition(fundUnits >= 0, "A fund holds something or nothing")
        self.fundUnits = fundUnits
        self.heightSpan = heightSpan
        self.policies = policies
    }
}

/// A venue that goes on from a moment of another: the same accounts, figures and books, with a
/// price of each asset that whoever runs it sets. Nothing grows with time here.
extension ReferenceVenue {
    package init(
        standing book: StandingBook, _ terms: StandingTerms
    ) throws(StandingProblem) {
        let scenario = try Scenario(standing: book, terms)
        self.init(scenario: scenario, openedAt: book.at ?? Instant(nanoseconds: 0))
        for hosted in scenario.hosted {
            let market = hosted.terms.market
            accounts[market] = book.table(of: market)
            isStanding = true
            take(book.figures[market] ?? [], of: market)
        }
        takeLenders(of: scenario)
        var strengths: [AssetID: UInt64] = [:]
        for asset in scenario.assets.map(\.description.asset) {
            guard let price = book.prices[asset]?.asUInt64 else { continue }
            let recorded =
                book.depth[asset] ?? DepthBook(asset: asset, bids: [], asks: [])
            books[asset] = BookState(recorded: recorded, aroundPrice: price)
            strengths[asset] = book.bidSpanPpm(of: asset)
        }
        for pool in book.flashPools { world.flashPools[pool.asset] = pool }
        impact = PriceImpact(strengthsPpm: strengths, decayPpm: 0)
        publishFigures()
        refreshDepth()
    }

    /// Whoever lent, lent twice what is borrowed now.
    private mutating func takeLenders(of scenario: Scenario) {
        let opened = ClosingWorld(opening: scenario, accounts: accounts)
        world.lenders = opened.lenders
    }
}

extension Scenario {
    fileprivate init(
        standing book: StandingBook, _ terms: StandingTerms
    ) throws(StandingProblem) {
        guard let description = book.description else {
            throw StandingProblem("no venue has described itself by then")
        }
        var assets: [ScenarioAsset] = []
        for asset in description.assets {
            guard let price = book.prices[asset.asset]?.asUInt64,
                let path = PricePath(points: [.init(height: 0, price: price)], noiseBps: 0)
            else {
                throw StandingProblem(
                    "\(asset.asset) has no price by then, or one that no venue can open with")
            }
            assets.append(
                ScenarioAsset(description: asset, path: path, liquidity: .unused))
        }
        self.init(
            name: "standing", seed: 0, heightSpan: terms.heightSpan, heightCount: .max,
            quote: description.quote, assets: assets,
            hosted: description.markets.map { market in
                let name = market.market
                return market.settling(by: terms.policies[name])
                    .standing(book.figures[name] ?? [])
            },
            fundUnits: terms.fundUnits,
            flashPool: book.flashPools.first { $0.asset == description.quote.asset }
                ?? FlashPool(asset: description.quote.asset, available: .zero, premiumBps: 0),
            keeperEndowment: [], callsPerHeight: Self.callsPerHeight)
    }

    /// As many as anybody could want.
    private static var callsPerHeight: UInt64 { 1_000_000 }
}

extension LiquidityModel {
    /// Of a venue whose books come from elsewhere.
    fileprivate static let unused = LiquidityModel(
        levelCount: 1, spreadBps: 1, stepBps: 1, quantityPerLevel: .one, recoveryPpm: 1_000_000)
}

extension MarketTerms {
    /// The same market under another settlement law. What has a law of its own keeps it.
    package func settling(by policy: SettlementPolicy?) -> MarketTerms {
        guard let policy else { return self }
        switch self {
        case .lending(var terms):
            terms.policy = policy
            return .lending(terms)
        case .margin(var terms):
            let tiers = policy.tiers ?? terms.policy.tiers
            terms.policy = policy
            terms.policy.tiers = tiers
            return .margin(terms)
        case .morphoBlue(var terms):
            terms.policy = policy
            return .morphoBlue(terms)
        case .euler(var terms):
            terms.policy = policy
            return .euler(terms)
        case .compound, .liquity, .maker, .offers: return self
        }
    }

    /// Nil for a protocol that settles by a law of its own.
    package var policy: SettlementPolicy? {
        switch self {
        case .lending(let terms): terms.policy
        case .margin(let terms): terms.policy
        case .morphoBlue(let terms): terms.policy
        case .euler(let terms): terms.policy
        case .compound, .liquity, .maker, .offers: nil
        }
    }

    /// As a market of a scenario that draws nobody.
    fileprivate func standing(_ figures: [MarketFigure]) -> MarketScenario {
        if case .margin(let terms) = self {
            return .margin(
                MarginScenario(terms: terms, accountCount: 0, lots: 1...1, leveragePpm: 1...1))
        }
        let pool = figures.first { $0.name == .poolDeposits }?.value.asUInt64
        return .borrowers(
            BorrowerScenario(
                terms: self, borrowRatePpmPerYear: 0, accountCount: 0, healthPpm: 1...1,
                collateralUnits: 1...1, twoCollateralsPpm: 0, poolUnits: pool ?? 0))
    }
}
