package import KeeperModel

/// How much of a close's profit is offered for its inclusion, and when more.
package struct BidRule: Hashable, Sendable {
    /// The only class of lanes that may see the bytes.
    package let laneClass: LaneClass
    /// Share of the profit before gas that the first bid offers as a tip, in ppm. Never less than
    /// the usual tip.
    package let offerPpm: UInt64
    /// Share of the profit before gas that a bid may cost in all, in ppm.
    package let capPpm: UInt64
    /// After so many heights without inclusion the bid is raised; 0 never raises it.
    package let raiseEveryHeights: UInt64

    package init(
        laneClass: LaneClass, offerPpm: UInt64, capPpm: UInt64, raiseEveryHeights: UInt64
    ) {
        self.laneClass = laneClass
        self.offerPpm = offerPpm
        self.capPpm = capPpm
        self.raiseEveryHeights = raiseEveryHeights
    }

    /// One bid that is never raised, for lanes where the highest wins unseen: it offers all that it
    /// would ever pay at once.
    package static func sealed(laneClass: LaneClass, sharePpm: UInt64) -> BidRule {
        BidRule(
            laneClass: laneClass, offerPpm: sharePpm, capPpm: sharePpm, raiseEveryHeights: 0)
    }
}
