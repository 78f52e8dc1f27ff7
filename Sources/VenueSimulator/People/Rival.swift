import KeeperModel
import LiquidationRules
import WideMath

/// How another keeper at the same venue behaves.
package enum RivalKind: String, Hashable, Sendable, CaseIterable {
    /// The best close of each height, in the moment in which the height comes.
    case fast
    /// Everything that can be closed, with all it has, kept where it cannot be sold.
    case greedy
    /// As fast, but only what has been eligible for some heights.
    case late
    /// As fast, with long pauses.
    case absent
    /// Whatever comes first by name, whether or not it pays.
    case firstCome = "first-come"
    /// Sees no hurry; on a chain it offers a share of its profit, in a lane that nobody sees.
    case sealedBid = "sealed-bid"

    package var name: String { "rival-" + rawValue }

    /// How many closes it can make at a height.
    var closesPerHeight: Int {
        switch self {
        case .fast, .absent, .late, .sealedBid: 1
        case .firstCome: 2
        case .greedy: 3
        }
    }

    /// How long after a height it acts, as the venue's door is free to all.
    package var delayMilliseconds: ClosedRange<UInt64> {
        switch self {
        case .fast, .absent: 0...30
        case .greedy: 50...400
        case .late: 0...900
        case .firstCome: 100...600
        case .sealedBid: 300...900
        }
    }
}

/// One of them, and what it remembers.
struct Rival: Hashable, Sendable {
    let kind: RivalKind
    /// How many in a million chances it takes; nobody is always there.
    let attentionPpm: UInt64
    let lateHeights: UInt64
    /// Of the profit, where it bids one.
    let bidSharePpm: UInt64
    var sentCount: UInt64 = 0
    var absentUntil: UInt64 = 0
    var sentAtHeight: UInt64 = 0
    var firstSeen: [Place: UInt64] = [:]

    struct Place: Hashable, Comparable, Sendable {
        let market: MarketID
        let account: AccountID

        static func < (left: Place, right: Place) -> Bool {
            left.market != right.market
                ? left.market < right.market : left.account < right.account
        }
    }

    init(_ kind: RivalKind, drawnFrom generator: inout SeededGenerator) {
        self.kind = kind
        attentionPpm = generator.number(in: 100_000...800_000)
        lateHeights = generator.number(in: 2...8)
        bidSharePpm = generator.number(in: 50_000...700_000)
    }

    /// Remembers who is eligible since when, and picks what it would close now: best first, by gain
    /// or by name.
    mutating func picks(
        _ offers: [(place: Place, version: UInt64, offers: [PlainOffer])],
        _ sizing: PlainSizing, height: UInt64
    ) -> [(place: Place, version: UInt64, close: PlainClose)] {
        let present = Set(offers.map(\.place))
        firstSeen = firstSeen.filter { present.contains($0.key) }
        for place in present.sorted() { firstSeen[place] = firstSeen[place] ?? height }
        let wait = kind == .late ? lateHeights : 0
        var picked: [(place: Place, version: UInt64, close: PlainClose)] = []
        for offer in offers where height >= (firstSeen[offer.place] ?? height) + wait {
            let closes = offer.offers.compactMap { sizing.close($0) }
            guard let best = closes.max(by: { $0.gainUnits < $1.gainUnits }),
                kind == .firstCome || best.gainUnits > .zero
            else { continue }
            picked.append((offer.place, offer.version, best))
        }
        if kind == .firstCome { return Array(picked.prefix(kind.closesPerHeight)) }
        picked.sort {
            $0.close.gainUnits != $1.close.gainUnits
                ? $0.close.gainUnits > $1.close.gainUnits : $0.place < $1.place
        }
        return Array(picked.prefix(kind.closesPerHeight))
    }
}
