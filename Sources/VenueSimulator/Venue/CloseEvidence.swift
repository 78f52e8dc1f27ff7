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
    /// Closes that were settled as one are evidence each of its own: what one left, the next found.
    mutating func note(
        _ plan: ClosePlan, _ settled: SettledClose, of terms: MarketTerms,
        since before: CloseEvidence.Standing
    ) {
        let prices = lastUpdates.keys.sorted().compactMap { lastUpdates[$0] }
        let after = standing(of: plan.target.market)
        guard !settled.steps.isEmpty else {
            evidence.append(
                CloseEvidence(
                    plan: plan, terms: terms, receipt: settled.receipt, prices: prices,
                    before: before, after: after))
            return
        }
        var found = before
        for (number, step) in settled.steps.enumerated() {
            let isLast = number == settled.steps.count - 1
            let left = isLast ? after : found.changed(by: step, to: plan.target.account)
            evidence.append(
                CloseEvidence(
                    plan: plan.taking(step.close), terms: terms, receipt: step.receipt,
                    prices: prices, before: found, after: left))
            found = left
        }
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

extension CloseEvidence.Standing {
    /// What stands between two closes that are settled as one.
    fileprivate func changed(
        by step: SettledStep, to account: AccountID
    ) -> CloseEvidence.Standing {
        let target = ChangedItem(account: account, position: step.change.position)
        let items = [target] + step.change.others
        var states = accounts.filter { state in !items.contains { $0.account == state.account } }
        states += items.compactMap { item in
            item.position.map { AccountState(account: item.account, version: 0, position: $0) }
        }
        return CloseEvidence.Standing(
            accounts: states, lenders: step.lenders, settlement: step.settlement,
            figures: figures.updated(by: step.change.figures))
    }
}

extension ClosePlan {
    /// The same plan as if it were of this one close.
    fileprivate func taking(_ step: LendingClose) -> ClosePlan {
        ClosePlan(
            clientID: clientID, target: target, accountVersion: accountVersion,
            action: .lending(step), validUntilHeight: validUntilHeight)
    }
}
