package import KeeperModel
package import KeeperRuntime
import VenueSimulator
package import WideMath

/// The other side of one run: rivals who set out when our own engine says that an account may be
/// closed, and what our calls cost.
package final class Race: DecisionSink {
    private let model: RivalModel
    let rivalCount: Int
    let execution: ExecutionModel
    let board: ConditionsBoard
    private let decisions: any DecisionSink
    private(set) weak var session: VirtualSession?
    /// Those that somebody may buy from.
    var openPlaces: [Target: OpenPlace] = [:]
    private var episodes: [Target: Episode] = [:]
    package private(set) var costs = RaceCosts()

    private struct Episode {
        var number: UInt64
        var attemptCount: UInt64 = 0
        /// By which a sealed bid of ours is in the same block as the rivals'.
        var hasBid = false
    }

    package init(
        _ model: RivalModel, rivalCount: Int, execution: ExecutionModel, board: ConditionsBoard,
        decisions: any DecisionSink
    ) {
        self.model = model
        self.rivalCount = rivalCount
        self.execution = execution
        self.board = board
        self.decisions = decisions
    }

    /// A session and its race know each other; the session is the owner.
    package func join(_ session: VirtualSession) {
        self.session = session
        // The session's keeper owns the race, so there is one for as long as anybody asks.
        session.desk.delay = { [weak self] in self?.delay(of: $0) ?? .zero }
        session.desk.onAnswer = { [weak self] in self?.note($0, $1) }
    }

    package func append(_ decision: Decision) throws(KeeperStop) {
        try decisions.append(decision)
        switch decision.verdict {
        case .eligible: begin(decision.target)
        case .missed: costs.missedCount += 1
        default: break
        }
    }

    // MARK: Rivals

    private func begin(_ target: Target) {
        episodes[target] = Episode(number: (episodes[target]?.number ?? 0) + 1)
        guard rivalCount > 0, let timetable = session?.timetable else { return }
        if session?.desk.venue.isPlace(target) == true {
            if openPlaces[target] == nil { openPlaces[target] = OpenPlace() }
            return look(atPlace: target)
        }
        let draws = draws(target)
        var first: (delay: TimeSpan, number: Int)?
        for number in 1...rivalCount {
            var generator = draws.generator(of: blockRunner(number))
            let delay = execution.delay(from: timetable.now, under: board, using: &generator)
            if delay < first?.delay ?? TimeSpan(nanoseconds: .max) { first = (delay, number) }
        }
        guard let first else { return }
        let episode = episodes[target]?.number
        timetable.at(timetable.now + first.delay) { [weak self] in
            guard let self, episodes[target]?.number == episode else { return }
            close(target, by: first.number)
        }
    }

    /// Where bids are sealed everybody's call is in the same block: the one that ours is in.
    func blockRunner(_ number: Int) -> UInt64 {
        model.mode == .sealedBid ? 0 : UInt64(number)
    }

    func close(_ target: Target, by number: Int) {
        if model.mode == .sealedBid, episodes[target]?.hasBid == true,
            highestBidPpm(on: target) < RivalModel.ownBidPpm
        {
            return
        }
        session?.desk.closeByOther(
            target, named: "rival-\(number)",
            gainMinUnits: execution.gasUnits(under: board, closes: 1))
    }

    private func highestBidPpm(on target: Target) -> UInt64 {
        let draws = draws(target)
        return (1...max(1, rivalCount)).map { number in
            var generator = draws.generator(of: UInt64(number))
            return generator.number(in: RivalModel.rivalBidPpm)
        }.max() ?? 0
    }

    func draws(_ target: Target) -> RaceDraws {
        RaceDraws(
            seed: model.seed, target: target, episode: episodes[target]?.number ?? 0)
    }

    // MARK: Our own calls

    private func delay(of attempt: CloseAttempt) -> TimeSpan {
        let target = attempt.intent.plan.target
        var episode = episodes[target] ?? Episode(number: 0)
        let runner = episode.attemptCount == 0 ? 0 : 10_000 + episode.attemptCount
        episode.attemptCount += 1
        episode.hasBid = true
        episodes[target] = episode
        var generator = draws(target).generator(of: runner)
        let now = session?.timetable.now ?? attempt.intent.proposedAt
        return execution.delay(from: now, under: board, using: &generator)
    }

    private func note(_ attempt: CloseAttempt, _ answer: CloseAnswer) {
        let gas = execution.gasUnits(
            under: board, closes: attempt.intent.plan.action.closeCount)
        costs.gasUnits = costs.gasUnits + gas
        costs.callCount += 1
        guard case .settled = answer else {
            costs.gasLostUnits = costs.gasLostUnits + gas
            return
        }
        let expected = attempt.intent.expectation.grossUnits
        guard model.mode == .sealedBid, rivalCount > 0, !expected.isNegative else { return }
        let bid = expected.magnitude * UInt256(RivalModel.ownBidPpm) / UInt256(1_000_000)
        costs.bidUnits = costs.bidUnits + (Int256(exactly: bid) ?? .max)
    }
}

/// What the ledger of a dry run does not know: the price of its calls.
package struct RaceCosts: Hashable, Sendable {
    package internal(set) var callCount: UInt64 = 0
    package internal(set) var gasUnits = Int256.zero
    /// Of calls that closed nothing.
    package internal(set) var gasLostUnits = Int256.zero
    package internal(set) var bidUnits = Int256.zero
    /// Closes that others made.
    package internal(set) var missedCount: UInt64 = 0
}
