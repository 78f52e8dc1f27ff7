import KeeperEngine
package import KeeperModel
import KeeperRuntime
package import WideMath

/// What a witness sees at one venue: its prices, who is there, and how far from their lines.
package struct VenueSight {
    package private(set) var health = HealthSampler()
    package private(set) var tracks: [AssetID: PriceTrack] = [:]
    package private(set) var seen: Set<Target> = []
    package private(set) var othersCloseCount = 0
    private let domain: DomainID

    init(_ domain: DomainID) {
        self.domain = domain
    }

    /// Before the engine handles the event: it is looked at as the one before left it.
    mutating func take(_ event: Event, _ keeper: Keeper?) {
        // Before the first price everybody looks healthy.
        if !tracks.isEmpty, health.isDue(at: event.receivedAt), let keeper {
            health.look(at: keeper.engine, domain: domain, now: event.receivedAt)
        }
        switch event.body {
        case .pricesPublished(let updates):
            for update in updates where update.kind == .eligible {
                tracks[update.asset, default: PriceTrack(update.asset)]
                    .take(update.price, at: event.receivedAt)
            }
        case .accountsReplaced(let market, let states): see(states, market)
        case .accountsPaged(let market, let page): see(page.states, market)
        case .accountsChanged(let market, let changed, _): see(changed, market)
        case .closesObserved(let closes): othersCloseCount += closes.count
        default: break
        }
    }

    private mutating func see(_ states: [AccountState], _ market: MarketID) {
        for state in states {
            seen.insert(Target(domain: domain, market: market, account: state.account))
        }
    }
}

/// How much less than at first the keeper ever had: at each venue of what it counts in, and at all
/// of them at once.
package struct CapitalWatch: Hashable, Sendable {
    private var units: [DomainID: AssetID] = [:]
    private var first: [DomainID: UInt256] = [:]
    private var usedNow: [DomainID: UInt256] = [:]
    private var peaks: [DomainID: UInt256] = [:]
    package private(set) var peak = UInt256.zero

    mutating func note(_ unit: AssetID, of domain: DomainID) {
        units[domain] = unit
    }

    mutating func note(_ balances: [AssetAmount], at domain: DomainID, unit: AssetID) {
        let counted = units[domain] ?? unit
        let amount = balances.first { $0.asset == counted }?.amount ?? .zero
        let before = first[domain] ?? amount
        first[domain] = before
        let used = before.saturatingSubtract(amount)
        usedNow[domain] = used
        peaks[domain] = max(peaks[domain] ?? .zero, used)
        peak = max(peak, usedNow.values.reduce(.zero, +))
    }

    package func peak(at domain: DomainID) -> UInt256 { peaks[domain] ?? .zero }
}
