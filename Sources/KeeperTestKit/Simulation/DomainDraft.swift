import KeeperModel
import VenueSimulator

/// Which domains a seed has, and what each of them is like.
struct DomainDraft {
    let id: DomainID
    let seed: UInt64
    let faults: FaultPlan
    /// How fast its heights come, and how many of them before it is only waited for.
    let heightSpan: TimeSpan
    let heights: UInt64

    /// Of all domains that there may be.
    static let ids = ["sim", "sim-2", "sim-3"].map { DomainID($0) }

    /// The first is the one that every seed has, with a height a second. The others last as long,
    /// at a pace of their own.
    static func drafts(
        seed: UInt64, _ faults: FaultPlan, _ options: SimulationOptions
    ) -> [DomainDraft] {
        guard options.month == nil else {
            return [
                DomainDraft(
                    id: ids[0], seed: seed, faults: faults, heightSpan: MonthPlan.heightSpan,
                    heights: MonthPlan.heights)
            ]
        }
        let more: [(Trouble, UInt64)] = [(.secondDomain, 2), (.thirdDomain, 3)]
        return [
            DomainDraft(
                id: ids[0], seed: seed, faults: faults, heightSpan: .seconds(1),
                heights: options.heights)
        ] + more.filter { faults[$0.0] > 0 }.map { drafted($0.1, seed: seed, options) }
    }

    private static func drafted(
        _ number: UInt64, seed: UInt64, _ options: SimulationOptions
    ) -> DomainDraft {
        var generator = SeededGenerator(seed: seed ^ (number << 48))
        let ownSeed = generator.next()
        let drawn = FaultPlan(drawnFrom: &generator)
        let milliseconds = generator.number(in: 400...2_500)
        return DomainDraft(
            id: DomainID("sim-\(number)"), seed: ownSeed, faults: drawn.without(options.without),
            heightSpan: .milliseconds(Int64(milliseconds)),
            heights: max(2, options.heights * 1_000 / milliseconds))
    }
}
