import KeeperCodec
package import KeeperModel
package import KeeperRuntime
import LiquidationRules
package import VenueSimulator
package import WideMath

/// One fall of prices at a venue that settles by one policy: everybody who may be closed is closed
/// by somebody with a deep purse, as far as the books take it. No strategy of ours has a say, so
/// that two runs differ by the policy and by nothing else.
package struct PolicyRun: Sendable {
    /// Who gained or gave, without the name of an account, and why.
    package struct Line: Hashable, Sendable {
        package let beneficiary: String
        package let reason: String
        package let units: Int256
    }

    package let policy: SettlementPolicy
    package let fundAtFirst: Int256
    /// After every height that closed anybody.
    package let fund: [VenueMeasures.FundPoint]
    package let measures: VenueMeasures
    package let records: [SettlementRecord]
    /// In the order of the names.
    package let lines: [Line]
    /// Markets that settle by a law of their own, whatever the policy.
    package let ownLawMarkets: [MarketID]
    package let leftCount: Int

    private static let crowd = "crowd"

    /// The scenario's own heights, from its opening to its end.
    package init(_ scenario: Scenario, under policy: SettlementPolicy, fundUnits: Int64?) {
        let settled = scenario.settling(by: policy)
        var venue = ReferenceVenue(
            scenario: fundUnits.map { settled.holding(fundUnits: $0) } ?? settled,
            openedAt: Instant(nanoseconds: 0))
        var walk = PolicyWalk(&venue)
        while !venue.isOver {
            walk.closeAll(&venue, by: Self.crowd)
            venue.pass(to: venue.nextHeightAt)
        }
        walk.closeAll(&venue, by: Self.crowd)
        self.init(policy, venue, walk)
    }

    /// Accounts and books as they stood when the recording first had prices of everything, and its
    /// prices from then on. Who closed what there, and what owners did, is left out.
    package init(
        _ source: BacktestPass.Source, under policy: SettlementPolicy, fundUnits: Int64
    ) throws(KeeperStop) {
        var book = StandingBook()
        var venue: ReferenceVenue?
        var walk: PolicyWalk?
        var isPriced = false
        try source.eachLetter { letter throws(KeeperStop) in
            guard var open = venue else {
                book.take(letter.body, at: letter.receivedAt)
                guard case .pricesPublished = letter.body, book.isPriced else { return true }
                // A market that has not said who is in it by the second prices is empty.
                let isWaiting = !isPriced && !book.isWhole
                isPriced = true
                guard !isWaiting, book.accountCount > 0 else { return true }
                var opened = try Self.venue(book, policy, fundUnits)
                walk = PolicyWalk(&opened)
                walk?.closeAll(&opened, by: Self.crowd)
                venue = opened
                return true
            }
            guard case .pricesPublished(let updates) = letter.body else { return true }
            for update in updates where update.kind == .eligible {
                open.assumedPrices[update.asset] = update.price.asUInt64
            }
            open.pass(to: max(letter.receivedAt, open.world.now))
            walk?.closeAll(&open, by: Self.crowd)
            venue = open
            return true
        }
        guard let venue, let walk else {
            throw KeeperStop(
                .recording, "no moment of the recording has accounts and a price of everything")
        }
        self.init(policy, venue, walk)
    }

    private static func venue(
        _ book: StandingBook, _ policy: SettlementPolicy, _ fundUnits: Int64
    ) throws(KeeperStop) -> ReferenceVenue {
        let names = (book.description?.markets ?? []).map(\.market)
        do {
            var venue = try ReferenceVenue(
                standing: book,
                StandingTerms(
                    fundUnits: fundUnits, heightSpan: .seconds(1),
                    policies: Dictionary(uniqueKeysWithValues: names.map { ($0, policy) })))
            // What was sold then is in the recorded prices already.
            venue.impact = .none
            return venue
        } catch {
            throw KeeperStop(.recording, error.description)
        }
    }

    private init(_ policy: SettlementPolicy, _ venue: ReferenceVenue, _ walk: PolicyWalk) {
        self.policy = policy
        records = venue.world.settlements.records.map(\.record)
        measures = VenueMeasures(records)
        fundAtFirst = walk.fundAtFirst
        fund = walk.fund
        leftCount = venue.closable().count
        ownLawMarkets = venue.terms.filter { $0.policy == nil }.map(\.market)
        var sums: [String: [String: Int256]] = [:]
        for line in records.flatMap(\.lines) {
            let kind = String(line.beneficiary.prefix { $0 != ":" })
            sums[kind, default: [:]][line.reason, default: .zero] += line.amountUnits
        }
        lines = sums.keys.sorted().flatMap { kind in
            (sums[kind] ?? [:]).keys.sorted().map { reason in
                Line(
                    beneficiary: kind, reason: reason, units: sums[kind]?[reason] ?? .zero)
            }
        }
    }

    package var fundAtLast: Int256 { fund.last?.units ?? fundAtFirst }
    package var fundLowest: Int256 {
        fund.map(\.units).min().map { min($0, fundAtFirst) } ?? fundAtFirst
    }
}

/// The fund's way while accounts are closed height by height.
private struct PolicyWalk {
    let fundAtFirst: Int256
    private(set) var fund: [VenueMeasures.FundPoint] = []

    init(_ venue: inout ReferenceVenue) {
        fundAtFirst = venue.world.settlements.state.fund
    }

    mutating func closeAll(_ venue: inout ReferenceVenue, by crowd: String) {
        let before = venue.world.settlements.records.count
        for (market, account) in venue.closable() {
            _ = venue.closeByCrowd(
                Target(domain: DomainID("venue"), market: market, account: account),
                named: crowd, gainMinUnits: .zero)
        }
        guard venue.world.settlements.records.count > before else { return }
        fund.append(
            VenueMeasures.FundPoint(
                height: Int64(clamping: venue.height),
                units: venue.world.settlements.state.fund))
    }
}

extension StandingBook {
    fileprivate var isPriced: Bool {
        description?.assets.allSatisfy { prices[$0.asset] != nil } ?? false
    }

    /// Whether every market has said who is in it.
    fileprivate var isWhole: Bool {
        description?.markets.allSatisfy { hasAccounts(of: $0.market) } ?? false
    }
}

extension Scenario {
    fileprivate func holding(fundUnits: Int64) -> Scenario {
        Scenario(
            name: name, seed: seed, heightSpan: heightSpan, heightCount: heightCount,
            quote: quote, assets: assets, hosted: hosted, fundUnits: fundUnits,
            flashPool: flashPool, keeperEndowment: keeperEndowment,
            callsPerHeight: callsPerHeight, keeperReserve: keeperReserve, disclosure: disclosure)
    }
}
