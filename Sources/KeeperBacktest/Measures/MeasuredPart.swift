import KeeperJournal
import KeeperModel
import KeeperRuntime
import WideMath

/// What measures are made of: a whole run, or the part of it that was at one venue.
struct MeasuredPart {
    let domain: DomainID?
    let unit: AssetDescription
    let from: Instant?
    let until: Instant?
    let revenue: RevenueReport
    let journaled: [JournaledClose]
    let settlements: [SettlementRecord]
    let isReconciled: Bool
    let episodes: [Episode]
    let seenCount: Int
    let atRisk: Set<Target>
    let prices: [PriceTrack]
    let health: [HealthSampler.Sample]
    let othersCloseCount: Int
    let capitalPeak: UInt256

    /// The whole. Several venues have no prices, bands of health or fund together.
    init(_ unit: AssetDescription, _ result: BacktestResult, _ witness: RunWitness) {
        domain = nil
        self.unit = unit
        (from, until) = (witness.firstAt, witness.lastAt)
        revenue = result.revenue
        journaled = result.journaled
        isReconciled = result.isReconciled
        episodes = witness.episodes.episodes
        let sights = result.venues.compactMap { witness.sights[$0.domain] }
        seenCount = sights.reduce(0) { $0 + $1.seen.count }
        atRisk = sights.reduce(into: []) { $0.formUnion($1.health.atRisk) }
        othersCloseCount = sights.reduce(0) { $0 + $1.othersCloseCount }
        capitalPeak = witness.capital.peak
        let isSeveral = result.venues.count > 1
        settlements = isSeveral ? [] : result.settlements
        prices = isSeveral ? [] : sights.first?.prices ?? []
        health = isSeveral ? [] : sights.first?.health.samples ?? []
    }

    init(_ venue: VenueResult, _ result: BacktestResult, _ witness: RunWitness) {
        let own = venue.domain
        domain = own
        unit = venue.unit
        (from, until) = (witness.firstAt, witness.lastAt)
        revenue = venue.revenue
        journaled = result.journaled.filter { $0.intent.plan.target.domain == own }
        settlements = venue.settlements
        isReconciled = venue.reconciliation.isClean
        episodes = witness.episodes.episodes.filter { $0.target.domain == own }
        let sight = witness.sights[own]
        seenCount = sight?.seen.count ?? 0
        atRisk = sight?.health.atRisk ?? []
        prices = sight?.prices ?? []
        health = sight?.health.samples ?? []
        othersCloseCount = sight?.othersCloseCount ?? 0
        capitalPeak = witness.capital.peak(at: own)
    }
}

extension VenueSight {
    fileprivate var prices: [PriceTrack] { tracks.keys.sorted().compactMap { tracks[$0] } }
}
