import KeeperModel
import KeeperTransport
import Testing
import VenueWriters

/// The writer's side of a keeper at a rig's venue: sends, asks and voids, and waits for the answer.
final class RigKeeper {
    let rig: VenueRig
    var answers: [CloseAnswer] = []
    var attempts: [[UInt8]] = []
    var isJournalBroken = false
    private(set) var desk: RESTCloseDesk?

    init(
        _ rig: VenueRig, timeoutMilliseconds: Int = 2_000, trust: SettlementTrust = .unsigned
    ) {
        self.rig = rig
        var limits = ExchangeLimits()
        limits.timeoutMilliseconds = timeoutMilliseconds
        desk = RESTCloseDesk(
            endpoint: rig.endpoint, reactor: rig.reactor, signer: rig.signer, limits: limits,
            trust: trust,
            willSend: { [weak self] _, bytes, send in
                if self?.isJournalBroken == true { throw RigProblem("the disk is full") }
                self?.attempts.append(bytes)
                send()
            },
            sink: { [weak self] _, _, answer, _ in self?.answers.append(answer) })
    }

    func submit(_ plan: ClosePlan) throws -> CloseAnswer? {
        try #require(desk).submit(try rig.approve(plan))
        return next()
    }

    func lookUp(_ plan: ClosePlan) -> CloseAnswer? {
        desk?.lookUp(plan.target, plan.clientID)
        return next()
    }

    func void(_ plan: ClosePlan) -> CloseAnswer? {
        desk?.void(plan.target, plan.clientID)
        return next()
    }

    private func next() -> CloseAnswer? {
        let count = answers.count
        rig.run { answers.count > count }
        return answers.count > count ? answers.last : nil
    }
}
