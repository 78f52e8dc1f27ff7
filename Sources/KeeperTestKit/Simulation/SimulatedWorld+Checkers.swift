import KeeperEngine
import KeeperJournal
import KeeperModel
import KeeperRisk
import KeeperRuntime
import LiquidationRules
import VenueSimulator
import WideMath

/// What must hold whatever happens. The first violation ends the run and names itself.
extension SimulatedWorld {
    /// After every event: cheap enough to be asked always.
    func checkAfterEvent(_ keeper: Keeper) {
        let disagreements = keeper.engine.disagreements()
        if let target = disagreements.first {
            violate("index and exact scan disagree about \(target.account) in \(target.market)")
        }
        let reserved = keeper.engine.risk.inventory(of: Self.domain).reservationCount
        let expected = keeper.engine.openIntentCount - keeper.engine.bookedIntentCount
        if reserved != expected {
            violate("\(reserved) reservations for \(expected) intents that may still spend")
        }
        if let crowd = keeper.engine.crowd, let violation = CrowdWitness(crowd).violation {
            violate(violation)
        }
        checkBounds(keeper)
        noteStates(of: keeper)
    }

    /// What is remembered has to be bounded by what there is, and what waits by what comes.
    private func checkBounds(_ keeper: Keeper) {
        let load = keeper.engine.load
        let (accounts, words) = (load.accountCount, load.keptWordCount)
        if load.openIntentCount > Self.openIntentsMax {
            violate("\(load.openIntentCount) intents are open, limit \(Self.openIntentsMax)")
        }
        // A market that waits for its whole set may know fewer accounts than it will again.
        let isCertain = keeper.engine.domain(Self.domain)?.uncertainMarkets.isEmpty ?? false
        if isCertain, load.verdictCount > accounts || load.settledVersionCount > accounts {
            violate(
                "\(load.verdictCount) verdicts and \(load.settledVersionCount) settled versions "
                    + "are kept about \(accounts) accounts")
        }
        if load.restCount > accounts + 1_024 || words > 4_096 || keeper.inbox.count > 4_096 {
            violate(
                "\(load.restCount) rests, \(words) words and \(keeper.inbox.count) letters "
                    + "are kept")
        }
    }

    /// Whoever closes others has no account to be closed, and what few may see nobody is shown.
    func checkPeople() {
        for market in venue.scenario.markets {
            let names = [Self.keeper] + people.rivals.kinds.map(\.name)
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
        tell("sends \(plan.clientID) about \(plan.target.account)")
        let height = keeper?.engine.domain(Self.domain)?.height ?? 0
        if height > plan.validUntilHeight {
            violate(
                "\(plan.clientID) was sent at \(height), valid until \(plan.validUntilHeight)")
        }
        noteShape(of: plan)
        guard let ages = keeper?.engine.priceAges(of: plan.target, at: timetable.now) else {
            return violate("\(plan.clientID) was sent about an account without prices")
        }
        // A second send of the same bytes rests on the first decision, which was checked then.
        guard sentOnce.insert(plan.clientID).inserted else { return }
        let assets = keeper?.engine.pricedAssets(of: plan.target) ?? []
        if let asset = assets.first(where: { witness.isUnconfirmedJump($0) }) {
            violate("\(plan.clientID) rests on a jump of \(asset) that no round has confirmed")
        }
        if ages > Self.ageMax + .seconds(1) {
            violate("\(plan.clientID) rests on a price that is \(ages.milliseconds) ms old")
        }
    }

    /// At the moment of a promise there is enough for it and for every one before it.
    func checkPromises(of clientID: ClientID) {
        guard let risk = keeper?.engine.risk, let intent = risk.openIntents[clientID] else {
            return
        }
        let inventory = risk.inventory(of: Self.domain)
        for need in intent.expectation.inventoryNeeded where !need.amount.isZero {
            let (reserved, owned) = (inventory.reserved(need.asset), inventory.owned(need.asset))
            guard reserved > owned else { continue }
            violate("\(reserved) of \(need.asset) is promised, \(owned) is there")
        }
    }

    func checkAtEnd() {
        guard violations.isEmpty else { return }
        guard let keeper, keeper.isDrained else {
            return violate("an intent is still open at the end")
        }
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
        attempt { () throws(KeeperStop) in
            let settled = venue.closes.settledCount(of: Self.keeper)
            let won: Int
            let reconciliation: Reconciliation
            do {
                won = try journal.closes().count { $0.endedWon }
                reconciliation = try journal.reconcile(against: statement)
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
                    domain: Self.domain, receivedAt: timetable.now, height: venue.height,
                    body: body))
        }
        attempt { () throws(KeeperStop) in try keeper.turnAll() }
        guard let domain = keeper.engine.domain(Self.domain) else {
            return violate("the keeper never heard of the venue")
        }
        // Every hole was answered with a snapshot long ago.
        for market in venue.scenario.markets where domain.uncertainMarkets.contains(market) {
            violate("the keeper is still uncertain about \(market)")
        }
        for market in venue.scenario.markets {
            for state in venue.snapshot(of: market) ?? [] {
                let target = Target(domain: Self.domain, market: market, account: state.account)
                if domain.state(of: target) != state {
                    violate("\(state.account) is not what the keeper thinks it is")
                }
            }
            if domain.books[market]?.accountCount != venue.accounts[market]?.count {
                violate("the keeper counts other accounts in \(market) than there are")
            }
        }
        let owned = keeper.engine.risk.inventory(of: Self.domain)
        for balance in venue.balances(of: Self.keeper)
        where owned.available(balance.asset) != balance.amount {
            violate(
                "\(owned.available(balance.asset)) of \(balance.asset) can be spent, "
                    + "\(balance.amount) are there")
        }
    }

    private var statement: VenueStatement {
        VenueStatement(
            domain: Self.domain, keeper: Self.keeper,
            settlements: venue.world.settlements.records.map(\.record),
            balances: venue.balances(of: Self.keeper))
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
