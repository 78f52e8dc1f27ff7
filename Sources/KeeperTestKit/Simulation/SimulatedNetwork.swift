import KeeperCodec
import KeeperModel
import KeeperRisk
import KeeperRuntime
import VenueSimulator

/// The way between keeper and venue: requests and replies take time, get lost, come twice or come
/// late. Loss of a reply is a timeout, and a timeout is never an answer.
final class SimulatedNetwork: CloseDesk {
    private let world: SimulatedWorld
    /// The keeper's life that this way belongs to: what returns after its end finds nobody.
    private let life: Int

    init(_ world: SimulatedWorld, life: Int) {
        self.world = world
        self.life = life
    }

    func submit(_ approved: Approved<CloseAttempt>) {
        let attempt = approved.subject
        world.domain(of: attempt.intent.plan.target).noteSend(of: attempt)
        world.attempt { () throws(KeeperStop) in
            try world.books.persist(
                attempt, bytes: attempt.terms.jsonBytes, at: world.timetable.now
            ) { _ in self.send(attempt) }
        }
    }

    private func send(_ attempt: CloseAttempt) {
        let plan = attempt.intent.plan
        let domain = world.domain(of: plan.target)
        if domain.chain != nil {
            return call(plan.target, plan.clientID) { venue in
                domain.chain?.send(attempt, from: SimulatedWorld.keeper, height: venue.height)
                    ?? .notFound
            }
        }
        // One intent, one body: every attempt of it hashes the same.
        call(plan.target, plan.clientID) { venue in
            switch venue.close(plan, bodyHash: plan.clientID.text, keeper: SimulatedWorld.keeper) {
            case .answered(let answer, _): answer.asCloseAnswer
            case .keyReused: .refused(Refusal(.keyReused, detail: ""))
            case .tooManyCalls: .refused(Refusal(.rateLimited, detail: ""))
            }
        }
    }

    /// A reply that is lost is silence: the keeper's own deadline ends it.
    func ask(_ question: Question, by deadline: Instant) {
        let domain = world.domain(of: question.target)
        let fate = domain.drawFate(ofCallAbout: question.target)
        let timetable = world.timetable
        guard !fate.isLost else { return }
        timetable.at(timetable.now + fate.wayThere) { [life] in
            let reply = domain.reply(to: question)
            guard !fate.isReplyLost else { return }
            timetable.at(timetable.now + fate.wayBack) {
                domain.deliver(.questionAnswered(question.clientID, reply), toLife: life)
            }
        }
    }

    func lookUp(_ target: Target, _ clientID: ClientID) {
        let domain = world.domain(of: target)
        call(target, clientID) { venue in
            if let chain = domain.chain { return chain.lookUp(clientID, height: venue.height) }
            let stored =
                target.isTreasury
                ? venue.lookUpTransfer(clientID, keeper: SimulatedWorld.keeper)
                : venue.lookUp(clientID, keeper: SimulatedWorld.keeper)
            return stored?.answer.asCloseAnswer ?? .notFound
        }
    }

    func void(_ target: Target, _ clientID: ClientID) {
        call(target, clientID) { venue in
            let stored =
                target.isTreasury
                ? venue.voidTransfer(clientID, keeper: SimulatedWorld.keeper)
                : venue.void(clientID, keeper: SimulatedWorld.keeper)
            return stored?.asCloseAnswer ?? .refused(Refusal(.keyReused, detail: ""))
        }
    }

    private func call(
        _ target: Target, _ clientID: ClientID,
        _ request: @escaping (inout ReferenceVenue) -> CloseAnswer
    ) {
        let domain = world.domain(of: target)
        let fate = domain.drawFate(ofCallAbout: target)
        let timetable = world.timetable
        let start = timetable.now
        if !fate.isLost {
            timetable.at(start + fate.wayThere) { [life] in
                let answer = domain.atVenue(request)
                guard !fate.isUnanswered else { return }
                timetable.at(timetable.now + fate.wayBack) {
                    domain.deliver(.closeAnswered(clientID, answer), toLife: life)
                }
            }
        }
        if fate.isDoubled, !fate.isLost {
            timetable.at(start + fate.wayThere + .seconds(3)) {
                _ = domain.atVenue(request)
            }
        }
        guard fate.isLost || fate.isUnanswered else { return }
        timetable.at(start + CallFate.timeout) { [life] in
            domain.deliver(
                .closeAnswered(clientID, .unknown(evidence: "timed out")), toLife: life)
        }
    }
}

extension StoredAnswer {
    /// What the venue's stored answer says over the wire.
    var asCloseAnswer: CloseAnswer {
        switch self {
        case .settled(let receipt): .settled(receipt)
        case .refused(let refusal): .refused(refusal)
        case .tombstone: .voided
        case .pending: .accepted
        }
    }
}
