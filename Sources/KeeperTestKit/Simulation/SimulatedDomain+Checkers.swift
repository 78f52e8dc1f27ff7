import KeeperEngine
import KeeperJournal
import KeeperModel
import KeeperRisk
import KeeperRuntime
import LiquidationRules
import VenueSimulator
import WideMath

/// What must hold in each domain whatever happens.
extension SimulatedDomain {
    /// Whoever closes others has no account to be closed, and what few may see nobody is shown.
    func checkPeople() {
        for market in venue.scenario.markets {
            let names = [SimulatedWorld.keeper] + people.rivals.kinds.map(\.name)
            for name in names where venue.accounts[market]?[AccountID(name)] != nil {
                violate("\(name) has an account in \(market) that could be closed")
            }
        }
        if people.rivals.shownLanes.contains(.confidential) {
            violate("a rival was shown a call of a private lane")
        }
    }

    /// No send may rest on a price older than the guard allows.
    func noteSend(of attempt: CloseAttempt) {
        let plan = attempt.intent.plan
        // Taking a nonce back rests on no price.
        guard attempt.terms.purpose == .close else {
            return tell("takes the nonce of \(plan.clientID) back")
        }
        if world.killSwitch?.isOn ?? false {
            violate("\(plan.clientID) was sent under the kill switch")
        }
        tell("sends \(plan.clientID) about \(plan.target.account)")
        let height = world.keeper?.engine.domain(id)?.height ?? 0
        if height > plan.validUntilHeight {
            violate(
                "\(plan.clientID) was sent at \(height), valid until \(plan.validUntilHeight)")
        }
        guard !plan.target.isTreasury else { return }
        noteShape(of: plan)
        guard let ages = world.keeper?.engine.priceAges(of: plan.target, at: now) else {
            return violate("\(plan.clientID) was sent about an account without prices")
        }
        // A second send of the same bytes rests on the first decision, which was checked then.
        guard world.sentOnce.insert(plan.clientID).inserted else { return }
        let assets = world.keeper?.engine.pricedAssets(of: plan.target) ?? []
        if let asset = assets.first(where: { witness.isUnconfirmedJump($0) }) {
            violate("\(plan.clientID) rests on a jump of \(asset) that no round has confirmed")
        }
        checkPermission(of: plan, resting: assets)
        world.checkCanary(attempt.intent)
        if ages > SimulatedWorld.ageMax + .seconds(1) {
            violate("\(plan.clientID) rests on a price that is \(ages.milliseconds) ms old")
        }
    }

    /// Prices that wait in the inbox were heard and not handled: then nothing can be said.
    func assetBelievedOtherwise(by keeper: Keeper) -> AssetID? {
        guard keeper.inbox.isEmpty, let known = keeper.engine.domain(id) else { return nil }
        return witness.assets.first { known.price(of: $0) != witness.eligiblePrice(of: $0) }
    }

    /// What the operator forbids, and what a person would have had to be asked about.
    private func checkPermission(of plan: ClosePlan, resting assets: [AssetID]) {
        if world.avoided.forbids(plan.target, resting: assets, at: now) {
            violate("\(plan.clientID) is about what is to be left alone: \(plan.target)")
        }
        guard world.parting != nil, !approved.contains(plan.target),
            let asset = assets.first(where: {
                witness.parts($0, by: PartingPrices.partingMaxPpm, at: now)
            })
        else { return }
        violate("\(plan.clientID) rests on \(asset), whose prices part")
    }

    /// At the moment of a promise there is enough for it and for every one before it.
    func checkPromises(of clientID: ClientID) {
        guard let risk = world.keeper?.engine.risk, let intent = risk.openIntents[clientID] else {
            return
        }
        let inventory = risk.inventory(of: id)
        for need in intent.expectation.inventoryNeeded where !need.amount.isZero {
            let (reserved, owned) = (inventory.reserved(need.asset), inventory.owned(need.asset))
            guard reserved > owned else { continue }
            violate("\(reserved) of \(need.asset) is promised, \(owned) is there")
        }
    }

    var accountCount: Int { venue.accounts.values.reduce(0) { $0 + $1.count } }

    /// At every height: what pool and venue remember is bounded by who is there.
    func checkBounds() {
        let people = 1 + people.rivals.kinds.count
        let waiting = chain?.poolCount ?? 0
        if waiting > people * (accountCount + 16) {
            violate("\(waiting) calls of \(people) senders wait in the pool")
        }
        if !venue.evidence.isEmpty { violate("evidence of closes is left lying") }
    }

    /// One answer is kept for each intent that there ever was, and no more.
    private func checkAnswersKept() {
        let kept = venue.closes.all.count { $0.close.keeper == SimulatedWorld.keeper }
        if kept > proposedCount {
            violate("the venue keeps \(kept) answers for \(proposedCount) intents")
        }
    }

    func checkAtEnd(_ keeper: Keeper) {
        checkAnswersKept()
        if !isEveryAssetWhereItWas { violate("the venue's assets are not conserved") }
        checkPeople()
        checkSettlements()
        checkBooks(keeper)
        checkKnowledge(keeper)
    }

    /// Every record sums to zero, hangs on the one before, and belongs to one close.
    private func checkSettlements() {
        var previous = SettlementRecord.noPreviousHash
        for hashed in venue.world.settlements.records {
            let sum = hashed.record.lines.reduce(Int256.zero) { $0 + $1.amountUnits }
            if !sum.isZero { violate("settlement \(hashed.record.id) sums to \(sum)") }
            if hashed.record.previousHash != previous {
                violate("settlement \(hashed.record.id) hangs on nothing")
            }
            previous = hashed.hash
        }
        var versions: Set<ClosedVersion> = []
        for (_, close) in venue.closes.all {
            guard case .settled(let receipt) = close.answer,
                let record = receipt.settlements.first
            else { continue }
            let closed = ClosedVersion(account: record.account, fillID: receipt.fillID)
            if !versions.insert(closed).inserted {
                violate("two closes of \(record.account) carry \(receipt.fillID)")
            }
        }
    }

    /// The journal books each of the venue's closes once and nothing else; balances agree to the
    /// unit.
    private func checkBooks(_ keeper: Keeper) {
        world.attempt { () throws(KeeperStop) in
            let settled = venue.closes.settledCount(of: SimulatedWorld.keeper)
            let won: Int
            let reconciliation: Reconciliation
            do {
                won = try world.journal.closes().count {
                    $0.intent.plan.target.domain == id && $0.endedWon
                }
                reconciliation = try world.journal.reconcile(against: statement)
            } catch {
                throw KeeperStop(.journal, "\(error)")
            }
            if UInt64(won) != settled {
                violate("the venue settled \(settled) closes, the journal has \(won)")
            }
            if let difference = reconciliation.balanceDifferences.first {
                violate(
                    "the books have \(difference.booked) of \(difference.asset), "
                        + "the venue reports \(difference.reported)")
            }
            checkTransfers(reconciliation)
            if let difference = reconciliation.settlementDifferences.first {
                violate("settlement \(difference.id) is \(difference.kind.rawValue)")
            }
        }
    }

    /// With nothing on its way any more the keeper knows every account as the venue has it.
    private func checkKnowledge(_ keeper: Keeper) {
        for body in feed.remaining(of: venue) {
            keeper.post(
                FeedLetter(
                    domain: id, receivedAt: now, height: venue.height,
                    body: body))
        }
        world.attempt { () throws(KeeperStop) in try keeper.turnAll() }
        guard let domain = keeper.engine.domain(id) else {
            return violate("the keeper never heard of the venue")
        }
        // Every hole was answered with a snapshot long ago.
        for market in venue.scenario.markets where domain.uncertainMarkets.contains(market) {
            violate("the keeper is still uncertain about \(market)")
        }
        for market in venue.scenario.markets {
            for state in venue.snapshot(of: market) ?? [] {
                let target = Target(domain: id, market: market, account: state.account)
                if domain.state(of: target) != state {
                    violate("\(state.account) is not what the keeper thinks it is")
                }
            }
            if domain.books[market]?.accountCount != venue.accounts[market]?.count {
                violate("the keeper counts other accounts in \(market) than there are")
            }
        }
        let owned = keeper.engine.risk.inventory(of: id)
        for balance in venue.balances(of: SimulatedWorld.keeper)
        where owned.available(balance.asset) != balance.amount {
            violate(
                "\(owned.available(balance.asset)) of \(balance.asset) can be spent, "
                    + "\(balance.amount) are there")
        }
        checkReserve(keeper)
    }

    private var statement: VenueStatement {
        VenueStatement(
            domain: id, keeper: SimulatedWorld.keeper,
            settlements: venue.world.settlements.records.map(\.record),
            balances: venue.balances(of: SimulatedWorld.keeper),
            reserve: world.treasury == nil ? nil : venue.reserve(of: SimulatedWorld.keeper),
            transfers: venue.settledTransfers(of: SimulatedWorld.keeper))
    }
}

private struct ClosedVersion: Hashable {
    let account: String
    let fillID: String
}

extension JournaledClose {
    fileprivate var endedWon: Bool {
        if case .won = ending { return true }
        return false
    }
}
