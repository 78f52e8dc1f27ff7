package import WideMath

/// How many chances came how far, what those that came no further were worth, and why.
package struct FunnelMeasures: Hashable, Sendable {
    package struct Step: Hashable, Sendable {
        package let stage: FunnelStage
        package let count: Int
        /// The bonus of all that came so far; nothing before an account is eligible.
        package let bonusUnits: Int256
        /// What came so far and no further.
        package let lostCount: Int
        package let lostUnits: Int256
        /// The most frequent first, ties by name.
        package let reasons: [Reason]
    }

    package struct Reason: Hashable, Sendable {
        package let name: String
        package let count: Int
        package let bonusUnits: Int256
    }

    package let steps: [Step]

    private static let reasonsMax = 5
    private static let silence = "nothing was said"

    package init(seenCount: Int, atRiskCount: Int, episodes: [Episode]) {
        let counted: [Step] = [
            Self.countOnly(.seen, seenCount, next: atRiskCount),
            Self.countOnly(.atRisk, atRiskCount, next: Set(episodes.map(\.target)).count),
        ]
        steps =
            counted
            + FunnelStage.allCases.filter { $0 >= .eligible }.map { Self.step($0, episodes) }
    }

    package func step(_ stage: FunnelStage) -> Step? { steps.first { $0.stage == stage } }

    private static func countOnly(_ stage: FunnelStage, _ count: Int, next: Int) -> Step {
        Step(
            stage: stage, count: count, bonusUnits: .zero, lostCount: max(0, count - next),
            lostUnits: .zero, reasons: [])
    }

    private static func step(_ stage: FunnelStage, _ episodes: [Episode]) -> Step {
        let reached = episodes.filter { $0.stage >= stage }
        let lost = stage == .won ? [] : reached.filter { $0.stage == stage }
        return Step(
            stage: stage, count: reached.count, bonusUnits: sum(reached), lostCount: lost.count,
            lostUnits: sum(lost), reasons: reasons(of: lost))
    }

    private static func reasons(of lost: [Episode]) -> [Reason] {
        let groups = Dictionary(grouping: lost) { $0.reason ?? silence }
        let all = groups.keys.sorted().map { name in
            let members = groups[name] ?? []
            return Reason(name: name, count: members.count, bonusUnits: sum(members))
        }
        return Array(
            all.sorted { $0.count != $1.count ? $0.count > $1.count : $0.name < $1.name }
                .prefix(reasonsMax))
    }

    private static func sum(_ episodes: [Episode]) -> Int256 {
        episodes.reduce(.zero) { $0 + $1.bonusUnits }
    }
}
