package import WideMath

/// Which of many closes to make when there is not enough of everything for all of them.
///
/// By worth alone one large close may take what ten better ones need; by worth per unit of what is
/// scarce a small one may keep out a large. Both are tried, and around the place where the second
/// runs dry a search of bounded length looks for better. The best set by worth is made first. The
/// work is n log n and a constant.
package struct Allocation {
    package struct Claim: Hashable, Sendable {
        package let worth: UInt128
        /// Of each resource, in one order for all claims.
        package let takes: [UInt256]

        package init(worth: UInt128, takes: [UInt256]) {
            self.worth = worth
            self.takes = takes
        }
    }

    /// Sums of so many worths fit.
    package static let worthMax = UInt128.max >> 24
    private static let shareOne: UInt64 = 1 << 32
    private static let coreReach = 20
    private static let searchStepsMax = 4_000

    private let claims: [Claim]
    private let room: [UInt256]
    /// Resources of which there is less than all claims together want.
    private let scarce: [Int]
    /// What share of the scarce resources each claim takes, rounded down.
    private let shares: [UInt64]

    /// The order in which to make them: the best set, in the order given; then what had no room, by
    /// worth per share. Claims come in the order that settles ties.
    package static func order(_ claims: [Claim], room: [UInt256]) -> [Int] {
        let allocation = Allocation(claims, room: room)
        guard !allocation.scarce.isEmpty else { return Array(claims.indices) }
        let byShare = claims.indices.sorted { allocation.isDenser($0, $1) }
        let best = allocation.best(byShare: byShare)
        let chosen = Set(best)
        return best.sorted() + byShare.filter { !chosen.contains($0) }
    }

    private init(_ claims: [Claim], room: [UInt256]) {
        self.claims = claims
        self.room = room
        let scarce = room.indices.filter { resource in
            claims.reduce(UInt256.zero) { $0.saturatingAdd($1.takes[resource]) } > room[resource]
        }
        self.scarce = scarce
        shares = claims.map { claim in
            scarce.reduce(0) { $0 + Self.share(claim.takes[$1], of: room[$1]) }
        }
    }

    /// At most a little more than one: whatever takes more has no place anyway.
    private static func share(_ taken: UInt256, of room: UInt256) -> UInt64 {
        guard taken <= room else { return shareOne + 1 }
        // At most one whole: a share of what there is cannot fail to fit.
        guard !taken.isZero,
            let share = try? mulDiv(
                taken, UInt256(shareOne), dividingBy: room, rounding: .down)
        else { return 0 }
        return share.asUInt64 ?? shareOne
    }

    /// Worth more per share; of equals the one that was named first. What takes nothing scarce is
    /// densest of all.
    private func isDenser(_ left: Int, _ right: Int) -> Bool {
        let (a, b) = (claims[left], claims[right])
        let one = UInt256(a.worth).saturatingMultiply(shares[right])
        let other = UInt256(b.worth).saturatingMultiply(shares[left])
        return one != other ? one > other : left < right
    }

    // MARK: Sets

    private func best(byShare: [Int]) -> [Int] {
        let dense = filled(byShare, from: Pile(room))
        let byWorth = claims.indices.sorted {
            claims[$0].worth != claims[$1].worth ? claims[$0].worth > claims[$1].worth : $0 < $1
        }
        let large = filled(byWorth, from: Pile(room))
        let searched = searched(byShare, atLeast: max(dense.worth, large.worth))
        // The plainest wins among equals.
        if let searched { return searched.chosen }
        return large.worth >= dense.worth ? large.chosen : dense.chosen
    }

    /// Takes whatever has room, in this order.
    private func filled(_ order: some Sequence<Int>, from pile: Pile) -> Pile {
        var pile = pile
        for index in order { pile.takeIfFits(index, claims[index], scarce) }
        return pile
    }

    /// Keeps what is far denser than the first claim without room, leaves out what is far less
    /// dense, and tries combinations of those between. Nil where nothing better was found.
    private func searched(_ byShare: [Int], atLeast worth: UInt128) -> Pile? {
        var probe = Pile(room)
        let firstOut = byShare.firstIndex {
            !probe.takeIfFits($0, claims[$0], scarce)
        }
        guard let firstOut else { return nil }
        let start = max(0, firstOut - Self.coreReach)
        let end = min(byShare.count, firstOut + Self.coreReach)
        var search = CoreSearch(
            core: byShare[start..<end].map { (index: $0, claim: claims[$0], share: shares[$0]) },
            scarce: scarce, stepsLeft: Self.searchStepsMax)
        let kept = filled(byShare[..<start], from: Pile(room))
        let keptShare = byShare[..<start].reduce(0) { $0 + shares[$1] }
        let whole = Self.shareOne * UInt64(scarce.count)
        search.explore(0, kept, shareLeft: whole - min(whole, keptShare))
        guard let found = search.best else { return nil }
        let full = filled(byShare[end...], from: found)
        return full.worth > worth ? full : nil
    }
}

/// What was chosen so far, and what is left.
private struct Pile {
    private(set) var chosen: [Int] = []
    private(set) var worth: UInt128 = 0
    private var left: [UInt256]

    init(_ room: [UInt256]) {
        left = room
    }

    @discardableResult
    mutating func takeIfFits(_ index: Int, _ claim: Allocation.Claim, _ scarce: [Int]) -> Bool {
        guard scarce.allSatisfy({ claim.takes[$0] <= left[$0] }) else { return false }
        for resource in scarce { left[resource] -= claim.takes[resource] }
        chosen.append(index)
        worth += claim.worth
        return true
    }
}

/// Branch and bound over a few claims, densest first: with or without each, as long as what could
/// still be won is more than the best so far, and not for longer than it may take.
private struct CoreSearch {
    let core: [(index: Int, claim: Allocation.Claim, share: UInt64)]
    let scarce: [Int]
    var stepsLeft: Int
    private(set) var best: Pile?

    init(
        core: [(index: Int, claim: Allocation.Claim, share: UInt64)], scarce: [Int],
        stepsLeft: Int
    ) {
        self.core = core
        self.scarce = scarce
        self.stepsLeft = stepsLeft
    }

    mutating func explore(_ depth: Int, _ pile: Pile, shareLeft: UInt64) {
        stepsLeft -= 1
        guard depth < core.count else {
            if pile.worth > best?.worth ?? 0 { best = pile }
            return
        }
        let bound = pile.worth + worthWithin(shareLeft, from: depth)
        guard stepsLeft > 0, bound > best?.worth ?? 0 else {
            if best == nil { best = pile }
            return
        }
        var with = pile
        let entry = core[depth]
        if with.takeIfFits(entry.index, entry.claim, scarce) {
            explore(depth + 1, with, shareLeft: shareLeft - min(shareLeft, entry.share))
        }
        explore(depth + 1, pile, shareLeft: shareLeft)
    }

    /// The most that could be had if claims could be cut and all scarce things were one.
    private func worthWithin(_ shareLeft: UInt64, from depth: Int) -> UInt128 {
        var left = shareLeft
        var worth: UInt128 = 0
        for entry in core[depth...] {
            guard entry.share > left else {
                left -= entry.share
                worth += entry.claim.worth
                continue
            }
            let whole = entry.claim.worth / UInt128(entry.share)
            return worth + (whole + 1) * UInt128(left) + UInt128(left)
        }
        return worth
    }
}
