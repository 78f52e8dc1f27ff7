import KeeperCodec
import KeeperCommands
import KeeperEngine
import KeeperJournal
import KeeperModel
import KeeperRisk
import KeeperRuntime
import KeeperTransport

/// Verbs that change something. Each becomes an event like any other, and is answered when the
/// engine has handled it.
extension ControlRoom {
    /// Kept in the journal too: a keeper that was paused and then restarted stays paused.
    func setPaused(
        _ isPaused: Bool, _ request: ControlRequest, _ reply: @escaping (ControlAnswer) -> Void
    ) throws {
        if !isPaused, let watchOnlyReason {
            throw ControlProblem(.tryLater, watchOnlyReason)
        }
        let domains = session.lines.map(\.domain)
        if let domain = request.domain, !domains.contains(domain) {
            let names = domains.map(\.text).joined(separator: ", ")
            throw ControlProblem(.usage, "no venue is called '\(domain)': there is \(names)")
        }
        try StandingPauses.keep(isPaused, at: request.domain, in: station.journal)
        if let domain = request.domain {
            session.post(.venuePauseSet(isPaused), about: domain)
        } else {
            session.post(.killSwitchSet(isPaused))
        }
        afterTurn { room in reply(room.saidPaused()) }
    }

    /// How it stands now, at all venues: who ends one pause should learn of another.
    private func saidPaused() -> ControlAnswer {
        let risk = session.keeper.engine.risk
        let domains = session.lines.map(\.domain).filter { risk.isPaused(in: $0) }
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.member("paused", risk.isKilled)
        if session.lines.count > 1 || !domains.isEmpty { json.member("pausedDomains", domains) }
        json.endObject()
        return ControlAnswer(
            lines: [Self.words(isKilled: risk.isKilled, domains)],
            json: String(decoding: json.finish(), as: UTF8.self))
    }

    private static func words(isKilled: Bool, _ paused: [DomainID]) -> String {
        let names = paused.map(\.text).joined(separator: ", ")
        let rest = "what is open is followed to its end"
        switch (isKilled, paused.isEmpty) {
        case (true, true): return "paused: nothing new is sent; \(rest)"
        case (true, false):
            return "paused: nothing new is sent; \(rest). After 'bailiff resume' \(names) stays "
                + "paused, until 'bailiff resume --domain'"
        case (false, false): return "paused at \(names): nothing new is sent there; \(rest)"
        case (false, true): return "acting"
        }
    }

    func drain(_ reply: @escaping (ControlAnswer) -> Void) {
        // Asked twice it would leave at once, which is for signals.
        if !session.isDraining { session.askToStop() }
        let openCount = session.keeper.engine.openIntentCount
        reply(said("draining: \(openCount) closes are open", ("draining", true)))
    }

    /// Every held plan about the account goes on.
    func approve(
        _ request: ControlRequest, _ reply: @escaping (ControlAnswer) -> Void
    ) throws(ControlProblem) {
        guard let account = request.account else {
            throw ControlProblem(.usage, "'approve' needs an account")
        }
        let held = session.keeper.engine.explain(account, at: session.now)
            .filter { $0.standing == .skipped(.held) }.map(\.target)
        guard !held.isEmpty else {
            throw ControlProblem(.failed, "nothing is held for \(account)")
        }
        for target in held { session.post(.approvalGiven(target), about: target.domain) }
        let isOne = session.lines.count == 1
        let markets = held.map { isOne ? $0.market.text : "\($0.domain) \($0.market)" }
            .joined(separator: ", ")
        afterTurn { room in
            reply(room.said("approved: \(account) in \(markets)", ("approved", true)))
        }
    }

    /// Exactly the plan that was shown. Where it would be another one now, or nothing could be
    /// moved at all, nothing is; the engine asks the same once more when it comes to it.
    func transfer(
        _ request: ControlRequest, _ reply: @escaping (ControlAnswer) -> Void
    ) throws(ControlProblem) {
        guard let name = request.plan else {
            throw ControlProblem(.usage, "'treasury apply' needs the name of a plan")
        }
        let plan = try plan(named: name)
        guard session.keeper.engine.risk.stop(of: plan.domain) == nil else {
            throw ControlProblem(.tryLater, "paused: nothing is moved before 'bailiff resume'")
        }
        session.post(.transfersApproved(plan: name), about: plan.domain)
        afterTurn { room in reply(room.saidBegun(plan)) }
    }

    /// The name of a plan names its venue too.
    private func plan(named name: String) throws(ControlProblem) -> TreasuryPlan {
        let engine = session.keeper.engine
        let plans = session.lines.compactMap { engine.treasuryPlan(in: $0.domain, at: session.now) }
        if let plan = plans.first(where: { $0.name == name && !$0.transfers.isEmpty }) {
            return plan
        }
        guard !plans.isEmpty else {
            let obstacles = session.lines.compactMap { engine.treasuryObstacle(in: $0.domain) }
            throw ControlProblem(.failed, obstacles.first ?? "nothing can be moved")
        }
        let names = plans.map { plan in
            session.lines.count == 1 ? plan.name : "\(plan.name) at \(plan.domain)"
        }
        throw ControlProblem(
            .failed,
            "the plan is \(names.joined(separator: ", ")) now and not \(name): look at it again")
    }

    /// Which of a plan's transfers are under way.
    private func saidBegun(_ plan: TreasuryPlan) -> ControlAnswer {
        let risk = session.keeper.engine.risk
        let begun = plan.transfers.filter {
            risk.isBusy(Target.treasury(of: $0.asset, in: plan.domain))
        }
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.member("plan", plan.name)
        json.member("transfers", UInt64(plan.transfers.count))
        json.member("begun", UInt64(begun.count))
        json.endObject()
        let lines = plan.transfers.map { transfer in
            "\(transfer.direction.rawValue) of \(transfer.amount) \(transfer.asset): "
                + (begun.contains(transfer) ? "begun" : "not begun, 'bailiff decisions' says why")
        }
        return ControlAnswer(
            lines: lines, json: String(decoding: json.finish(), as: UTF8.self),
            code: begun.count == plan.transfers.count ? .done : .failed)
    }

    /// Letters of people come first, so by the next round they are handled.
    private func afterTurn(_ action: @escaping (ControlRoom) -> Void) {
        session.reactor.after(.zero) { [weak self] in
            guard let self else { return }
            action(self)
        }
    }

    private func said(_ line: String, _ member: (name: String, value: Bool)) -> ControlAnswer {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.member(member.name, member.value)
        json.endObject()
        return ControlAnswer(
            lines: [line], json: String(decoding: json.finish(), as: UTF8.self))
    }
}
