import Foundation
import KeeperModel
import LiquidationRules
import Testing
import VenueSimulator
import WideMath

/// Auctions and goods that virtual closes bring about where no feed tells of them.
@Suite struct OwnPlacesTests {
    private static let vaults = MarketID("eth-a")
    private static let comet = MarketID("comet-usd")

    /// Everything that the venue with a market of every protocol has to say in its crash.
    private func fed(followsPlaces: Bool = true) throws -> CounterfactualVenue {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(
            contentsOf: root.appending(path: "scenarios/protocols.json"), encoding: .utf8)
        var real = ReferenceVenue(
            scenario: try ScenarioFile.read(Array(text.utf8)),
            openedAt: Instant(milliseconds: 1_000_000))
        real.advance(to: real.openedAt + .seconds(300))
        var venue = CounterfactualVenue(
            keeper: "dry", wallet: [AssetAmount(asset: AssetID("USD"), amount: 60_000_000_000)],
            followsPlaces: followsPlaces)
        var bodies: [EventBody] = [
            .venueDescribed(real.description),
            .depthPublished(real.channels.depth.newest?.payload ?? []),
            .figuresPublished(real.channels.figures.newest?.payload ?? []),
        ]
        bodies += real.scenario.markets.map {
            .accountsReplaced($0, real.snapshot(of: $0) ?? [])
        }
        bodies.append(.pricesPublished(real.channels.prices.newest?.payload ?? []))
        for body in bodies { _ = venue.observe(body, height: real.height, at: real.world.now) }
        return venue
    }

    private func target(_ market: MarketID, _ account: AccountID) -> Target {
        Target(domain: DomainID("venue"), market: market, account: account)
    }

    /// Whoever may be closed first, by name.
    private func closeable(_ venue: CounterfactualVenue, in market: MarketID) throws -> AccountID {
        var copy = venue
        let names = (0..<30).map { AccountID("borrower-\($0)") }.sorted()
        return try #require(
            names.first {
                copy.closeByOther(target(market, $0), named: "probe", gainMinUnits: .min) != nil
            })
    }

    private func news(_ venue: inout CounterfactualVenue, of market: MarketID) -> [AccountState] {
        venue.observe(.balancesReported([]), height: 301, at: Instant(milliseconds: 1_301_000))
            .flatMap { body -> [AccountState] in
                guard case .accountsChanged(market, let changed, _) = body else { return [] }
                return changed
            }
    }

    @Test func `what another pushed into an auction is told with the next word, once`() throws {
        var venue = try fed()
        let account = try closeable(venue, in: Self.vaults)
        #expect(
            venue.closeByOther(
                target(Self.vaults, account), named: "rival", gainMinUnits: .min) != nil)
        let told = news(&venue, of: Self.vaults)
        let auction = try #require(told.first)
        guard case .auction(let position) = auction.position else {
            Issue.record("expected an auction, got \(auction.position)")
            return
        }
        #expect(!position.lot.isZero && !position.tab.isZero)
        #expect(venue.isAuction(target(Self.vaults, auction.account)))
        #expect(news(&venue, of: Self.vaults).isEmpty)
    }

    @Test func `where feeds tell of auctions none is made up`() throws {
        var venue = try fed(followsPlaces: false)
        let account = try closeable(venue, in: Self.vaults)
        #expect(
            venue.closeByOther(
                target(Self.vaults, account), named: "rival", gainMinUnits: .min) != nil)
        #expect(news(&venue, of: Self.vaults).isEmpty)
    }

    @Test func `an auction is bought from until nothing is left of it`() throws {
        var venue = try fed()
        let account = try closeable(venue, in: Self.vaults)
        _ = venue.closeByOther(target(Self.vaults, account), named: "rival", gainMinUnits: .min)
        let auction = try #require(news(&venue, of: Self.vaults).first)
        guard case .auction(let before) = auction.position else { return }
        // A tenth of it is bought by us, seen, and the rest by somebody else.
        let part = before.tab / ray / 10
        let plan = ClosePlan(
            clientID: ClientID("k"), target: target(Self.vaults, auction.account),
            accountVersion: auction.version,
            action: .purchase(
                LendingClose(
                    repayAsset: AssetID("USD"), repayAmountMax: part, seizeAsset: AssetID("ETH"),
                    seizeAmountMin: .one, funding: .inventory, exit: .hold)),
            validUntilHeight: 400)
        let (answer, changes) = venue.close(plan)
        guard case .settled = answer else {
            Issue.record("expected a purchase, got \(answer)")
            return
        }
        let left = changes.flatMap { body -> [AccountState] in
            guard case .accountsChanged(Self.vaults, let changed, _) = body else { return [] }
            return changed
        }
        #expect(left.map(\.account) == [auction.account])
        #expect(left.first.map { $0.version > auction.version } == true)
        guard case .auction(let after)? = left.first?.position else {
            Issue.record("expected what is left of the auction")
            return
        }
        #expect(after.tab < before.tab && after.lot < before.lot && !after.lot.isZero)
        #expect(
            venue.closeByOther(
                target(Self.vaults, auction.account), named: "rival", gainMinUnits: .min) != nil)
        #expect(
            venue.closeByOther(
                target(Self.vaults, auction.account), named: "rival", gainMinUnits: .min) == nil)
    }

    @Test func `what is absorbed and not bought is goods for anybody`() throws {
        var venue = try fed()
        let account = try closeable(venue, in: Self.comet)
        let storefront = target(Self.comet, AccountID("storefront-ETH"))
        let other = target(Self.comet, AccountID("storefront-WBTC"))
        #expect(venue.standing(ofPlace: storefront) == nil)
        #expect(venue.standing(ofPlace: other) == nil)
        // Only a push, so nothing of it is bought.
        let state = try #require(venue.state(of: target(Self.comet, account)))
        let plan = ClosePlan(
            clientID: ClientID("k"), target: target(Self.comet, account),
            accountVersion: state.version,
            action: .push(PushClose(rewardMin: [], exit: .hold)), validUntilHeight: 400)
        guard case .settled = venue.close(plan).answer else {
            Issue.record("expected an absorption")
            return
        }
        let standings = [storefront, other].compactMap { venue.standing(ofPlace: $0) }
        #expect(!standings.isEmpty)
        // Half of what liquidation leaves of the worth: 3.5 % of ETH, 4 % of WBTC.
        for standing in standings {
            #expect([.sold(discountPpm: 35_000), .sold(discountPpm: 40_000)].contains(standing))
        }
    }
}
