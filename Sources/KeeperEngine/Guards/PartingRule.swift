package import KeeperModel
import WideMath

/// What to do where the price that makes an account eligible and the price that things sell for
/// part: one of the two is wrong, and a close made on it may be taken back, or be a loss.
package struct PartingRule: Hashable, Sendable {
    package enum Policy: String, Hashable, Sendable, CaseIterable {
        case act
        case skip
        /// Wait for a person, and skip where none came in time.
        case hold
    }

    package let partingMaxPpm: UInt64
    package let policy: Policy
    package let holdMax: TimeSpan

    package init(partingMaxPpm: UInt64, policy: Policy, holdMax: TimeSpan) {
        self.partingMaxPpm = partingMaxPpm
        self.policy = policy
        self.holdMax = holdMax
    }

    /// How far apart two prices are, as a share of the market's, rounded up.
    static func partingPpm(eligible: UInt256, market: UInt256) -> UInt64 {
        let distance = eligible > market ? eligible - market : market - eligible
        // Further apart than can be counted is far enough.
        let share = try? mulDiv(distance, UInt256(1_000_000), dividingBy: market, rounding: .up)
        return share?.asUInt64 ?? .max
    }
}

/// Candidates that wait for a person's word.
struct HeldPlans {
    struct Held {
        let deadline: Instant
        var isApproved = false
    }

    private(set) var held: [Target: Held]

    init(held: [Target: Held] = [:]) {
        self.held = held
    }

    var count: Int { held.count }

    /// Returns the deadline where the target is held only now.
    mutating func hold(_ target: Target, until deadline: Instant) -> Bool {
        guard held[target] == nil else { return false }
        held[target] = Held(deadline: deadline)
        return true
    }

    mutating func approve(_ target: Target) {
        held[target]?.isApproved = true
    }

    mutating func release(_ target: Target) {
        held[target] = nil
    }

    func isApproved(_ target: Target, at now: Instant) -> Bool {
        held[target].map { $0.isApproved && now < $0.deadline } ?? false
    }

    func isOverdue(_ target: Target, at now: Instant) -> Bool {
        held[target].map { now >= $0.deadline } ?? false
    }
}
