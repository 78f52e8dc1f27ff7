package import KeeperModel
package import KeeperRuntime

extension Calibration {
    /// One venue's.
    package struct AtVenue: Hashable, Sendable {
        package let domain: DomainID
        package let calibration: Calibration
    }

    /// What a recording of a run says itself, and what the simulator makes of the same feeds with
    /// so many rivals: venue by venue, because each has models of its own.
    package static func byVenue(
        _ workplace: Workplace, strategies: [StrategyName], againstCount: Int, seed: UInt64,
        source open: () throws(KeeperStop) -> BacktestPass.Source
    ) throws(KeeperStop) -> [AtVenue] {
        let recorded = OutcomeSamples()
        var own = OwnCloses()
        guard case .recorded(var source) = try open() else { throw Self.noRun }
        var hasOutcomes = false
        while let event = try source.next() {
            hasOutcomes = hasOutcomes || event.body.isOutcome
            own.note(event)
            try recorded.append(event)
        }
        guard hasOutcomes else {
            throw KeeperStop(
                .recording,
                "the recording holds feeds and no outcomes; give one that 'run --record' wrote")
        }
        guard case .recorded(var feeds) = try open() else { throw Self.noRun }
        feeds.leaveOut(own)
        let simulated = OutcomeSamples()
        let model = RivalModel(mode: .firstCome, counts: [againstCount], seed: seed)
        _ = try BacktestPass(workplace, rivals: model).run(
            [strategies], from: .recorded(feeds), events: { _, _ in simulated })
        return workplace.config.venues.map { venue in
            AtVenue(
                domain: venue.domain,
                calibration: Calibration(
                    recorded: recorded.sample(at: venue.domain),
                    simulated: simulated.sample(at: venue.domain)))
        }
    }

    private static let noRun = KeeperStop(
        .recording, "imported history has no outcomes of ours; give a recording of a run")
}
