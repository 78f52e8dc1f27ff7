package import KeeperModel
package import LiquidationRules

/// Everything that a settled close can be worked out from again: what stood at the venue before it
/// and what stands there after it.
package struct CloseEvidence: Sendable {
    /// One side of a close: the accounts of its market, what is owed to whom, and the law's state.
    package struct Standing: Sendable {
        package let accounts: [AccountState]
        package let lenders: [SocialClaim]
        package let settlement: SettlementState
        package let figures: [MarketFigure]
    }

    package let plan: ClosePlan
    package let terms: MarketTerms
    package let receipt: CloseReceipt
    package let prices: [PriceUpdate]
    package let before: Standing
    package let after: Standing
}

extension ReferenceVenue {
    mutating func note(
        _ plan: ClosePlan, _ receipt: CloseReceipt, of terms: MarketTerms,
        since before: CloseEvidence.Standing
    ) {
        evidence.append(
            CloseEvidence(
                plan: plan, terms: terms, receipt: receipt,
                prices: lastUpdates.keys.sorted().compactMap { lastUpdates[$0] }, before: before,
                after: standing(of: plan.target.market)))
    }

    func standing(of market: MarketID) -> CloseEvidence.Standing {
        CloseEvidence.Standing(
            accounts: snapshot(of: market) ?? [], lenders: world.lenders[market] ?? [],
            settlement: world.settlements.state, figures: figures[market] ?? [])
    }

    /// What was noted since it was last asked for.
    package mutating func takeEvidence() -> [CloseEvidence] {
        defer { evidence = [] }
        return evidence
    }
}
