import KeeperModel
import KeeperRisk
import KeeperStrategy

/// The life of an intent after it was approved. Every answer that may come has a place, and so has
/// the answer that never comes: it arrives as unknown, from whoever waited for it.
extension Engine {
    mutating func handleOutcome(_ turn: inout Turn) {
        switch turn.event.body {
        case .intentRecovered(let recovered): recover(recovered, &turn)
        case .intentDurable(let clientID): send(clientID, &turn)
        case .closeAnswered(let clientID, let answer): take(answer, of: clientID, &turn)
        case .questionAnswered(let clientID, let reply): take(reply, to: clientID, &turn)
        case .timerFired(.questionEnds(let clientID)): endQuestion(of: clientID, &turn)
        case .timerFired(.resolve(let clientID)): ask(about: clientID, &turn)
        case .timerFired(.coolDown(let target)): coolDowns.end(target, now: turn.now)
        // What they were set for is looked at with every other candidate.
        case .timerFired(.holdEnds), .timerFired(.marketOpens): break
        default: preconditionFailure("Only outcomes and timers come here")
        }
    }

    /// Start-up is recovery: the journal says the intent is open, so its bytes may be out there.
    private mutating func recover(_ recovered: RecoveredIntent, _ turn: inout Turn) {
        let clientID = recovered.intent.plan.clientID
        precondition(intents[clientID] == nil, "An intent is recovered once")
        withRisk { $0.reopen(recovered) }
        var open = OpenIntent(
            intent: recovered.intent, state: .unknown, attempts: recovered.attempts,
            sendCount: recovered.attempts.count, isRecovered: true)
        if let booked = recovered.booked {
            // How it ended is asked again; that it is on the books must not be forgotten.
            open.booked = Inclusion(result: .settled, receipt: booked)
        }
        intents[clientID] = open
        for attempt in recovered.attempts {
            guard let bid = attempt.bid else { continue }
            nonces[recovered.intent.plan.target.domain, default: NonceBook()].keep(bid.nonce)
        }
        ask(about: clientID, &turn)
    }

    /// Intents before bytes: only an intent that is on disk gets here.
    private mutating func send(_ clientID: ClientID, _ turn: inout Turn) {
        guard let open = intents[clientID], open.state == .persisting else { return }
        if !askFirst(about: open, &turn) { begin(open, &turn) }
    }

    /// The world may have moved since it was decided, so the reason to act is checked once more
    /// before the first bytes leave.
    mutating func begin(_ open: OpenIntent, _ turn: inout Turn) {
        let target = open.intent.plan.target
        guard !target.isTreasury else { return sendFirst(of: open, &turn) }
        guard let domain = domains[target.domain], domain.isEligible(target),
            domain.version(of: target) == open.intent.plan.accountVersion
        else {
            return conclude(open.intent, .cancelled(reason: "no longer eligible"), &turn)
        }
        if let obstacle = obstacle(
            to: target, restingOn: domain.pricedAssets(of: target), in: domain, turn)
        {
            return conclude(open.intent, .cancelled(reason: obstacle.words), &turn)
        }
        sendFirst(of: open, &turn)
    }

    private mutating func sendFirst(of open: OpenIntent, _ turn: inout Turn) {
        guard let terms = firstAttempt(of: open.intent) else {
            return conclude(open.intent, .cancelled(reason: "the bid would be too dear"), &turn)
        }
        guard submit(terms, of: open, &turn) else {
            return conclude(open.intent, .cancelled(reason: "no longer admitted"), &turn)
        }
    }

    /// Passes risk once more and lets the bytes go. False where risk refuses.
    mutating func submit(
        _ terms: AttemptTerms, of open: OpenIntent, _ turn: inout Turn
    ) -> Bool {
        var open = open
        let attempt = CloseAttempt(intent: open.intent, terms: terms)
        let domain = open.intent.plan.target.domain
        let height = domains[domain]?.height ?? 0
        let now = turn.now
        guard
            case .approved(let approved) = withRisk({
                $0.readmit(attempt, height: height, now: now)
            })
        else { return false }
        if open.attempts.last != terms {
            open.attempts.append(terms)
            open.bidHeight = height
        }
        if let bid = terms.bid { nonces[domain, default: NonceBook()].keep(bid.nonce) }
        open.state = .sent
        open.sendCount += 1
        intents[open.intent.plan.clientID] = open
        turn.effects.append(.submit(approved))
        return true
    }

    private mutating func take(
        _ answer: CloseAnswer, of clientID: ClientID, _ turn: inout Turn
    ) {
        // A late or repeated answer to something that has ended changes nothing.
        guard var open = intents[clientID] else { return }
        switch answer {
        case .settled(let receipt):
            conclude(open.intent, .won(receipt), &turn)
        case .accepted:
            open.state = .pending
            open.unansweredCount = 0
            intents[clientID] = open
            if isOnChain(open) {
                lookAtPending(open, &turn)
            } else {
                // A sealed bid. Nobody tells when it is opened, so it is asked about.
                turn.effects.append(.arm(.resolve(clientID), at: turn.now + open.nextQuestionDelay))
            }
        case .included(let inclusion, let isFinal):
            take(inclusion, isFinal: isFinal, open, &turn)
        case .refused(let refusal):
            take(refusal, open, &turn)
        case .voided:
            conclude(open.intent, .voided, &turn)
        case .unknown:
            open.state = .unknown
            intents[clientID] = open
            askLater(about: clientID, &turn)
        case .notFound:
            resolveAbsent(open, &turn)
        }
    }

    /// A refusal that the venue keeps under the key is the end of it. One that it does not keep
    /// says nothing about bytes that may still be on their way: those are looked up, or voided.
    private mutating func take(_ refusal: Refusal, _ open: OpenIntent, _ turn: inout Turn) {
        guard refusal.refusalClass.isKeptByVenue else {
            return askLater(about: open.intent.plan.clientID, &turn)
        }
        conclude(
            open.intent, refusal.refusalClass == .voided ? .voided : .refused(refusal), &turn)
    }

    private func isOnChain(_ open: OpenIntent) -> Bool {
        domains[open.intent.plan.target.domain]?.description?.chain != nil
    }

    mutating func askLater(about clientID: ClientID, _ turn: inout Turn) {
        guard var open = intents[clientID] else { return }
        open.state = .unknown
        let delay = open.nextQuestionDelay
        open.unansweredCount += 1
        intents[clientID] = open
        turn.effects.append(.arm(.resolve(clientID), at: turn.now + delay))
    }

    mutating func ask(about clientID: ClientID, _ turn: inout Turn) {
        guard var open = intents[clientID],
            open.state == .unknown || open.state == .pending && !isOnChain(open)
        else { return }
        open.state = .lookingUp
        intents[clientID] = open
        turn.effects.append(.lookUp(open.intent.plan.target, clientID))
    }

    /// The venue has no such close, which does not say that none is on its way. Either the same
    /// bytes go again, which can succeed at most once between them, or a tombstone ends it.
    private mutating func resolveAbsent(_ open: OpenIntent, _ turn: inout Turn) {
        var open = open
        let plan = open.intent.plan
        // After a restart an answer may come before the venue has said whether a chain stands
        // there: a call of a chain that is voided elsewhere leaves its nonce empty, and all behind
        // it wait.
        guard let domain = domains[plan.target.domain], let description = domain.description else {
            return askLater(about: plan.clientID, &turn)
        }
        guard description.chain == nil else { return resolveEvicted(open, &turn) }
        let height = domain.height
        if open.maySendAgain(height: height), let terms = open.attempts.last,
            submit(terms, of: open, &turn)
        {
            return
        }
        open.state = .voiding
        intents[plan.clientID] = open
        turn.effects.append(.void(plan.target, plan.clientID))
    }

    /// The one place where an intent ends: target, funds and reservation are free again.
    mutating func conclude(
        _ intent: CloseIntent, _ ending: IntentEnding, _ turn: inout Turn
    ) {
        let plan = intent.plan
        let now = turn.now
        intents[plan.clientID] = nil
        withRisk { $0.conclude(plan.clientID, ending, now: now) }
        turn.effects.append(.conclude(intent, ending))
        if plan.target.isTreasury {
            restAfterTransfer(plan.target, ending, &turn)
        } else {
            restAfterClose(intent, ending, &turn)
        }
        record(
            .ended(plan.clientID, ending.label), plan.target, facts: facts(of: ending), &turn)
        if !plan.target.isTreasury { forgetIfGone(plan.target) }
    }

    private mutating func restAfterClose(
        _ intent: CloseIntent, _ ending: IntentEnding, _ turn: inout Turn
    ) {
        let (plan, now) = (intent.plan, turn.now)
        switch ending {
        case .won:
            settledVersions[plan.target] = plan.accountVersion
            let pause = strategy(of: intent)?.coolDown ?? .zero
            wake(plan.target, at: coolDowns.pause(plan.target, for: pause, now: now), &turn)
        case .refused(let refusal), .reverted(let refusal, _):
            let end = coolDowns.start(plan.target, after: refusal.refusalClass, now: now)
            wake(plan.target, at: end, &turn)
        case .voided, .cancelled, .withdrawn:
            break
        }
    }

    func wake(_ target: Target, at end: Instant?, _ turn: inout Turn) {
        guard let end else { return }
        turn.effects.append(.arm(.coolDown(target), at: end))
    }

    private func facts(of ending: IntentEnding) -> [DecisionFact] {
        switch ending {
        case .won(let receipt):
            [DecisionFact("fill", receipt.fillID), DecisionFact("height", "\(receipt.height)")]
        case .refused(let refusal): [DecisionFact("detail", refusal.detail)]
        case .voided: []
        case .cancelled(let reason): [DecisionFact("reason", reason)]
        case .reverted(let refusal, let receipt):
            [
                DecisionFact("detail", refusal.detail), DecisionFact("fill", receipt.fillID),
                DecisionFact("height", "\(receipt.height)"),
            ]
        case .withdrawn(let receipt): [DecisionFact("fill", receipt.fillID)]
        }
    }
}
