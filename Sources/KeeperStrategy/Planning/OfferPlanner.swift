import KeeperModel
import LiquidationRules
import WideMath

/// Plans to take an offer: as every purchase, but whole or not at all, and by the way in which the
/// venue gives offers away.
struct OfferPlanner {
    let rules: HostedOffers
    let position: OfferPosition
    let strategy: Strategy
    let context: PlanningContext

    func plan() -> PlanOutcome {
        switch rules.terms.allocation {
        case .claim: return funded(planner(rules).plan())
        case .sealedBid: return bid()
        case .proRata:
            return .skipped(
                .notCloseable,
                facts: [DecisionFact("doubt", "offers here are shared out by committed capacity")])
        }
    }

    private func planner(_ rules: HostedOffers) -> TradePlanner<HostedOffers> {
        TradePlanner(rules: rules, position: position, strategy: strategy, context: context)
    }

    /// A sealed bid is one chance, so it is the most that the strategy would ever give: that share
    /// of the profit at the price that is asked.
    private func bid() -> PlanOutcome {
        let lastHeight = context.height + strategy.validHeights
        guard let closes = position.closesAtHeight, lastHeight >= closes else {
            return .skipped(
                .notCloseable,
                facts: [DecisionFact("doubt", "bids are opened after the plan has expired")])
        }
        guard case .found(let option) = planner(rules).best() else {
            return funded(planner(rules).plan())
        }
        var bidding = rules
        bidding.raise = raise(ofProfit: option.netUnits)
        return funded(planner(bidding).plan())
    }

    /// Rounded down, so that no more than the share is given. The offer is paid in the unit of
    /// account.
    private func raise(ofProfit netUnits: Int256) -> UInt256 {
        guard !netUnits.isNegative, let sharePpm = strategy.bid?.capPpm else { return .zero }
        // A share of what fits, fits.
        return
            (try? mulDiv(
                netUnits.magnitude, UInt256(sharePpm), dividingBy: 1_000_000, rounding: .down))
            ?? .zero
    }

    /// Too little to pay for the whole is the reason that a person can do something about.
    private func funded(_ outcome: PlanOutcome) -> PlanOutcome {
        guard case .skipped(.notCloseable, let facts) = outcome,
            strategy.funding == .inventory,
            (context.available[rules.terms.pay.asset] ?? .zero) < position.payAmount
        else { return outcome }
        return .skipped(
            .noFunds, facts: facts + [DecisionFact("asked", position.payAmount.description)])
    }
}
