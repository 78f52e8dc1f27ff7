import KeeperModel
import KeeperRuntime
import VenueSimulator
import WideMath

/// Who else is at a seed's venue: rivals with purses of their own, and the owners of accounts.
final class SimulatedPeople {
    var rivals: Rivals
    var customers: Customers?

    init(_ faults: FaultPlan, seed: UInt64, at venue: inout ReferenceVenue) {
        var generator = SeededGenerator(seed: seed ^ 0x7065_6F70_6C65)
        rivals = Rivals(faults.present.compactMap(\.rival), seed: seed)
        if faults[.customers] > 0 {
            customers = Customers(hazardMaxPpm: faults[.customers], seed: seed)
        }
        venue.impact = PriceImpact(
            strengthPpm: faults[.impact], decayPpm: generator.number(in: 50_000...500_000))
        for kind in rivals.kinds {
            var purse = [
                AssetAmount(
                    asset: venue.scenario.quote.asset,
                    amount: UInt256(generator.number(in: 0...60_000_000_000)))
            ]
            if let gas = venue.chain?.gasAsset {
                let milliwholes = UInt256(generator.number(in: 100...20_000))
                purse.append(
                    AssetAmount(asset: gas, amount: milliwholes * 1_000_000_000_000_000))
            }
            venue.admit(keeper: kind.name, endowedWith: purse)
        }
    }
}

extension SimulatedDomain {
    /// Owners act as the height comes, rivals each in their own time after it.
    func letPeopleAct() {
        guard !venue.isOver else { return }
        if let acts = people.customers?.act(on: &venue) { tell(acts, as: "customer") }
        for (kind, milliseconds) in people.rivals.delays() {
            world.timetable.at(world.timetable.now + .milliseconds(Int64(milliseconds))) {
                [self] in
                guard !venue.isOver, !world.isStill else { return }
                tell(people.rivals.act(kind, on: &venue, through: &chain), as: kind.name)
            }
        }
        checkPeople()
        checkBounds()
    }

    private func tell(_ acts: [PersonAct], as kind: String) {
        for act in acts {
            world.coverage.note(.acts, "\(kind) \(act.what)")
            tell("\(act.who) \(act.what): \(act.detail)")
        }
    }
}
