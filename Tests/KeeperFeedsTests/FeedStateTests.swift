import KeeperFeeds
import KeeperModel
import KeeperTestKit
import Testing
import WideMath

/// What a trimmed recording opens with.
@Suite struct FeedStateTests {
    private static let market = MarketID("m")

    private static func event(_ second: Int64, _ body: EventBody) -> Event {
        Event(
            sequence: 0, domain: DomainID("venue"),
            receivedAt: Instant(milliseconds: second * 1_000),
            height: UInt64(second), body: body)
    }

    private static func account(_ name: String, _ version: UInt64) -> AccountState {
        AccountState(
            account: AccountID(name), version: version,
            position: .lending(
                LendingPosition(
                    collateral: [ScaledBalance(asset: AssetID("ETH"), scaledAmount: 1)],
                    debts: [ScaledBalance(asset: AssetID("USD"), scaledAmount: UInt256(version))])))
    }

    private static func price(_ asset: String, _ price: UInt64, _ round: UInt64) -> PriceUpdate {
        PriceUpdate(
            asset: AssetID(asset), kind: .eligible, price: UInt256(price), round: round,
            sourceAt: Instant(milliseconds: Int64(round)))
    }

    private static func venue(bonusBps: UInt64) -> VenueDescription {
        VenueDescription(
            quote: AssetDescription(asset: AssetID("USD"), decimals: 6),
            assets: [AssetDescription(asset: AssetID("ETH"), decimals: 18)],
            markets: [
                .lending(
                    LendingTerms(
                        market: market, generation: .v3_3, baseUnit: 1_000_000,
                        reserves: [
                            ReserveTerms(
                                asset: AssetID("ETH"), decimals: 18,
                                liquidationThresholdBps: 8_300, liquidationBonusBps: bonusBps,
                                protocolFeeBps: 1_000)
                        ], policy: .plain))
            ],
            capabilities: VenueCapabilities(
                isAtomic: true, hasFlash: true, allowsPartial: true, canVoid: true,
                callsPerHeight: 9))
    }

    private static func state(_ events: [Event]) -> FeedState {
        var state = FeedState()
        for event in events { state.take(event) }
        return state
    }

    private static let left = [account("a", 1), account("b", 2)]
    private static let day = [
        event(1, .venueDescribed(venue(bonusBps: 10_500))),
        event(2, .accountsReplaced(market, [account("a", 1), account("b", 1), account("c", 1)])),
        event(3, .pricesPublished([price("ETH", 2_000, 1), price("USD", 1, 1)])),
        event(4, .accountsChanged(market, changed: [account("b", 2)], removed: [AccountID("c")])),
        event(5, .pricesPublished([price("ETH", 1_900, 2)])),
        event(6, .timerFired(.marketOpens(market))),
        event(7, .balancesReported([AssetAmount(asset: AssetID("USD"), amount: 5)])),
    ]

    @Test func `only the last word about each thing is said, when it was said`() {
        let said = Self.state(Self.day).events()
        #expect(
            said == [
                Self.event(1, .venueDescribed(Self.venue(bonusBps: 10_500))),
                Self.event(3, .pricesPublished([Self.price("USD", 1, 1)])),
                Self.event(
                    4, .accountsReplaced(Self.market, Self.left)),
                Self.event(5, .pricesPublished([Self.price("ETH", 1_900, 2)])),
                Self.event(7, .balancesReported([AssetAmount(asset: AssetID("USD"), amount: 5)])),
            ])
        #expect(Self.state(said).events() == said, "said again it is the same")
    }

    @Test func `a market whose terms changed waits for its accounts`() {
        let changed = Self.event(8, .venueDescribed(Self.venue(bonusBps: 10_700)))
        let said = Self.state(Self.day + [changed]).events()
        #expect(!said.contains { if case .accountsReplaced = $0.body { true } else { false } })
        #expect(said.first?.body == changed.body)
        #expect(
            said.first?.receivedAt == Instant(milliseconds: 3_000), "before all it explains")
    }

    @Test func `a gap is said until a whole set has come`() {
        let gap = Self.event(8, .gapDetected(Self.market))
        let set = Self.event(9, .accountsReplaced(Self.market, [Self.account("a", 3)]))
        #expect(Self.state(Self.day + [gap]).events().map(\.body).contains(gap.body))
        #expect(!Self.state(Self.day + [gap, set]).events().map(\.body).contains(gap.body))
    }

    @Test func `half a set of pages leaves the old one, which is not to be trusted`() {
        let page = Self.event(
            8,
            .accountsPaged(
                Self.market, AccountPage(number: 0, isLast: false, states: [Self.account("z", 1)])))
        let last = Self.event(
            9,
            .accountsPaged(
                Self.market, AccountPage(number: 1, isLast: true, states: [Self.account("y", 1)])))
        let half = Self.state(Self.day + [page]).events().map(\.body)
        #expect(half.contains(.gapDetected(Self.market)))
        #expect(
            half.contains(
                .accountsReplaced(Self.market, Self.left)))
        let whole = Self.state(Self.day + [page, last]).events().map(\.body)
        #expect(
            whole.contains(
                .accountsReplaced(Self.market, [Self.account("y", 1), Self.account("z", 1)])))
        #expect(!whole.contains(.gapDetected(Self.market)))
    }

    @Test func `a large set is said in pages`() {
        let many = (0..<2_500).map { Self.account("u\($0 + 10_000)", 1) }
        let events = Self.state([
            Self.day[0], Self.event(2, .accountsReplaced(Self.market, many)),
        ]).events()
        #expect(events.count == 4)
        var names: [AccountID] = []
        for case .accountsPaged(_, let page) in events.map(\.body) {
            names += page.states.map(\.account)
            #expect(page.isLast == (names.count == 2_500))
        }
        #expect(names == many.map(\.account))
        #expect(Self.state(events).events() == events)
    }
}
