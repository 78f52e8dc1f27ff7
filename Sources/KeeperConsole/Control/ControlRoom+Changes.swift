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
        _ isPaused: Bool, _ reply: @escaping (ControlAnswer) -> Void
    ) throws {
        if !isPaused, let watchOnlyReason {
            throw ControlProblem(.tryLater, watchOnlyReason)
        }
        try station.journal.setMetaValue(Self.pausedKey, isPaused ? "true" : nil)
        session.post(.killSwitchSet(isPaused))
        afterTurn { room in
            let isKilled = room.session.keeper.engine.risk.isKilled
            reply(
                room.said(
                    isKilled
                        ? "paused: nothing new is sent; what is open is followed to its end"
                        : "acting", ("paused", isKilled)))
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
        let engine = session.keeper.engine
        let plan = try plan(named: name)
        guard !engine.risk.isKilled else {
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
