import KeeperEngine
import KeeperModel
import KeeperRuntime
import VenueSimulator
import WideMath

/// What things sell for elsewhere, as a domain's keeper hears of it: mostly the truth, now and then
/// far from it, and for as long silent as the rest of the feed is.
struct PartingPrices {
    private var astray: [AssetID: Astray] = [:]

    private struct Astray {
        let factorPpm: UInt64
        let untilHeight: UInt64
    }

    static let partingMaxPpm: UInt64 = 60_000

    /// Skips, or asks a person and waits.
    static func rule(using generator: inout SeededGenerator) -> PartingRule {
        PartingRule(
            partingMaxPpm: partingMaxPpm, policy: generator.chance(ppm: 500_000) ? .skip : .hold,
            holdMax: .milliseconds(Int64(generator.number(in: 1_000...9_000))))
    }

    /// At one height, beside what the venue's own oracle says.
    mutating func updates(in domain: SimulatedDomain) -> [PriceUpdate] {
        guard domain.has(.partingPrices) else { return [] }
        let venue = domain.venue
        return venue.scenario.assets.map(\.description.asset).compactMap { asset in
            guard let truth = venue.truePrice(of: asset) else { return nil }
            if astray[asset].map({ $0.untilHeight <= venue.height }) ?? true {
                astray[asset] = nil
                if !domain.isClosing, domain.draw(.partingPrices) {
                    lead(asset, astray: domain)
                }
            }
            let factorPpm = astray[asset]?.factorPpm ?? 1_000_000
            return PriceUpdate(
                asset: asset, kind: .market,
                price: max(.one, UInt256(truth) * UInt256(factorPpm) / 1_000_000),
                round: venue.height + 1, sourceAt: venue.world.now)
        }
    }

    private mutating func lead(_ asset: AssetID, astray domain: SimulatedDomain) {
        let factorPpm = domain.draw(in: 850_000...1_150_000)
        let heights = domain.draw(in: 2...15)
        astray[asset] = Astray(factorPpm: factorPpm, untilHeight: domain.venue.height + heights)
        domain.tell("\(asset) sells for \(factorPpm) ppm of what it is worth, \(heights) heights")
    }
}

extension SimulatedDomain {
    /// Of those that are held somebody lets some go on, in his own time.
    func letPersonDecide(about target: Target) {
        var lots = SeededGenerator(seed: chanceSeed ^ target.mixed ^ 0x6170_7072)
        guard lots.chance(ppm: 400_000) else { return }
        let life = world.lives
        let wait = TimeSpan.milliseconds(Int64(lots.number(in: 200...6_000)))
        world.timetable.at(now + wait) { [self] in
            guard life == world.lives else { return }
            tell("a person lets the close of \(target.account) go on")
            approved.insert(target)
            deliver(.approvalGiven(target), toLife: life)
        }
    }
}
