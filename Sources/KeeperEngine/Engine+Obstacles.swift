import KeeperModel
import KeeperStrategy

/// Why an account that can be closed is left alone for now.
///
/// Asked twice: when a close is planned, and once more before its first bytes leave, because a
/// disk or a question may take longer than a price, a pause or an operator's word.
struct Obstacle {
    let reason: SkipReason
    let facts: [DecisionFact]
    /// A person may let it go on until then.
    var holdEnds: Instant?

    init(_ reason: SkipReason, _ facts: [DecisionFact], holdEnds: Instant? = nil) {
        self.reason = reason
        self.facts = facts
        self.holdEnds = holdEnds
    }

    /// What is said of an intent that ends because of it.
    var words: String {
        ([reason.rawValue] + facts.map { "\($0.name) \($0.value)" }).joined(separator: ", ")
    }
}

extension Engine {
    /// Nil where nothing stands in the way of closing it; what it would earn is another question.
    /// The prices of these assets are those on which its health rests.
    func obstacle(
        to target: Target, restingOn assets: [AssetID], in domain: DomainState, _ turn: Turn
    ) -> Obstacle? {
        if let gap = domain.clockGap {
            return Obstacle(.clocksPart, [DecisionFact("gapMilliseconds", "\(gap.milliseconds)")])
        }
        if domain.uncertainMarkets.contains(target.market) {
            return Obstacle(.accountsUncertain, [])
        }
        if let closed = domain.closedMarket(of: target, at: turn.now) {
            return Obstacle(closed.reason, closed.facts)
        }
        if let entry = settings.avoided.entry(about: target, assets: assets, at: turn.now) {
            return Obstacle(.listed, entry.facts)
        }
        if let doubt = domain.prices.doubt(about: assets, now: turn.now) {
            return Obstacle(.priceUncertain, [DecisionFact("doubt", doubt)])
        }
        if let doubt = domain.doubtAboutMarket(
            of: assets, needed: settings.marketPriceNeeded(in: target.domain), now: turn.now)
        {
            return Obstacle(.priceUncertain, [DecisionFact("doubt", doubt)])
        }
        if let parting = parting(of: assets, target, in: domain, turn) { return parting }
        if let doubt = domain.doubtAboutCost(now: turn.now) {
            return Obstacle(.costUnknown, [DecisionFact("doubt", doubt)])
        }
        return nil
    }

    /// Nil where the prices agree, or whoever may decide has let it go on.
    private func parting(
        of assets: [AssetID], _ target: Target, in domain: DomainState, _ turn: Turn
    ) -> Obstacle? {
        guard let rule = settings.guards.parting, rule.policy != .act,
            let (asset, ppm) = domain.parting(of: assets, rule: rule, now: turn.now),
            !held.isApproved(target, at: turn.now)
        else { return nil }
        let facts = [DecisionFact("asset", asset.text), DecisionFact("partingPpm", "\(ppm)")]
        if rule.policy == .skip || held.isOverdue(target, at: turn.now) {
            return Obstacle(.pricesPart, facts)
        }
        return Obstacle(.held, facts, holdEnds: turn.now + rule.holdMax)
    }
}

extension DomainState {
    /// Why it cannot be said what sending would cost; nil where it can, and where calls are free.
    fileprivate func doubtAboutCost(now: Instant) -> String? {
        guard let chain = description?.chain else { return nil }
        if let doubt = prices.doubt(about: [chain.gasAsset], now: now) { return doubt }
        return gasMarket?.usualCostUnits == nil ? "no price of gas" : nil
    }
}
