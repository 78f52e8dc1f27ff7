package import KeeperModel
package import WideMath

/// Every chance of a run, made of its decisions and of the events that decisions do not speak of.
/// Nothing is guessed: what neither says stays empty.
package struct EpisodeBook: Sendable {
    package private(set) var episodes: [Episode] = []
    private var current: [Target: Int] = [:]
    private var byClose: [ClientID: Int] = [:]
    /// Of each target the last episode that was won and is over: what others close later was ours.
    private var lastWon: [Target: Int] = [:]

    package init() {}

    package mutating func take(_ decision: Decision) {
        let (target, now) = (decision.target, decision.decidedAt)
        // A purse is no chance.
        guard !target.isTreasury else { return }
        switch decision.verdict {
        case .eligible:
            _ = open(target, now)
        case .recovered:
            end(target)
        case .skipped(let reason):
            skip(open(target, now), reason)
        case .proposed(let clientID):
            propose(clientID, open(target, now), now)
        case .ended(let clientID, let label):
            conclude(clientID, label, now)
        case .missed(let cause):
            miss(target, cause, now)
        case .disagreed, .foreseen:
            break
        }
    }

    /// The intent is on disk, and its bytes leave in the same turn unless it is withdrawn.
    package mutating func noteDurable(_ clientID: ClientID, at now: Instant) {
        guard let index = byClose[clientID] else { return }
        episodes[index].durableAt = episodes[index].durableAt ?? now
    }

    package mutating func noteAnswer(
        _ answer: CloseAnswer, of clientID: ClientID, at now: Instant
    ) {
        guard let index = byClose[clientID] else { return }
        episodes[index].reach(.attempted)
        switch answer {
        case .settled, .included:
            episodes[index].reach(.included)
            episodes[index].answeredAt = now
        case .refused, .voided:
            episodes[index].answeredAt = now
        case .unknown, .notFound, .accepted: break
        }
    }

    /// The greatest bonus that was ever to be had counts.
    package mutating func noteBonus(_ units: Int256, of target: Target) {
        guard let index = current[target] else { return }
        episodes[index].bonusUnits = max(episodes[index].bonusUnits, units)
    }

    package mutating func noteAssets(_ assets: [AssetID], of target: Target) {
        guard let index = current[target] else { return }
        episodes[index].assets = assets
    }

    /// The target of an open close, to look at it once more before it settles.
    package func target(of clientID: ClientID) -> Target? {
        byClose[clientID].map { episodes[$0].target }
    }

    private mutating func open(_ target: Target, _ now: Instant) -> Int {
        if let index = current[target] { return index }
        episodes.append(Episode(target: target, openedAt: now))
        current[target] = episodes.count - 1
        return episodes.count - 1
    }

    private mutating func end(_ target: Target) {
        guard let index = current.removeValue(forKey: target) else { return }
        episodes[index].isOver = true
        lastWon[target] = episodes[index].wonAt == nil ? nil : index
    }

    private mutating func skip(_ index: Int, _ reason: SkipReason) {
        // Risk refuses plans, so there was one that paid.
        if reason == .refusedByRisk { episodes[index].reach(.profitable) }
        if episodes[index].wonAt == nil { episodes[index].reason = reason.rawValue }
    }

    private mutating func propose(_ clientID: ClientID, _ index: Int, _ now: Instant) {
        episodes[index].reach(.profitable)
        episodes[index].proposedAt = episodes[index].proposedAt ?? now
        byClose[clientID] = index
    }

    private mutating func conclude(_ clientID: ClientID, _ label: String, _ now: Instant) {
        guard let index = byClose[clientID] else { return }
        guard label == "won" else {
            if label.hasPrefix("reverted-") { episodes[index].reach(.included) }
            if episodes[index].wonAt == nil { episodes[index].reason = label }
            return
        }
        episodes[index].reach(.won)
        episodes[index].wonAt = episodes[index].wonAt ?? now
        episodes[index].reason = nil
    }

    private mutating func miss(_ target: Target, _ cause: MissedCause, _ now: Instant) {
        let index = current[target] ?? lastWon[target] ?? open(target, now)
        episodes[index].closedByOthersAt = episodes[index].closedByOthersAt ?? now
        if episodes[index].wonAt == nil { episodes[index].reason = "missed-" + cause.rawValue }
    }
}
