package import KeeperModel
package import VenueSimulator

/// One thing that a seed may have or lack: a fault, or somebody at the venue besides our keeper.
package enum Trouble: String, Hashable, Comparable, Sendable, CaseIterable {
    case lostRequests = "lost-requests"
    case lostReplies = "lost-replies"
    case duplicatedRequests = "duplicated-requests"
    /// Arrives when nobody waits for an answer any more.
    case slowRequests = "slow-requests"
    case slowReplies = "slow-replies"
    case lostDeltas = "lost-deltas"
    case feedStalls = "feed-stalls"
    /// What is said of one height arrives each in its own time; the order within one channel stays.
    case reordering
    /// Ways that take between nothing and longer than a height, instead of the usual ones.
    case latency
    case crashes
    /// Only a chain forgets calls and takes heights back.
    case evictions
    case reorganisations
    case silentOracles = "silent-oracles"
    case lyingOracles = "lying-oracles"
    case pauses
    case termChanges = "term-changes"
    case fastRival = "rival-fast"
    case greedyRival = "rival-greedy"
    case lateRival = "rival-late"
    case absentRival = "rival-absent"
    case firstComeRival = "rival-first-come"
    case sealedBidRival = "rival-sealed-bid"
    case customers
    /// Sales move prices.
    case impact
    /// Further venues or chains beside the first, for the same keeper.
    case secondDomain = "second-domain"
    case thirdDomain = "third-domain"
    /// One of several is silent, hangs or resyncs for a long time.
    case stalledDomain = "stalled-domain"
    /// A person stops the keeper for a while.
    case killSwitch = "kill-switch"
    /// Some books hold next to nothing, or nothing at all.
    case thinBooks = "thin-books"
    /// The operator wants somebody or something left alone.
    case avoidList = "avoid-list"
    /// What things sell for is published too, and may be far from what the oracle says.
    case partingPrices = "parting-prices"
    /// What an oracle will say next is heard before it is in force, and may come otherwise.
    case pendingPrices = "pending-prices"
    /// Venues say of a close whether it would settle, and some strategies ask first.
    case trials
    /// A strategy that has shown nothing yet closes little.
    case canary
    /// The keeper has a reserve at each venue, and moves things to and from it by itself.
    case treasury

    package static func < (left: Trouble, right: Trouble) -> Bool {
        left.rawValue < right.rawValue
    }

    /// How many in a million chances at most.
    fileprivate var ppmMax: UInt64 {
        switch self {
        case .lostRequests, .duplicatedRequests, .slowReplies: 300_000
        case .lostReplies: 400_000
        case .slowRequests, .lostDeltas, .evictions: 200_000
        case .feedStalls, .crashes: 60_000
        case .reorganisations: 80_000
        case .silentOracles, .lyingOracles: 40_000
        case .pauses: 20_000
        case .termChanges: 15_000
        case .customers: 60_000
        // Of the price, for as much as one side of a book holds.
        case .impact: 200_000
        case .reordering, .latency, .fastRival, .greedyRival, .lateRival, .absentRival,
            .firstComeRival, .sealedBidRival, .secondDomain, .thirdDomain, .stalledDomain,
            .killSwitch, .thinBooks, .avoidList, .trials, .canary,
            .treasury:
            1_000_000
        case .partingPrices: 60_000
        case .pendingPrices: 300_000
        }
    }

    /// How many seeds in a million have it. Rivals are rarer, so that in half of all seeds there is
    /// none or one.
    fileprivate var presencePpm: UInt64 {
        switch self {
        case .fastRival, .greedyRival, .lateRival, .absentRival, .firstComeRival,
            .sealedBidRival:
            200_000
        // Most seeds have one domain, and are fast.
        case .secondDomain: 200_000
        case .thirdDomain: 80_000
        case .thinBooks, .avoidList, .partingPrices: 250_000
        default: 500_000
        }
    }

    package var rival: RivalKind? {
        RivalKind.allCases.first { $0.name == rawValue }
    }
}

/// What goes wrong in a run and who else is there, and how often: drawn per seed, so that some runs
/// are calm, some have one kind of trouble and some have all of them.
package struct FaultPlan: Hashable, Sendable {
    private var ppms: [Trouble: UInt64]

    package static let none = FaultPlan([:])

    package init(_ ppms: [Trouble: UInt64]) {
        self.ppms = ppms.filter { $0.value > 0 }
    }

    package init(drawnFrom generator: inout SeededGenerator) {
        var ppms: [Trouble: UInt64] = [:]
        // Drawn apart, so that what a seed had before there was any stays as it was.
        for trouble in Trouble.allCases where trouble != .treasury {
            let ppm = generator.number(in: 1...trouble.ppmMax)
            ppms[trouble] = generator.chance(ppm: trouble.presencePpm) ? ppm : 0
        }
        self.init(ppms)
    }

    /// With a treasury in three seeds of ten.
    func withTreasury(drawnBy seed: UInt64) -> FaultPlan {
        var lots = SeededGenerator(seed: seed ^ 0x7472_6561_7375_7279)
        guard lots.chance(ppm: 300_000) else { return self }
        return FaultPlan(ppms.merging([.treasury: 1_000_000]) { $1 })
    }

    package subscript(trouble: Trouble) -> UInt64 { ppms[trouble] ?? 0 }

    package var present: [Trouble] { ppms.keys.sorted() }

    package func without(_ troubles: Set<Trouble>) -> FaultPlan {
        FaultPlan(ppms.filter { !troubles.contains($0.key) })
    }

    package var description: String {
        present.isEmpty
            ? "none" : present.map { "\($0.rawValue) \(self[$0]) ppm" }.joined(separator: ", ")
    }
}
