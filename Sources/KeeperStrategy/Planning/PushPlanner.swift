import KeeperModel
package import LiquidationRules
import WideMath

/// Plans a close that costs nothing and is rewarded: the reward, valued at what it can be sold for
/// now, is all there is to it.
package struct PushPlanner<Rules: PushRules> {
    let rules: Rules
    let position: Rules.Position
    let strategy: Strategy
    let context: PlanningContext

    package init(
        rules: Rules, position: Rules.Position, strategy: Strategy, context: PlanningContext
    ) {
        self.rules = rules
        self.position = position
        self.strategy = strategy
        self.context = context
    }

    package func plan() -> PlanOutcome {
        guard let offer = rules.push(of: position) else {
            return .skipped(.notCloseable, facts: [])
        }
        if let most = context.notionalMaxUnits, offer.notionalUnits > most {
            let doubt = DecisionFact("doubt", "a push has one size, and it is above the cap")
            return .skipped(.notCloseable, facts: [doubt])
        }
        guard let exit = exit(offer) else { return .skipped(.noDepth, facts: []) }
        let proceeds = exit.units
        let health = rules.healthWad(position)
        let gross = signed(offer.inQuote) + signed(offer.inKind?.worthUnits ?? .zero)
        let net =
            signed(offer.inQuote) + signed(proceeds) - signed(context.sendingCostUnits)
        let figures = CatalogueFigures(
            health: signed(health), netProfit: net, grossProfit: gross, cost: gross - net,
            notional: signed(offer.notionalUnits),
            priceAge: Int256(context.priceAges.sinceReceived.nanoseconds),
            sourceAge: Int256(context.priceAges.sinceMade.nanoseconds),
            legs: Int256(rules.published(position).legCount))
        let facts = [
            DecisionFact("health", health.description),
            DecisionFact("rewardInQuote", offer.inQuote.description),
            DecisionFact("rewardInKind", (offer.inKind?.reward.amount ?? .zero).description),
            DecisionFact("proceeds", proceeds.description),
        ]
        guard strategy.condition.holds(for: figures) else {
            let condition = DecisionFact("condition", strategy.condition.text)
            return .skipped(.belowFloor, facts: facts + [condition])
        }
        let expectation = Expectation(
            grossUnits: gross, costUnits: gross - net, inventoryNeeded: [],
            notionalUnits: offer.notionalUnits,
            exitCostUnits: signed(offer.inKind?.worthUnits ?? .zero) - signed(proceeds))
        return .planned(
            PlannedClose(
                action: .push(close(offer, exit)), expectation: expectation, facts: facts))
    }

    private func close(_ offer: PushOffer, _ value: ExitValue) -> PushClose {
        var rewardMin = [
            AssetAmount(asset: context.quote.asset, amount: strategy.lessTolerance(offer.inQuote))
        ]
        if let reward = offer.inKind?.reward {
            rewardMin.append(
                AssetAmount(asset: reward.asset, amount: strategy.lessTolerance(reward.amount)))
        }
        var exit = Exit.hold
        if value.isSold {
            exit = .sell(proceedsMin: strategy.lessTolerance(value.units))
        }
        return PushClose(rewardMin: rewardMin.filter { !$0.amount.isZero }, exit: exit)
    }

    /// Of what is given in kind; nil where it can neither be sold nor held.
    private func exit(_ offer: PushOffer) -> ExitValue? {
        guard let inKind = offer.inKind else {
            return ExitValue(units: .zero, isSold: strategy.exit.maySell)
        }
        let reward = inKind.reward
        let held = context.available[reward.asset] ?? .zero
        // What does not fit, or has nothing to be measured by, counts for more than any limit.
        let heldUnits = try? mulDiv(
            held, inKind.worthUnits, dividingBy: reward.amount, rounding: .up)
        return context.exitValue(
            of: TakenCollateral(
                asset: reward.asset, amount: reward.amount, unit: inKind.unit,
                worthUnits: inKind.worthUnits, heldUnits: heldUnits ?? .max),
            by: strategy.exit)
    }

    private func signed(_ amount: UInt256) -> Int256 { Int256(exactly: amount) ?? .max }
}
