import KeeperModel
import KeeperRuntime
import VenueSimulator
package import WideMath

/// The other side of one run at one venue: rivals who set out when our own engine says that an
/// account may be closed, and what our calls cost.
final class Race {
    private let model: RivalModel
    let rivalCount: Int
    let execution: ExecutionModel
    let board: ConditionsBoard
    private(set) weak var desk: VirtualDesk?
    private(set) weak var timetable: VirtualTimetable?
    /// Those that somebody may buy from.
    var openPlaces: [Target: OpenPlace] = [:]
    private var episodes: [Target: Episode] = [:]
    private(set) var costs = RaceCosts()

    private struct Episode {
        var number: UInt64
        var attemptCount: UInt64 = 0
        /// By which a sealed bid of ours is in the same block as the rivals'.
        var hasBid = false
    }

    init(
        _ model: RivalModel, rivalCount: Int, execution: ExecutionModel, board: ConditionsBoard
    ) {
        self.model = model
        self.rivalCount = rivalCount
        self.execution = execution
        self.board = board
    }

    /// A desk and its race know each other; the session owns both.
    func join(_ desk: VirtualDesk, _ timetable: VirtualTimetable) {
        self.desk = desk
        self.timetable = timetable
        // The session's keeper owns the race, so there is one for as long as anybody asks.
        desk.delay = { [weak self] in self?.delay(of: $0) ?? .zero }
        desk.onAnswer = { [weak self] in self?.note($0, $1) }
    }

    /// Of a target at this venue.
    func take(_ decision: Decision) {
        switch decision.verdict {
        case .eligible: begin(decision.target)
        case .missed: costs.missedCount += 1
        default: break
        }
    }

    // MARK: Rivals

    private func begin(_ target: Target) {
        episodes[target] = Episode(number: (episodes[target]?.number ?? 0) + 1)
        guard rivalCount > 0, let timetable else { return }
        if desk?.venue.isPlace(target) == true {
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
        desk?.closeByOther(
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
        let now = timetable?.now ?? attempt.intent.proposedAt
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

    /// Of all venues together.
    static func + (left: RaceCosts, right: RaceCosts) -> RaceCosts {
        var sum = left
        sum.callCount += right.callCount
        sum.gasUnits += right.gasUnits
        sum.gasLostUnits += right.gasLostUnits
        sum.bidUnits += right.bidUnits
        sum.missedCount += right.missedCount
        return sum
    }
}
