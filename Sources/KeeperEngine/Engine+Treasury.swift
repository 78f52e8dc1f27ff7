package import KeeperModel
import KeeperRisk
import KeeperStrategy
import WideMath

/// Transfers between the keeper's two purses. From approval on they are intents like closes, with
/// the same life: journaled before bytes leave, unknown until the venue has said, booked once.
extension Engine {
    /// How many heights after the decision a venue may still carry a transfer out.
    private static var transferValidHeights: UInt64 { 30 }

    /// Why nothing can be moved in a domain whatever its purses hold; nil where something can.
    package func treasuryObstacle(in domainID: DomainID) -> String? {
        guard let rules = settings.limits.treasury,
            rules.purses.contains(where: { $0.domain == domainID })
        else { return "the configuration has no treasury for \(domainID)" }
        guard let description = domains[domainID]?.description else {
            return "the venue has not described itself yet"
        }
        guard description.capabilities.movesReserve else {
            return "the venue keeps no reserve for its keepers"
        }
        guard risk.knowsFunds(in: domainID), risk.knowsReserve(in: domainID) else {
            return "the venue has not said yet what the keeper owns and keeps aside"
        }
        for rule in rules.purses where rule.domain == domainID {
            if let decimals = description.decimals(of: rule.asset), decimals != rule.decimals {
                return "\(rule.asset) has \(decimals) decimals at the venue, not \(rule.decimals)"
            }
        }
        return nil
    }

    /// What would be moved now; nil where something stands in the way of all of it.
    package func treasuryPlan(in domainID: DomainID, at now: Instant) -> TreasuryPlan? {
        guard treasuryObstacle(in: domainID) == nil, let rules = settings.limits.treasury else {
            return nil
        }
        let (inventory, reserve) = (risk.inventory(of: domainID), risk.reserve(of: domainID))
        return TreasuryPlan(
            domain: domainID, gasAsset: domains[domainID]?.description?.chain?.gasAsset,
            purses: rules.purses.filter { $0.domain == domainID }.map { rule in
                let target = Target.treasury(of: rule.asset, in: domainID)
                return (
                    rule,
                    PurseState(
                        owned: inventory.owned(rule.asset),
                        available: inventory.available(rule.asset),
                        reserve: reserve.available(rule.asset),
                        dayRoom: risk.transferRoom(of: rule, now: now),
                        isUnderWay: risk.isBusy(target),
                        restsUntil: coolDowns.rest(of: target, at: now)?.until)
                )
            })
    }

    // MARK: In a turn

    /// After whatever may have changed a purse. Where a person has to ask for transfers, that they
    /// are due is said and no more.
    mutating func lookAtTreasury(_ turn: inout Turn) {
        guard settings.limits.treasury != nil, !isDraining else { return }
        switch turn.event.body {
        case .balancesReported, .reserveReported, .closeAnswered, .timerFired:
            carryOut(asked: settings.limits.treasury?.isAutomatic ?? false, &turn)
        case .transfersApproved(let name):
            guard let plan = treasuryPlan(in: turn.event.domain, at: turn.now) else { return }
            guard plan.name == name else { return refuse(name, for: plan, &turn) }
            carryOut(asked: true, &turn)
        default: break
        }
    }

    private mutating func carryOut(asked: Bool, _ turn: inout Turn) {
        guard let plan = treasuryPlan(in: turn.event.domain, at: turn.now) else { return }
        for line in plan.lines {
            let target = Target.treasury(of: line.rule.asset, in: plan.domain)
            switch line.outcome {
            case .balanced: noteBalanced(target, line, &turn)
            case .underWay, .resting: break
            case .blocked(let reason):
                record(.skipped(reason), target, facts: line.facts, &turn)
            case .due(let transfer) where asked:
                propose(transfer, target, line, &turn)
            case .due:
                record(.skipped(.transferDue), target, facts: line.facts, &turn)
            }
        }
    }

    /// What was wrong with a purse is over, and that is worth a word.
    private mutating func noteBalanced(
        _ target: Target, _ line: TreasuryPlan.Line, _ turn: inout Turn
    ) {
        guard case .skipped = verdicts[target] else { return }
        record(.recovered, target, facts: line.facts, &turn)
    }

    private mutating func refuse(_ name: String, for plan: TreasuryPlan, _ turn: inout Turn) {
        guard let first = plan.lines.first else { return }
        say(
            .skipped(.planChanged), Target.treasury(of: first.rule.asset, in: plan.domain),
            facts: [DecisionFact("asked", name), DecisionFact("now", plan.name)], &turn)
    }

    private mutating func propose(
        _ transfer: ReserveTransfer, _ target: Target, _ line: TreasuryPlan.Line,
        _ turn: inout Turn
    ) {
        let facts =
            [
                DecisionFact("direction", transfer.direction.rawValue),
                DecisionFact("amount", "\(transfer.amount)"),
            ] + line.facts
        guard let domain = domains[target.domain], let rules = settings.limits.treasury else {
            return
        }
        guard let expectation = domain.expectation(of: transfer, under: rules) else {
            return record(.skipped(.gasTooDear), target, facts: facts, &turn)
        }
        let intent = CloseIntent(
            plan: ClosePlan(
                clientID: key(of: turn), target: target, accountVersion: 0,
                action: .transfer(transfer),
                validUntilHeight: domain.height + Self.transferValidHeights),
            by: .treasury, expectation: expectation, proposedAt: turn.now,
            decidedBy: turn.event.sequence)
        let (now, unknownCount) = (turn.now, intents.unknownCount(in: turn.event.domain))
        switch withRisk({ $0.review(intent, unknownCount: unknownCount, now: now) }) {
        case .approved(let approved): accept(approved, facts: facts, &turn)
        case .refused(let refusal):
            record(
                .skipped(.refusedByRisk), target,
                facts: [DecisionFact("limit", refusal.rawValue)] + facts, &turn)
        }
    }

    /// A transfer that ended rests whatever became of it, so that nothing moves to and fro.
    mutating func restAfterTransfer(
        _ target: Target, _ ending: IntentEnding, _ turn: inout Turn
    ) {
        let pause = settings.limits.treasury?.coolDown ?? .zero
        let end: Instant?
        switch ending {
        case .refused(let refusal), .reverted(let refusal, _):
            end = coolDowns.start(target, after: refusal.refusalClass, now: turn.now)
        case .won, .voided, .cancelled, .withdrawn:
            end = coolDowns.pause(target, for: pause, now: turn.now)
        }
        wake(target, at: end, &turn)
    }

    // MARK: Gas

    /// What a transfer bids for its inclusion: the usual, and more when it is passed over, up to
    /// what the operator lets it cost.
    static var transferBid: BidRule {
        BidRule(laneClass: .open, offerPpm: 0, capPpm: 1_000_000, raiseEveryHeights: 3)
    }
}

extension DomainState {
    /// Nil where its gas would cost more than it may, or nobody knows what it costs.
    fileprivate func expectation(
        of transfer: ReserveTransfer, under rules: TreasuryRules
    ) -> Expectation? {
        let swept =
            transfer.direction == .sweep
            ? [AssetAmount(asset: transfer.asset, amount: transfer.amount)] : []
        let expectation = Expectation(
            grossUnits: .zero, costUnits: .zero, inventoryNeeded: swept, notionalUnits: .zero)
        guard let chain = description?.chain else { return expectation }
        let (basis, rule) = (rules.gasPerTransferMaxUnits, Engine.transferBid)
        guard let market = gasMarket, let usual = market.usualCostUnits,
            market.firstBid(nonce: 0, profitUnits: basis, rule: rule) != nil
        else { return nil }
        return expectation.reservingGas(
            market.amountMax(profitUnits: basis, rule: rule), of: chain.gasAsset,
            sendingUnits: usual)
    }
}

extension VenueDescription {
    /// Nil where the venue does not trade it.
    fileprivate func decimals(of asset: AssetID) -> UInt8? {
        (assets + [quote]).first { $0.asset == asset }?.decimals
    }
}
