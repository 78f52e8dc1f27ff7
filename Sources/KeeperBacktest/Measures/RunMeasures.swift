package import KeeperModel
package import KeeperRuntime
package import WideMath

/// Everything that is said about one strategy's run over one recording, or of its part at one
/// venue.
package struct RunMeasures: Sendable {
    package let name: String
    /// Of which venue; nil for the whole run.
    package let venueName: DomainID?
    package let unit: AssetDescription
    package let from: Instant?
    package let until: Instant?
    package let revenue: RevenueReport
    package let closes: [CloseFigures]
    package let episodes: [Episode]
    package let funnel: FunnelMeasures
    package let latency: LatencyMeasures
    package let equity: EquityMeasures
    package let bootstrap: EventBootstrap
    /// Of the whole of several venues nothing: each has a fund of its own.
    package let venue: VenueMeasures
    package let prices: [PriceTrack]
    package let health: [HealthSampler.Sample]
    package let evidence: HeadlineEvidence
    /// What calls cost that the books do not have: gas and bids of a race. The net is after them,
    /// and whatever follows single closes is before them.
    package let raceUnits: Int256
    /// The most of the unit of account that was promised to open closes or was out at once.
    package let capitalUsedUnits: UInt256
    package let gasWonUnits: Int256
    package let gasLostUnits: Int256
    /// Of what was closed by anybody, the share that was ours, in ppm; nil where nobody closed.
    package let shareCapturedPpm: Int?
    /// The parts at each of several venues, in the order of the configuration.
    package let venues: [RunMeasures]
    /// Whether amounts of all venues are of one kind. Where they are not, no sum here means
    /// anything: only its parts do.
    package let hasOneUnit: Bool

    package var headlineRefusals: [HeadlineRefusal] {
        guard hasOneUnit else { return [.severalUnits(venues.map(\.unit.asset))] }
        return evidence.refusals
    }

    /// `full-close at north`
    package var title: String { name + (venueName.map { " at \($0)" } ?? "") }

    package static let bootstrapSeed: UInt64 = 1

    /// A race of each venue, where there were any.
    package init(
        name: String, unit: AssetDescription, result: BacktestResult, witness: RunWitness,
        rivals: RivalAssumption? = nil, races: [RaceCosts] = []
    ) {
        // The only one is the whole.
        let parts = result.venues.count > 1 ? result.venues : []
        let venues = parts.enumerated().map { index, venue in
            RunMeasures(
                name, MeasuredPart(venue, result, witness), rivals,
                races.indices.contains(index) ? races[index] : RaceCosts())
        }
        self.init(
            name, MeasuredPart(unit, result, witness), rivals, races.reduce(RaceCosts(), +),
            venues: venues, hasOneUnit: result.hasOneUnit)
    }

    private init(
        _ name: String, _ part: MeasuredPart, _ rivals: RivalAssumption?, _ race: RaceCosts,
        venues: [RunMeasures] = [], hasOneUnit: Bool = true
    ) {
        self.name = name
        self.venues = venues
        self.hasOneUnit = hasOneUnit
        venueName = part.domain
        unit = part.unit
        revenue = part.revenue
        closes = part.journaled.map(CloseFigures.init)
        (from, until) = (part.from, part.until)
        episodes = part.episodes
        funnel = FunnelMeasures(
            seenCount: part.seenCount,
            atRiskCount: part.atRisk.union(episodes.map(\.target)).count,
            episodes: episodes)
        latency = LatencyMeasures(episodes)
        equity = EquityMeasures(closes)
        bootstrap = EventBootstrap(closes, seed: Self.bootstrapSeed)
        venue = VenueMeasures(part.settlements)
        (prices, health) = (part.prices, part.health)
        raceUnits = race.gasUnits + race.bidUnits
        evidence = HeadlineEvidence(
            netUnits: part.revenue.netUnits - raceUnits,
            bonusUnits: funnel.step(.eligible)?.bonusUnits ?? .zero,
            contestCount: episodes.count, wonCount: funnel.step(.won)?.count ?? 0,
            rivals: rivals ?? .recorded(closeCount: part.othersCloseCount),
            eventCount: bootstrap.eventCount, isReconciled: part.isReconciled)
        capitalUsedUnits = max(
            part.capitalPeak, CapitalUse.peak(of: part.journaled, asset: part.unit.asset))
        gasWonUnits =
            Self.gas(of: closes.filter(\.isWon)) - (race.gasUnits - race.gasLostUnits)
        gasLostUnits = Self.gas(of: closes.filter { !$0.isWon }) - race.gasLostUnits
        shareCapturedPpm = Self.share(episodes)
    }

    private static func gas(of closes: [CloseFigures]) -> Int256 {
        closes.reduce(.zero) { $0 + ($1.causes[.gas] ?? .zero) }
    }

    /// A recorded close of an account that ours had closed before is void, and counts for nobody.
    private static func share(_ episodes: [Episode]) -> Int? {
        let won = episodes.count { $0.wonAt != nil }
        let lost = episodes.count { $0.wonAt == nil && $0.closedByOthersAt != nil }
        guard won + lost > 0 else { return nil }
        return won * 1_000_000 / (won + lost)
    }
}
