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
        world.noteSend(of: attempt)
        world.attempt { () throws(KeeperStop) in
            try world.books.persist(
                attempt, bytes: attempt.terms.jsonBytes, at: world.timetable.now
            ) { _ in self.send(attempt) }
        }
    }

    private func send(_ attempt: CloseAttempt) {
        let plan = attempt.intent.plan
        if world.chain != nil {
            return call(plan.clientID) { [world] venue in
                world.chain?.send(attempt, from: SimulatedWorld.keeper, height: venue.height)
                    ?? .notFound
            }
        }
        // One intent, one body: every attempt of it hashes the same.
        call(plan.clientID) { venue in
            switch venue.close(plan, bodyHash: plan.clientID.text, keeper: SimulatedWorld.keeper) {
            case .answered(let answer, _): answer.asCloseAnswer
            case .keyReused: .refused(Refusal(.keyReused, detail: ""))
            case .tooManyCalls: .refused(Refusal(.rateLimited, detail: ""))
            }
        }
    }

    func ask(_ question: Question, by deadline: Instant) {
        let isLost = world.draw(.lostRequests) || world.draw(.lostReplies)
        let (wayThere, wayBack) = (world.way(usually: 5...400), world.way(usually: 20...20))
        guard !isLost else { return }
        world.timetable.at(world.timetable.now + wayThere) { [world, life] in
            let reply = world.venue.reply(to: question, from: SimulatedWorld.keeper)
            world.tell("the venue says of \(question.clientID): \(reply)")
            world.timetable.at(world.timetable.now + wayBack) {
                world.deliver(.questionAnswered(question.clientID, reply), toLife: life)
            }
        }
    }

    func lookUp(_ target: Target, _ clientID: ClientID) {
        call(clientID) { [world] venue in
            if let chain = world.chain { return chain.lookUp(clientID, height: venue.height) }
            return venue.lookUp(clientID, keeper: SimulatedWorld.keeper)?.answer.asCloseAnswer
                ?? .notFound
        }
    }

    func void(_ target: Target, _ clientID: ClientID) {
        call(clientID) { venue in
            venue.void(clientID, keeper: SimulatedWorld.keeper)?.asCloseAnswer
                ?? .refused(Refusal(.keyReused, detail: ""))
        }
    }

    private func call(
        _ clientID: ClientID, _ request: @escaping (inout ReferenceVenue) -> CloseAnswer
    ) {
        let isLost = world.draw(.lostRequests)
        let isDoubled = world.draw(.duplicatedRequests)
        let isReplyLost = world.draw(.lostReplies)
        let isLate = world.draw(.slowRequests)
        let isSlow = world.draw(.slowReplies)
        let late: ClosedRange<UInt64> = 1_500...9_000
        let wayThere = isLate ? world.way(usually: late) : world.way(usually: 5...400)
        let wayBack = isSlow ? world.way(usually: late) : world.way(usually: 20...20)
        let timeout = TimeSpan.seconds(1)
        let start = world.timetable.now
        if !isLost {
            world.timetable.at(start + wayThere) { [world, life] in
                let answer = world.atVenue(request)
                guard !isReplyLost, wayThere + wayBack <= timeout else { return }
                world.timetable.at(world.timetable.now + wayBack) {
                    world.deliver(.closeAnswered(clientID, answer), toLife: life)
                }
            }
        }
        if isDoubled, !isLost {
            world.timetable.at(start + wayThere + .seconds(3)) { [world] in
                _ = world.atVenue(request)
            }
        }
        guard isLost || isReplyLost || wayThere + wayBack > timeout else { return }
        world.timetable.at(start + timeout) { [world, life] in
            world.deliver(
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
        }
    }
}
