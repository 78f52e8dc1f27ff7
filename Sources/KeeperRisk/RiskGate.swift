package import KeeperModel
package import WideMath

/// The only way from a proposal to something that can be sent.
///
/// It holds what is at stake now: open intents, what they reserve, what was lost lately. State is
/// rebuilt from the journal at start by `readmit`, so limits hold across a crash.
package struct RiskGate: Sendable {
    package private(set) var limits: RiskLimits
    package private(set) var isKilled = false
    /// Venues at which nothing new is begun, whatever holds at the others.
    private var pausedDomains: Set<DomainID> = []
    package private(set) var openIntents: [ClientID: CloseIntent] = [:]
    private var openNotionalUnits = UInt256.zero
    private var busyTargets: Set<Target> = []
    private var inventories: [DomainID: Inventory] = [:]
    private var history = RiskHistory()
    private var wonCounts: [StrategyRun: UInt64] = [:]
    /// What the operator keeps aside, by domain.
    private var reserves: [DomainID: Inventory] = [:]
    var transfers = TransferTally()
    /// The most that the dearest attempt of each open intent can cost: at most one is carried out.
    private var gasOfferedUnits: [ClientID: UInt256] = [:]

    package init(limits: RiskLimits) {
        self.limits = limits
    }

    /// Approves or refuses a new intent, and reserves for it what it needs.
    ///
    /// How many outcomes at its venue are unknown now is the engine's to say.
    package mutating func review(
        _ intent: CloseIntent, unknownCount: Int = 0, now: Instant
    ) -> RiskVerdict<CloseIntent> {
        if unknownCount >= limits.unknownOpenMax { return .refused(.unknownOutcomes) }
        if let refusal = refusal(of: intent, now: now) { return .refused(refusal) }
        admit(intent)
        if intent.plan.action.transfer == nil { history.approvals.append(now) }
        return .approved(Approved(intent))
    }

    /// Limits that count over time go on where the program before this one stopped.
    package mutating func recall(_ pastDay: PastDay, now: Instant) {
        for ending in pastDay.endings {
            history.note(ending)
            guard let past = ending.transfer else {
                history.approvals.append(ending.approvedAt)
                continue
            }
            transfers.note(
                NotedTransfer(
                    at: ending.endedAt, clientID: nil, domain: past.domain, asset: past.asset,
                    amount: past.amount))
        }
        forgetOldHistory(now: now)
    }

    /// So a version that has shown itself need not do so again after a restart.
    package mutating func recall(_ records: [StrategyRecord]) {
        for record in records { wonCounts[record.run] = record.wonCount }
    }

    /// The most that this version may close at once, in units of account; nil once it has shown
    /// itself.
    package func canaryMaxUnits(of run: StrategyRun) -> UInt256? {
        guard let rule = limits.canary, wonCounts[run] ?? 0 < rule.wonCountMin else { return nil }
        return rule.notionalMaxUnits
    }

    /// Takes back an intent that the journal says is open. It holds its target and its funds again
    /// whatever the limits say now, because its bytes may be out there.
    package mutating func reopen(_ recovered: RecoveredIntent) {
        let clientID = recovered.intent.plan.clientID
        precondition(openIntents[clientID] == nil, "An intent is recovered once")
        admit(recovered.intent)
        for attempt in recovered.attempts { note(attempt.bid, of: clientID) }
        if let booked = recovered.booked { provisionallySettle(clientID, booked) }
    }

    /// Permission to send the bytes of an open intent, for the first time or again. Limits on new
    /// business do not apply, the intent is already counted; kill switch, expiry and the budget for
    /// gas do. A call that only takes a nonce back may leave whatever the switch says: it ends a
    /// hazard.
    package mutating func readmit(
        _ attempt: CloseAttempt, height: UInt64, now: Instant
    ) -> RiskVerdict<CloseAttempt> {
        guard let intent = openIntents[attempt.clientID], intent == attempt.intent else {
            return .refused(.expired)
        }
        if attempt.terms.purpose == .close {
            if let stop = stop(of: intent.plan.target.domain) { return .refused(stop) }
            if height > intent.plan.validUntilHeight { return .refused(.expired) }
            if wouldOverspend(attempt, now: now) { return .refused(.gasPerDay) }
        }
        note(attempt.terms.bid, of: attempt.clientID)
        return .approved(Approved(attempt))
    }

    /// A chain included the close; it counts, and it is not final yet.
    package mutating func provisionallySettle(_ clientID: ClientID, _ receipt: CloseReceipt) {
        guard let intent = openIntents[clientID] else { return }
        let domain = intent.plan.target.domain
        inventories[domain, default: Inventory()].release(clientID)
        inventories[domain, default: Inventory()].settle(receipt)
        settleReserve(of: domain, clientID, receipt)
    }

    private mutating func settleReserve(
        of domain: DomainID, _ clientID: ClientID, _ receipt: CloseReceipt?
    ) {
        reserves[domain]?.release(clientID)
        if let moved = receipt?.ofReserve { reserves[domain]?.settle(moved) }
    }

    /// A chain took heights back, and with them what these intents had settled.
    package mutating func goBack(
        to height: UInt64, domain: DomainID, undoing clientIDs: [ClientID]
    ) {
        inventories[domain, default: Inventory()].goBack(to: height)
        reserves[domain]?.goBack(to: height)
        for clientID in clientIDs {
            guard let intent = openIntents[clientID] else { continue }
            promise(intent)
        }
    }

    /// Every ending frees the target and the reservation; a loss is remembered.
    package mutating func conclude(_ clientID: ClientID, _ ending: IntentEnding, now: Instant) {
        guard let intent = openIntents.removeValue(forKey: clientID) else { return }
        let domain = intent.plan.target.domain
        busyTargets.remove(intent.plan.target)
        openNotionalUnits -= intent.expectation.notionalUnits
        inventories[domain, default: Inventory()].release(clientID)
        gasOfferedUnits[clientID] = nil
        count(ending, of: intent, now: now)
        history.note(
            PastDay.Ending(ending, of: intent.plan.target, approvedAt: now, endedAt: now))
        settleReserve(of: domain, clientID, ending.receipt)
        guard let receipt = ending.receipt else { return }
        inventories[domain, default: Inventory()].settle(receipt)
    }

    private mutating func count(
        _ ending: IntentEnding, of intent: CloseIntent, now: Instant
    ) {
        guard case .won = ending else { return transfers.forget(intent.plan.clientID) }
        wonCounts[intent.run, default: 0] += 1
        transfers.end(intent.plan.clientID, at: now)
    }

    package mutating func setKillSwitch(_ isOn: Bool) {
        isKilled = isOn
    }

    package mutating func setPaused(_ isPaused: Bool, in domain: DomainID) {
        if isPaused { pausedDomains.insert(domain) } else { pausedDomains.remove(domain) }
    }

    package func isPaused(in domain: DomainID) -> Bool { pausedDomains.contains(domain) }

    /// What a person said that stops everything new at a venue.
    package func stop(of domain: DomainID) -> RiskRefusal? {
        if isKilled { return .killSwitch }
        return isPaused(in: domain) ? .venuePaused : nil
    }

    /// Of new limits only what comes next is judged by: what is open was approved by the old ones.
    package mutating func adopt(_ limits: RiskLimits) {
        self.limits = limits
    }

    package mutating func reportBalances(
        _ balances: [AssetAmount], domain: DomainID, height: UInt64
    ) {
        inventories[domain, default: Inventory()].report(balances, height: height)
    }

    package mutating func reportReserve(
        _ balances: [AssetAmount], domain: DomainID, height: UInt64
    ) {
        reserves[domain, default: Inventory()].report(balances, height: height)
    }

    /// What is kept aside in a domain, less what open transfers take from it.
    package func reserve(of domain: DomainID) -> Inventory {
        reserves[domain] ?? Inventory()
    }

    package func inventory(of domain: DomainID) -> Inventory {
        inventories[domain] ?? Inventory()
    }

    /// Whether the domain has said what the keeper owns there.
    package func knowsFunds(in domain: DomainID) -> Bool {
        inventory(of: domain).isReported
    }

    package func isBusy(_ target: Target) -> Bool {
        busyTargets.contains(target)
    }

    private mutating func note(_ bid: GasBid?, of clientID: ClientID) {
        guard let bid else { return }
        gasOfferedUnits[clientID] = max(
            gasOfferedUnits[clientID] ?? .zero, bid.costMaxUnits)
    }

    private func wouldOverspend(_ attempt: CloseAttempt, now: Instant) -> Bool {
        guard let bid = attempt.terms.bid else { return false }
        var offered = gasOfferedUnits
        offered[attempt.clientID] = max(offered[attempt.clientID] ?? .zero, bid.costMaxUnits)
        return gasSpent(offered: offered, now: now) > limits.gasPerDayMaxUnits
    }

    private func gasSpent(offered: [ClientID: UInt256], now: Instant) -> UInt256 {
        offered.keys.sorted().reduce(history.gasWithinDay(now)) { $0 + (offered[$1] ?? .zero) }
    }

    private mutating func admit(_ intent: CloseIntent) {
        openIntents[intent.plan.clientID] = intent
        busyTargets.insert(intent.plan.target)
        openNotionalUnits += intent.expectation.notionalUnits
        promise(intent)
        guard let transfer = intent.plan.action.transfer else { return }
        transfers.note(
            NotedTransfer(
                at: intent.proposedAt, clientID: intent.plan.clientID,
                domain: intent.plan.target.domain, asset: transfer.asset, amount: transfer.amount))
    }

    /// Out of both purses, as far as it needs them.
    private mutating func promise(_ intent: CloseIntent) {
        let (domain, clientID) = (intent.plan.target.domain, intent.plan.clientID)
        inventories[domain, default: Inventory()]
            .reserve(intent.expectation.inventoryNeeded, for: clientID)
        guard intent.plan.action.transfer != nil else { return }
        reserves[domain, default: Inventory()].reserve(intent.reserveNeeded, for: clientID)
    }

    /// Closes among what is open: transfers take none of their places.
    private var openCloseCount: Int {
        openIntents.values.count { $0.plan.action.transfer == nil }
    }
}

extension RiskGate {
    /// The first limit that stands in the way; cheapest and most general first.
    private mutating func refusal(of intent: CloseIntent, now: Instant) -> RiskRefusal? {
        forgetOldHistory(now: now)
        if let transfer = intent.plan.action.transfer {
            return refusal(of: transfer, intent, now: now)
        }
        let expectation = intent.expectation
        let domain = intent.plan.target.domain
        if let stop = stop(of: domain) { return stop }
        if busyTargets.contains(intent.plan.target) { return .targetBusy }
        if openCloseCount >= limits.openIntentsMax { return .openIntents }
        if expectation.netUnits <= .zero { return .noProfit }
        if expectation.notionalUnits > limits.notionalPerCloseMaxUnits { return .notionalPerClose }
        if let most = canaryMaxUnits(of: intent.run), expectation.notionalUnits > most {
            return .canarySize
        }
        if isImplausible(expectation) { return .implausibleProfit }
        if openNotionalUnits + expectation.notionalUnits > limits.notionalOpenMaxUnits {
            return .notionalOpen
        }
        if history.closesWithinHour(now) >= limits.closesPerHourMax { return .closesPerHour }
        if history.lossWithinHour(now) > limits.lossPerHourMaxUnits { return .lossPerHour }
        if history.lossWithinDay(now) > limits.lossPerDayMaxUnits { return .lossPerDay }
        if history.failuresWithinHour(now, in: domain) >= limits.failuresPerHourMax {
            return .failuresPerHour
        }
        if !inventory(of: domain).covers(expectation.inventoryNeeded) {
            return .inventory
        }
        return nil
    }

    private func isImplausible(_ expectation: Expectation) -> Bool {
        // A profit too large to be multiplied is the least plausible of all.
        guard
            let profit = try? expectation.netUnits.magnitude.checkedMultiply(
                UInt256(1_000_000))
        else { return true }
        return profit
            > expectation.notionalUnits.saturatingMultiply(limits.profitPlausibleMaxPpm)
    }

    /// What may still be begun before a limit stands in the way.
    package func room(now: Instant) -> RiskRoom {
        let spent = gasSpent(offered: gasOfferedUnits, now: now)
        return RiskRoom(
            closeCount: UInt64(
                max(
                    0,
                    min(
                        limits.openIntentsMax - openCloseCount,
                        limits.closesPerHourMax - history.closesWithinHour(now)))),
            notionalUnits: limits.notionalOpenMaxUnits.saturatingSubtract(openNotionalUnits),
            gasUnits: limits.gasPerDayMaxUnits.saturatingSubtract(spent))
    }

    /// Bounds memory.
    private mutating func forgetOldHistory(now: Instant) {
        history.forget(now: now)
        transfers.forget(until: now.aDayBefore)
    }
}

// MARK: Kept and read back

extension RiskGate {
    package var memory: RiskMemory {
        var memory = RiskMemory()
        memory.isKilled = isKilled
        memory.openIntents = openIntents.keys.sorted().compactMap { openIntents[$0] }
        memory.inventories = inventories.keys.sorted().compactMap {
            inventories[$0]?.memory(of: $0)
        }
        memory.reserves = reserves.keys.sorted().compactMap { reserves[$0]?.memory(of: $0) }
        memory.transfers = transfers.noted
        memory.history = history
        memory.pausedDomains = pausedDomains.sorted()
        memory.strategies = wonCounts.keys.sorted().map {
            StrategyRecord(run: $0, wonCount: wonCounts[$0] ?? 0)
        }
        memory.gasOffered = gasOfferedUnits.keys.sorted().map {
            RiskMemory.GasOffer(clientID: $0, units: gasOfferedUnits[$0] ?? .zero)
        }
        return memory
    }

    package init(limits: RiskLimits, memory: RiskMemory) {
        self.init(limits: limits)
        isKilled = memory.isKilled
        for intent in memory.openIntents {
            openIntents[intent.plan.clientID] = intent
            busyTargets.insert(intent.plan.target)
            openNotionalUnits += intent.expectation.notionalUnits
        }
        for inventory in memory.inventories {
            inventories[inventory.domain] = Inventory(inventory)
        }
        for reserve in memory.reserves { reserves[reserve.domain] = Inventory(reserve) }
        transfers = TransferTally(memory.transfers)
        history = memory.history
        pausedDomains = Set(memory.pausedDomains)
        recall(memory.strategies)
        for offer in memory.gasOffered { gasOfferedUnits[offer.clientID] = offer.units }
    }
}
