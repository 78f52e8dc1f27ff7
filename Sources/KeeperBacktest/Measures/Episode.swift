package import KeeperModel
package import WideMath

/// How far one chance came, from an account that was seen to a close that is on the books.
package enum FunnelStage: String, Hashable, Sendable, CaseIterable, Comparable {
    case seen
    case atRisk
    case eligible
    case profitable
    case attempted
    case included
    case won

    package static func < (left: FunnelStage, right: FunnelStage) -> Bool {
        left.number < right.number
    }

    private var number: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// From crossing the line until healthy, gone or closed: one chance to earn.
package struct Episode: Hashable, Sendable {
    package let target: Target
    package let openedAt: Instant
    package internal(set) var stage = FunnelStage.eligible
    /// The most that any close of it could have brought at the venue's own prices, so far as it was
    /// worked out: when it crossed, when it was planned, when it settled.
    package internal(set) var bonusUnits = Int256.zero
    /// Why it got no further, in the words of decisions; nil where nothing was said.
    package internal(set) var reason: String?
    package internal(set) var proposedAt: Instant?
    package internal(set) var durableAt: Instant?
    package internal(set) var answeredAt: Instant?
    package internal(set) var wonAt: Instant?
    /// When somebody else closed it in the recording; the first time counts.
    package internal(set) var closedByOthersAt: Instant?
    package internal(set) var isOver = false
    /// The prices that it rested on when a close was planned.
    package internal(set) var assets: [AssetID] = []

    init(target: Target, openedAt: Instant) {
        self.target = target
        self.openedAt = openedAt
    }

    mutating func reach(_ stage: FunnelStage) {
        self.stage = max(self.stage, stage)
    }

    /// How long before the other's close ours was on the books; negative where it came later.
    package var lead: TimeSpan? {
        guard let wonAt, let closedByOthersAt else { return nil }
        return closedByOthersAt - wonAt
    }
}
