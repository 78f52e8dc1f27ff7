/// One thing said of an account, at the newest height that the keeper had heard of.
package struct SoakRemark: Hashable, Sendable {
    package let height: UInt64
    package let label: String

    package init(height: UInt64, label: String) {
        self.height = height
        self.label = label
    }
}

/// What was said of one account from when it crossed until it was well again.
package struct SoakEpisode: Hashable, Sendable {
    package private(set) var heights: ClosedRange<UInt64>
    package private(set) var labels: [String]
}

extension SoakEpisode {
    /// That it crossed begins an episode, in every life of the keeper anew. What is heard of a
    /// close after the account is well again belongs to the episode that it was made in.
    package static func all(in remarks: [SoakRemark]) -> [SoakEpisode] {
        var episodes: [SoakEpisode] = []
        var isOpen = false
        for remark in remarks {
            switch remark.label {
            // The index was wrong, or what would be: neither is said of what is.
            case "disagreed", "foreseen": continue
            case "recovered":
                if isOpen { episodes[episodes.count - 1].extend(to: remark.height) }
                isOpen = false
            case _ where begins(remark, after: episodes.last, isOpen: isOpen):
                episodes.append(
                    SoakEpisode(heights: remark.height...remark.height, labels: [remark.label]))
                isOpen = remark.label == "eligible"
            default:
                episodes[episodes.count - 1].labels.append(remark.label)
                if isOpen { episodes[episodes.count - 1].extend(to: remark.height) }
            }
        }
        return episodes
    }

    /// A close by somebody else may be all that is heard of a time: the account is well again
    /// before its price is read. It belongs to the episode before only where that is just over and
    /// nobody is known to have ended it.
    private static func begins(
        _ remark: SoakRemark, after last: SoakEpisode?, isOpen: Bool
    ) -> Bool {
        guard let last, remark.label != "eligible" else { return true }
        guard !isOpen, remark.label.hasPrefix("missed-") else { return false }
        let isEnded = last.labels.contains { $0 == "ended-won" || $0.hasPrefix("missed-") }
        return isEnded || remark.height > last.heights.upperBound + lateHeights
    }

    /// Ten seconds of real time: so late may be what is heard of a height.
    static let lateHeights: UInt64 = 20

    private mutating func extend(to height: UInt64) {
        heights = heights.lowerBound...max(heights.upperBound, height)
    }
}

/// A time that an account could be closed, and by when a keeper should have said something.
package struct SoakChance: Hashable, Sendable {
    package let heights: ClosedRange<UInt64>
    package let until: UInt64

    package init(heights: ClosedRange<UInt64>, until: UInt64) {
        self.heights = heights
        self.until = until
    }

    /// What was said of each of an account's chances, in their order. News of several heights may
    /// come at once, late, and all that is said of them is said at the newest; so episodes are
    /// given out in order, each to the first chance that has none. One that begins before its
    /// chance is over belongs to it as well: another life said it. A chance without any may still
    /// lie within an episode that was not over, where the heights between were never heard of.
    package static func labels(
        of chances: [SoakChance], from episodes: [SoakEpisode]
    ) -> [[String]] {
        var rest = episodes[...]
        var before: SoakEpisode?
        return chances.map { chance in
            while let next = rest.first, next.heights.lowerBound < chance.heights.lowerBound {
                before = rest.popFirst()
            }
            var labels: [String] = []
            while let next = rest.first,
                next.heights.lowerBound
                    <= (labels.isEmpty ? chance.until : chance.heights.upperBound)
            {
                labels += next.labels
                before = rest.popFirst()
            }
            if labels.isEmpty, let running = before,
                running.heights.lowerBound < chance.heights.lowerBound,
                running.heights.upperBound >= chance.heights.lowerBound
            {
                labels = running.labels
            }
            return labels
        }
    }
}
