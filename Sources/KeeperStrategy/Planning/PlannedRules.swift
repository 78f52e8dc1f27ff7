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
        TradePlanner(rules: self, position: position, strategy: strategy, context: context).plan()
    }
}

extension LendingMarket: PlannedRules {}
extension HostedMorpho: PlannedRules {}
extension HostedEuler: PlannedRules {}

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
