import KeeperEngine
import KeeperModel
import KeeperRisk
import KeeperRuntime
import VenueSimulator

/// What must hold whatever happens. The first violation ends the run and names itself.
extension SimulatedWorld {
    /// After every event: cheap enough to be asked always.
    func checkAfterEvent(_ keeper: Keeper) {
        let disagreements = keeper.engine.disagreements()
        if let target = disagreements.first {
            violate("index and exact scan disagree about \(target.account) in \(target.market)")
        }
        let reserved = domains.reduce(0) {
            $0 + keeper.engine.risk.inventory(of: $1.id).reservationCount
        }
        let expected = keeper.engine.openIntentCount - keeper.engine.bookedIntentCount
        if reserved != expected {
            violate("\(reserved) reservations for \(expected) intents that may still spend")
        }
        if let crowd = keeper.engine.crowd, let violation = CrowdWitness(crowd).violation {
            violate(violation)
        }
        for domain in domains {
            if let asset = domain.assetBelievedOtherwise(by: keeper) {
                violate("the keeper's price of \(asset) is none that was in force")
            }
        }
        checkBounds(keeper)
        noteStates(of: keeper)
    }

    /// A version that has shown too little sends nothing large: counted in the books, not by whom
    /// it is that decides.
    func checkCanary(_ intent: CloseIntent) {
        guard let rule = limits.canary, intent.expectation.notionalUnits > rule.notionalMaxUnits
        else { return }
        attempt { () throws(KeeperStop) in
            let record = try books.strategyRecords().first { $0.run == intent.run }
            guard record?.wonCount ?? 0 < rule.wonCountMin else { return }
            violate("\(intent.plan.clientID) is large for \(intent.strategy), which is new")
        }
    }

    /// What is remembered has to be bounded by what there is, and what waits by what comes.
    private func checkBounds(_ keeper: Keeper) {
        let load = keeper.engine.load
        let (accounts, words) = (load.accountCount, load.keptWordCount)
        let purses = limits.treasury?.purses.count ?? 0
        if load.openIntentCount > limits.openIntentsMax + purses {
            violate("\(load.openIntentCount) intents are open, limit \(limits.openIntentsMax)")
        }
        // A market that waits for its whole set may know fewer accounts than it will again.
        let isCertain = domains.allSatisfy {
            keeper.engine.domain($0.id)?.uncertainMarkets.isEmpty ?? false
        }
        if isCertain,
            load.verdictCount > accounts + purses || load.settledVersionCount > accounts
        {
            violate(
                "\(load.verdictCount) verdicts and \(load.settledVersionCount) settled versions "
                    + "are kept about \(accounts) accounts")
        }
        if load.restCount > accounts + 1_024 || words > 4_096 {
            violate("\(load.restCount) rests and \(words) words are kept")
        }
        if isCertain, load.heldCount > accounts {
            violate("\(load.heldCount) plans wait for a person, of \(accounts) accounts")
        }
        // Whole sets come in pages of a row at least, and what else a height says is a handful of
        // letters for each market.
        let there = domains.reduce(0) {
            $0 + $1.accountCount + 16 * $1.venue.scenario.markets.count
        }
        if keeper.inbox.count > 4 * there + Int(keeper.inbox.droppedCount) {
            violate("\(keeper.inbox.count) letters wait, of \(there) things to speak about")
        }
    }

    func checkAtEnd() {
        guard violations.isEmpty else { return }
        guard let keeper, keeper.isDrained else {
            return violate("an intent is still open at the end")
        }
        for domain in domains { domain.checkAtEnd(keeper) }
    }
}
