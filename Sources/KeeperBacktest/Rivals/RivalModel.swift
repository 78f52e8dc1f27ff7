import KeeperModel

/// Who else is after the same accounts.
package enum RivalMode: String, Hashable, Sendable, CaseIterable {
    /// Whoever's call is included first.
    case firstCome
    /// All calls meet in one block, and the highest bid wins.
    case sealedBid
    /// Real closes of the past, at their own time.
    case historical

    /// As people write them.
    package static var byWord: KeyValuePairs<String, RivalMode> {
        ["first-come": .firstCome, "sealed-bid": .sealedBid, "historical": .historical]
    }
}

package struct RivalModel: Hashable, Sendable {
    package let mode: RivalMode
    /// How many rivals of equal information, one run for each.
    package let counts: [Int]
    package let seed: UInt64

    /// Of the profit that a plan expects, what we bid where bids are sealed.
    package static let ownBidPpm: UInt64 = 800_000
    /// What rivals bid, evenly between.
    package static let rivalBidPpm: ClosedRange<UInt64> = 500_000...1_000_000
    package static let standardCounts = [0, 1, 3, 10]

    package init(mode: RivalMode, counts: [Int] = standardCounts, seed: UInt64) {
        precondition(counts.allSatisfy { (0...1_000).contains($0) }, "Rivals can be counted")
        self.mode = mode
        self.counts = mode == .historical ? [0] : counts
        self.seed = seed
    }

    /// A result without anybody else is no result.
    package var hasRivals: Bool { mode == .historical || counts.contains { $0 > 0 } }

    /// The heads of a table with a column for each count.
    package var countNames: [String] {
        guard mode != .historical else { return ["real closes"] }
        return counts.map { $0 == 0 ? "alone, no result" : $0 == 1 ? "one rival" : "\($0) rivals" }
    }

    package var part: ModelPart {
        let wanted = Race.wantedDiscountPpm
        return switch mode {
        case .firstCome:
            ModelPart(
                "rivals", .assumed,
                "see an account when we do and have our latency and inclusion; the first is first; "
                    + "they close what still pays after gas, with deep purses, and hold what the "
                    + "books do not take; of an auction each waits for a discount of its own, "
                    + "\(wanted.lowerBound / 10_000) to \(wanted.upperBound / 10_000) %")
        case .sealedBid:
            ModelPart(
                "rivals", .assumed,
                "bid \(Self.rivalBidPpm.lowerBound / 10_000) to "
                    + "\(Self.rivalBidPpm.upperBound / 10_000) % of the profit, evenly, in one "
                    + "block with ours; we bid \(Self.ownBidPpm / 10_000) %")
        case .historical:
            ModelPart(
                "rivals", .measured,
                "real closes at their own time, first by inclusion; what they paid is not in the "
                    + "data, so no bid of ours beats one")
        }
    }
}

/// The draws of one race: the same for the same account and episode whatever else is different, so
/// that one rival more changes what that rival does and nothing else.
struct RaceDraws {
    private let key: UInt64

    init(seed: UInt64, target: Target, episode: UInt64) {
        var key = seed &+ episode &* 0x9E37_79B9_7F4A_7C15
        key ^= NameHash.fnv(target.market.text + "/" + target.account.text)
        self.key = key
    }

    /// Ours are runner 0 and, for further attempts, those from 10,000 on.
    func generator(of runner: UInt64) -> SeededGenerator {
        var mixed = SeededGenerator(seed: key &+ runner &* 0xD1B5_4A32_D192_ED03)
        return SeededGenerator(seed: mixed.next())
    }
}
