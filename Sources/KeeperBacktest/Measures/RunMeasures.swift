import KeeperJournal
package import KeeperModel
package import KeeperRuntime
package import WideMath

/// Everything that is said about one strategy's run over one recording.
package struct RunMeasures: Sendable {
    package let name: String
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

    package var headlineRefusals: [HeadlineRefusal] { evidence.refusals }

    package static let bootstrapSeed: UInt64 = 1

    package init(
        name: String, unit: AssetDescription, result: BacktestResult, witness: RunWitness,
        rivals: RivalAssumption? = nil, race: RaceCosts = RaceCosts()
    ) {
        self.name = name
        self.unit = unit
        revenue = result.revenue
        closes = result.journaled.map(CloseFigures.init)
        (from, until) = (witness.firstAt, witness.lastAt)
        episodes = witness.episodes.episodes
        funnel = FunnelMeasures(
            seenCount: witness.seen.count,
            atRiskCount: witness.health.atRisk.union(episodes.map(\.target)).count,
            episodes: episodes)
        latency = LatencyMeasures(episodes)
        equity = EquityMeasures(closes)
        bootstrap = EventBootstrap(closes, seed: Self.bootstrapSeed)
        venue = VenueMeasures(result.settlements)
        prices = witness.tracks.keys.sorted().compactMap { witness.tracks[$0] }
        health = witness.health.samples
        let wonCount = funnel.step(.won)?.count ?? 0
        raceUnits = race.gasUnits + race.bidUnits
        evidence = HeadlineEvidence(
            netUnits: result.revenue.netUnits - raceUnits,
            bonusUnits: funnel.step(.eligible)?.bonusUnits ?? .zero,
            contestCount: episodes.count, wonCount: wonCount,
            rivals: rivals ?? .recorded(closeCount: witness.othersCloseCount),
            eventCount: bootstrap.eventCount, isReconciled: result.isReconciled)
        capitalUsedUnits = max(
            witness.wallet.map { $0.first - $0.lowest } ?? .zero,
            CapitalUse.peak(of: result.journaled, asset: unit.asset))
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
