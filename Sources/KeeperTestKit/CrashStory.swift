package import KeeperModel
package import VenueSimulator
import WideMath

/// The feed of a crash that is easy to reckon with: borrowers with ten coins each, who cross their
/// lines one after the other while the price falls by the same step at every tick.
package struct CrashStory: Sendable {
    package let venue: ReferenceVenue
    package let domain: DomainID
    package let start: Instant
    package let spacing: TimeSpan
    package let tickCount: Int
    package let borrowerCount: Int
    /// So long after an account crossed, somebody else closes all of it; nil where nobody does.
    package let othersCloseAfter: TimeSpan?

    private static let firstPrice: UInt64 = 2_500_000_000
    private static let coin = UInt256(1_000_000_000_000_000_000)
    private static let lastPrice: UInt64 = 2_000_000_000

    package init(
        _ venue: ReferenceVenue, domain: DomainID, start: Instant,
        spacing: TimeSpan = .seconds(1), tickCount: Int = 60, borrowerCount: Int = 8,
        othersCloseAfter: TimeSpan? = nil
    ) {
        precondition(tickCount > 1 && borrowerCount > 0, "A crash has time and victims")
        self.venue = venue
        self.domain = domain
        self.start = start
        self.spacing = spacing
        self.tickCount = tickCount
        self.borrowerCount = borrowerCount
        self.othersCloseAfter = othersCloseAfter
    }

    /// In their order, numbered from 1.
    package var events: [Event] {
        var bodies: [(at: Instant, height: UInt64, body: EventBody)] = []
        for tick in 0..<tickCount {
            let at = instant(tick)
            for body in self.bodies(at: tick) { bodies.append((at, UInt64(tick), body)) }
            guard let pause = othersCloseAfter else { continue }
            let closes = crossing(at: tick).map { close(of: $0, tick) }
            guard !closes.isEmpty else { continue }
            bodies.append((at + pause, UInt64(tick), .closesObserved(closes)))
            let gone = EventBody.accountsChanged(
                market, changed: [], removed: closes.map(\.target.account))
            bodies.append((at + pause, UInt64(tick), gone))
        }
        // Stable: what was said at the same instant stays in its order.
        let ordered = bodies.enumerated().sorted {
            ($0.element.at, $0.offset) < ($1.element.at, $1.offset)
        }
        return ordered.enumerated().map { number, entry in
            Event(
                sequence: UInt64(number) + 1, domain: domain, receivedAt: entry.element.at,
                height: entry.element.height, body: entry.element.body)
        }
    }

    package func instant(_ tick: Int) -> Instant {
        Instant(nanoseconds: start.nanoseconds + spacing.nanoseconds * Int64(tick))
    }

    private func price(at tick: Int) -> UInt64 {
        Self.firstPrice - (Self.firstPrice - Self.lastPrice) / UInt64(tickCount) * UInt64(tick)
    }

    /// The price, in units, at which a borrower crosses.
    private func line(of borrower: Int) -> UInt64 {
        let room = Self.firstPrice - Self.lastPrice
        return Self.firstPrice - room / UInt64(borrowerCount + 1) * UInt64(borrower + 1)
    }

    private func crossing(at tick: Int) -> [Int] {
        guard tick > 0 else { return [] }
        return (0..<borrowerCount).filter {
            price(at: tick) < line(of: $0) && price(at: tick - 1) >= line(of: $0)
        }
    }

    private var market: MarketID { venue.scenario.markets[0] }

    private func bodies(at tick: Int) -> [EventBody] {
        let opening: [EventBody] =
            tick > 0
            ? []
            : [
                .venueDescribed(venue.description),
                .accountsReplaced(market, (0..<borrowerCount).map(borrower)),
            ]
        return opening + [
            .pricesPublished(prices(at: tick)),
            .depthPublished([book(at: tick)]),
            .flashPoolsPublished([venue.scenario.flashPool]),
        ]
    }

    /// Of ten coins 83 percent count.
    private func borrower(_ number: Int) -> AccountState {
        let debt = line(of: number) * 10 * 83 / 100
        return AccountState(
            account: AccountID("borrower-\(number)"), version: 1,
            position: .lending(
                LendingPosition(
                    collateral: [
                        ScaledBalance(
                            asset: AssetID("ETH"),
                            scaledAmount: UInt256(10) * Self.coin)
                    ],
                    debts: [ScaledBalance(asset: AssetID("USD"), scaledAmount: UInt256(debt))])))
    }

    /// Deep, and a thousandth below the oracle.
    private func book(at tick: Int) -> DepthBook {
        let price = price(at: tick)
        let quantity = UInt256(1_000) * Self.coin
        return DepthBook(
            asset: AssetID("ETH"),
            bids: [DepthLevel(price: price - price / 1_000, quantity: quantity)],
            asks: [DepthLevel(price: price + price / 1_000, quantity: quantity)])
    }

    private func prices(at tick: Int) -> [PriceUpdate] {
        let units: KeyValuePairs<String, UInt64> = [
            "USD": 1_000_000, "ETH": price(at: tick), "BTC-LOT": 5_000_000,
        ]
        return units.map { asset, price in
            PriceUpdate(
                asset: AssetID(asset), kind: .eligible, price: UInt256(price),
                round: UInt64(tick) + 1, sourceAt: instant(tick))
        }
    }

    private func close(of borrower: Int, _ tick: Int) -> ObservedClose {
        ObservedClose(
            target: Target(
                domain: domain, market: market, account: AccountID("borrower-\(borrower)")),
            keeper: "somebody", height: UInt64(tick), paid: nil, taken: nil, valueUnits: .zero)
    }
}
