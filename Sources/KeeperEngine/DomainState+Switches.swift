package import KeeperModel

/// Why a venue would take no close of somebody, and since or until when.
package struct ClosedMarket: Equatable {
    package let reason: SkipReason
    package let facts: [DecisionFact]
}

extension DomainState {
    /// Nil where a close of this account that leaves now would find its market open. A venue's own
    /// door takes it at once, a chain at the next height at the earliest, and a sealed bid is
    /// settled when its window ends.
    package func closedMarket(of target: Target, at now: Instant) -> ClosedMarket? {
        guard let current = switches[target.market] else { return nil }
        if current.implementation != knownImplementations[target.market] {
            let words = "runs \(current.implementation), whose rules are not ours: watch only"
            return ClosedMarket(reason: .marketSwitched, facts: [DecisionFact("reason", words)])
        }
        let takenAt = height + (description?.chain == nil ? 0 : 1)
        guard current.takesCloses(atHeight: takenAt) else {
            return current.takesCloses(atHeight: height)
                ? current.closing : current.closed(at: height)
        }
        let isNextInForce = current.next.map { $0.effectiveHeight <= takenAt } ?? false
        if !isNextInForce, let from = current.closableFrom, now < from {
            return ClosedMarket(
                reason: .marketSwitched,
                facts: [
                    DecisionFact("reason", current.reason),
                    DecisionFact("until", "\(from.nanoseconds)"),
                ])
        }
        guard let opensAt = bidsOpenAt(target),
            !current.settlesWhatWaits(atHeight: max(opensAt, takenAt))
        else { return nil }
        return current.closing
    }

    /// For people: each market that is not simply open, and what the venue says of it.
    package var switchWords: [(market: MarketID, words: String)] {
        switches.keys.sorted().compactMap { market in
            guard let words = switches[market]?.words else { return nil }
            return (market, words)
        }
    }

    /// The height at which a sealed bid for it would be opened; nil for everything else.
    private func bidsOpenAt(_ target: Target) -> UInt64? {
        guard case .offer(let offer)? = state(of: target)?.position else { return nil }
        return offer.closesAtHeight
    }
}

extension MarketSwitch {
    /// It takes closes now, and no more when ours would be settled.
    fileprivate var closing: ClosedMarket {
        ClosedMarket(
            reason: .marketClosing,
            facts: Self.facts(next?.state, next?.reason ?? reason)
                + (next.map { [DecisionFact("fromHeight", "\($0.effectiveHeight)")] } ?? []))
    }

    fileprivate func closed(at height: UInt64) -> ClosedMarket {
        guard let next else {
            return ClosedMarket(reason: .marketSwitched, facts: Self.facts(state, reason))
        }
        if next.effectiveHeight <= height {
            return ClosedMarket(
                reason: .marketSwitched, facts: Self.facts(next.state, next.reason))
        }
        let isOpening = next.state?.takesCloses ?? false
        let until = isOpening ? [DecisionFact("untilHeight", "\(next.effectiveHeight)")] : []
        return ClosedMarket(
            reason: .marketSwitched, facts: Self.facts(state, reason) + until)
    }

    private static func facts(_ state: MarketState?, _ reason: String) -> [DecisionFact] {
        [DecisionFact("reason", reason)]
            + (state.map { [DecisionFact("state", $0.rawValue)] } ?? [])
    }
}

extension MarketSwitch {
    /// Nil for one that is open and stays so.
    fileprivate var words: String? {
        guard state != .open || next != nil || closableFrom != nil else { return nil }
        let name = state?.rawValue ?? (isClosable ? "open" : "closed")
        let since = sinceHeight.map { " since height \($0)" } ?? ""
        let why = reason.isEmpty ? "" : ": \(reason)"
        guard let next else { return name + since + why }
        let word = next.state?.rawValue ?? next.reason
        return "\(name)\(since)\(why); \(word) from height \(next.effectiveHeight)"
    }
}
