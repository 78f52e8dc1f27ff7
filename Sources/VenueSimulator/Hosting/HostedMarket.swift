package import KeeperModel
import LiquidationRules
package import WideMath

/// One market of the venue, of any protocol: its rules, and the desk that settles closes in it.
package protocol HostedMarket: Sendable {
    var terms: MarketTerms { get }
    /// Whether a close looks at other accounts of the market than its own.
    var needsNeighbours: Bool { get }

    mutating func publish(_ update: PriceUpdate)
    mutating func take(_ figures: [MarketFigure])

    /// The figures that time has changed; empty where none has.
    func grown(_ growth: Growth) -> [MarketFigure]

    func isLiquidatable(_ published: AccountPosition) -> Bool

    /// Nil for an account that does not fit the market.
    func healthWad(of published: AccountPosition) -> UInt256?

    /// What an account would leave uncovered at the market's prices, if selling all it holds cost
    /// that much of its worth. Nil where it cannot be said.
    func shortfall(of published: AccountPosition, exitCostPpm: UInt64) -> UInt256?

    /// What the rules let anybody do with an account now; empty where it may not be closed.
    func offers(on published: AccountPosition) -> [PlainOffer]

    /// Settles a close in a world that is dropped where it is refused.
    func settle(
        _ order: CloseOrder, _ published: AccountPosition, in world: inout ClosingWorld
    ) throws(CloseRefused) -> SettledClose
}

/// How much time has passed at the venue, and what debt costs.
package struct Growth: Hashable, Sendable {
    /// What is borrowed.
    package let quote: AssetID
    package let ratePpmPerYear: UInt64
    package let sinceOpeningSeconds: UInt64
    package let sinceLastSeconds: UInt64
    /// By the venue's clock, since 1970.
    package let nowSeconds: UInt64

    package init(
        quote: AssetID, ratePpmPerYear: UInt64, sinceOpeningSeconds: UInt64,
        sinceLastSeconds: UInt64, nowSeconds: UInt64
    ) {
        self.quote = quote
        self.ratePpmPerYear = ratePpmPerYear
        self.sinceOpeningSeconds = sinceOpeningSeconds
        self.sinceLastSeconds = sinceLastSeconds
        self.nowSeconds = nowSeconds
    }
}

/// A plan and whose it is.
package struct CloseOrder: Hashable, Sendable {
    package let plan: ClosePlan
    package let keeper: String
    /// What everybody is told that it closed, where the account itself is not shown.
    package var shownAs: AccountID?
    /// It waited at the venue, as sealed bids do: what began to settle meanwhile still takes it.
    package var isPlacedBefore = false

    package init(plan: ClosePlan, keeper: String) {
        self.plan = plan
        self.keeper = keeper
    }

    var holder: Holder { .keeper(keeper) }
    var pool: Holder { .pool(plan.target.market) }
    var account: AccountID { plan.target.account }
    /// What its records call the account.
    var nameInRecords: AccountID { shownAs ?? account }
}

/// The rules of a market of the venue; what every host does with them is the same.
protocol RulesHost: HostedMarket {
    associatedtype Rules: PublishedMarketRules

    var rules: Rules { get set }
}

extension RulesHost {
    package var needsNeighbours: Bool { false }

    package mutating func publish(_ update: PriceUpdate) { _ = rules.publish(update) }
    package mutating func take(_ figures: [MarketFigure]) { _ = rules.take(figures) }

    package func isLiquidatable(_ published: AccountPosition) -> Bool {
        rules.position(from: published).map { rules.isLiquidatable($0) } ?? false
    }

    /// The account as the rules hold it, where they let it be closed.
    func closeable(_ published: AccountPosition) throws(CloseRefused) -> Rules.Position {
        guard let position = rules.position(from: published) else {
            throw CloseRefused(.malformed, "the account does not fit its market")
        }
        guard rules.isLiquidatable(position) else {
            throw CloseRefused(.healthy, "health is \(rules.healthWad(position))")
        }
        return position
    }
}

extension MarketTerms {
    /// Nil for terms that no rules can be made of.
    package var host: (any HostedMarket)? {
        switch self {
        case .lending(let terms):
            RepayHost(rules: LendingMarket(terms: terms), terms: self, policy: terms.policy)
        case .margin(let terms):
            MarginMarket(terms: terms).map { MarginHost(rules: $0, terms: self) }
        case .morphoBlue(let terms):
            RepayHost(rules: HostedMorpho(terms: terms), terms: self, policy: terms.policy)
        case .euler(let terms):
            HostedEuler(terms: terms).map {
                RepayHost(rules: $0, terms: self, policy: terms.policy)
            }
        case .compound(let terms):
            HostedComet(terms: terms).map { CometHost(rules: $0, terms: self) }
        case .maker(let terms):
            HostedMaker(terms: terms).map { MakerHost(rules: $0, terms: self) }
        case .offers(let terms):
            HostedOffers(terms: terms).map { OfferHost(rules: $0, terms: self) }
        case .liquity(let terms) where terms.version == .v1:
            LiquityHost(rules: HostedLiquityV1(terms: terms), terms: self)
        case .liquity(let terms): LiquityHost(rules: HostedLiquityV2(terms: terms), terms: self)
        }
    }
}
