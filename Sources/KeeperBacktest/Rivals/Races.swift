import KeeperModel
import KeeperRuntime

/// The races of one run, one for each venue: whoever is after accounts at one of them is nowhere
/// else, and pays that venue's gas.
final class Races: DecisionSink {
    private let races: [DomainID: Race]
    private let decisions: any DecisionSink

    init(_ races: [DomainID: Race], decisions: any DecisionSink) {
        self.races = races
        self.decisions = decisions
    }

    func join(_ session: VirtualSession) {
        for desk in session.desks { races[desk.domain]?.join(desk, session.timetable) }
    }

    func race(at domain: DomainID) -> Race? { races[domain] }

    func append(_ decision: Decision) throws(KeeperStop) {
        try decisions.append(decision)
        races[decision.target.domain]?.take(decision)
    }
}
