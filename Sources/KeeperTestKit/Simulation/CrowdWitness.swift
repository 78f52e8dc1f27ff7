import KeeperEngine
import WideMath

/// Whether those who had to share were chosen well: every set of a small crowd is tried.
struct CrowdWitness {
    /// Beyond this there are too many sets to try after every event.
    static let claimsMax = 12

    private let crowd: Crowd

    init(_ crowd: Crowd) {
        self.crowd = crowd
    }

    /// What was chosen is worth at least 99 % of the best that there was room for; nil where it is,
    /// and where the crowd is too large to say.
    var violation: String? {
        guard crowd.claims.count <= Self.claimsMax else { return nil }
        let (chosen, best) = (worthOfChosen, worthOfBest)
        guard chosen * 100 < best * 99 else { return nil }
        return "of \(crowd.claims.count) closes a set worth \(chosen) was chosen, "
            + "the best was worth \(best)"
    }

    /// In the order given, whoever still has room.
    private var worthOfChosen: UInt128 {
        var left = crowd.room
        var worth: UInt128 = 0
        for number in crowd.order {
            guard let after = Self.taking(crowd.claims[number], from: left) else { continue }
            left = after
            worth += crowd.claims[number].worth
        }
        return worth
    }

    private var worthOfBest: UInt128 { best(from: 0, left: crowd.room) }

    private func best(from number: Int, left: [UInt256]) -> UInt128 {
        guard number < crowd.claims.count else { return 0 }
        let without = best(from: number + 1, left: left)
        guard let after = Self.taking(crowd.claims[number], from: left) else { return without }
        return max(without, crowd.claims[number].worth + best(from: number + 1, left: after))
    }

    private static func taking(_ claim: Allocation.Claim, from room: [UInt256]) -> [UInt256]? {
        var left = room
        for (resource, taken) in claim.takes.enumerated() {
            guard taken <= left[resource] else { return nil }
            left[resource] -= taken
        }
        return left
    }
}
