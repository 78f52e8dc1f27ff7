package import KeeperModel
package import LiquidationRules

/// A market that candidates can be planned in: what the engine asks of any of them.
package protocol PlannedRules: PublishedMarketRules {
    /// The kinds of close that a position may offer.
    func kinds(of position: Position) -> Set<CloseKind>

    func plan(
        _ account: AccountID, _ position: Position, by strategy: Strategy,
        in context: PlanningContext
    ) -> PlanOutcome
}

/// Where an account is closed by repaying its debt, and in no other way.
extension PlannedRules where Self: TradingRules, Trade: RepayTrade {
    package func kinds(of position: Position) -> Set<CloseKind> { [.lending] }

    package func plan(
        _ account: AccountID, _ position: Position, by strategy: Strategy,
        in context: PlanningContext
    ) -> PlanOutcome {
        guard case .twoStep(let marginPpm) = strategy.sizing else {
            return TradePlanner(
                rules: self, position: position, strategy: strategy, context: context
            ).plan()
        }
        return TwoStepPlanner(
            rules: self, position: position, strategy: strategy, context: context,
            marginPpm: marginPpm
        ).plan()
    }
}

extension LendingMarket: PlannedRules {}
extension HostedMorpho: PlannedRules {}
extension HostedEuler: PlannedRules {}

extension HostedComet: PlannedRules {
    package func kinds(of position: Position) -> Set<CloseKind> {
        if case .goods = position { return [.purchase] }
        return [.purchase, .push]
    }

    package func plan(
        _ account: AccountID, _ position: Position, by strategy: Strategy,
        in context: PlanningContext
    ) -> PlanOutcome {
        // To absorb alone pays nothing, so whoever may buy as well does both.
        strategy.markets.contains(.purchase)
            ? TradePlanner(rules: self, position: position, strategy: strategy, context: context)
                .plan()
            : PushPlanner(rules: self, position: position, strategy: strategy, context: context)
                .plan()
    }
}

extension HostedMaker: PlannedRules {
    package func kinds(of position: Position) -> Set<CloseKind> {
        if case .auction(let auction) = position, !needsRestart(auction) { return [.purchase] }
        return [.push]
    }

    package func plan(
        _ account: AccountID, _ position: Position, by strategy: Strategy,
        in context: PlanningContext
    ) -> PlanOutcome {
        kinds(of: position) == [.purchase]
            ? TradePlanner(rules: self, position: position, strategy: strategy, context: context)
                .plan()
            : PushPlanner(rules: self, position: position, strategy: strategy, context: context)
                .plan()
    }
}

/// Where an account is closed by a push, and in no other way.
extension PlannedRules where Self: LiquityRules {
    package func kinds(of position: Position) -> Set<CloseKind> { [.push] }

    package func plan(
        _ account: AccountID, _ position: Position, by strategy: Strategy,
        in context: PlanningContext
    ) -> PlanOutcome {
        PushPlanner(rules: self, position: position, strategy: strategy, context: context).plan()
    }
}

extension HostedLiquityV1: PlannedRules {}
extension HostedLiquityV2: PlannedRules {}

extension MarginMarket: PlannedRules {
    package func kinds(of position: MarginPosition) -> Set<CloseKind> { [.margin] }

    package func plan(
        _ account: AccountID, _ position: MarginPosition, by strategy: Strategy,
        in context: PlanningContext
    ) -> PlanOutcome {
        MarginPlanner(
            market: self, account: account, position: position, strategy: strategy,
            context: context
        ).plan()
    }
}

/// Offers are bought. What is asked is paid, or where bids are sealed a share of the profit more.
extension HostedOffers: PlannedRules {
    package func kinds(of position: Position) -> Set<CloseKind> { [.purchase] }

    package func plan(
        _ account: AccountID, _ position: Position, by strategy: Strategy,
        in context: PlanningContext
    ) -> PlanOutcome {
        OfferPlanner(rules: self, position: position, strategy: strategy, context: context).plan()
    }
}
