package import KeeperModel

/// What goes wrong in a run, and how often: drawn per seed, so that some runs are calm, some have
/// one kind of trouble and some have all of them.
package struct FaultPlan: Hashable, Sendable {
    package var lostRequestPpm: UInt64
    package var lostReplyPpm: UInt64
    package var duplicatedRequestPpm: UInt64
    /// Arrives when nobody waits for an answer any more.
    package var slowRequestPpm: UInt64
    package var slowReplyPpm: UInt64
    package var lostDeltaPpm: UInt64
    package var feedStallPpm: UInt64
    package var crashPpm: UInt64
    /// Only a chain forgets calls and takes heights back.
    package var evictionPpm: UInt64
    package var reorganisationPpm: UInt64

    package static let none = FaultPlan(
        lostRequestPpm: 0, lostReplyPpm: 0, duplicatedRequestPpm: 0, slowRequestPpm: 0,
        slowReplyPpm: 0, lostDeltaPpm: 0, feedStallPpm: 0, crashPpm: 0, evictionPpm: 0,
        reorganisationPpm: 0)

    package init(
        lostRequestPpm: UInt64, lostReplyPpm: UInt64, duplicatedRequestPpm: UInt64,
        slowRequestPpm: UInt64, slowReplyPpm: UInt64, lostDeltaPpm: UInt64, feedStallPpm: UInt64,
        crashPpm: UInt64, evictionPpm: UInt64, reorganisationPpm: UInt64
    ) {
        self.lostRequestPpm = lostRequestPpm
        self.lostReplyPpm = lostReplyPpm
        self.duplicatedRequestPpm = duplicatedRequestPpm
        self.slowRequestPpm = slowRequestPpm
        self.slowReplyPpm = slowReplyPpm
        self.lostDeltaPpm = lostDeltaPpm
        self.feedStallPpm = feedStallPpm
        self.crashPpm = crashPpm
        self.evictionPpm = evictionPpm
        self.reorganisationPpm = reorganisationPpm
    }

    package init(drawnFrom generator: inout SeededGenerator) {
        func drawn(_ generator: inout SeededGenerator, upTo most: UInt64) -> UInt64 {
            generator.chance(ppm: 500_000) ? generator.number(in: 0...most) : 0
        }
        self.init(
            lostRequestPpm: drawn(&generator, upTo: 300_000),
            lostReplyPpm: drawn(&generator, upTo: 400_000),
            duplicatedRequestPpm: drawn(&generator, upTo: 300_000),
            slowRequestPpm: drawn(&generator, upTo: 200_000),
            slowReplyPpm: drawn(&generator, upTo: 300_000),
            lostDeltaPpm: drawn(&generator, upTo: 200_000),
            feedStallPpm: drawn(&generator, upTo: 60_000),
            crashPpm: drawn(&generator, upTo: 60_000),
            evictionPpm: drawn(&generator, upTo: 200_000),
            reorganisationPpm: drawn(&generator, upTo: 80_000))
    }

    package var description: String {
        let parts: [(String, UInt64)] = [
            ("lost requests", lostRequestPpm), ("lost replies", lostReplyPpm),
            ("duplicated requests", duplicatedRequestPpm), ("slow requests", slowRequestPpm),
            ("slow replies", slowReplyPpm),
            ("lost deltas", lostDeltaPpm), ("feed stalls", feedStallPpm), ("crashes", crashPpm),
            ("evictions", evictionPpm), ("reorganisations", reorganisationPpm),
        ]
        let present = parts.filter { $0.1 > 0 }.map { "\($0.0) \($0.1) ppm" }
        return present.isEmpty ? "none" : present.joined(separator: ", ")
    }
}
