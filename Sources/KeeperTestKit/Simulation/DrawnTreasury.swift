import KeeperModel
import KeeperRisk
import WideMath

/// How full a seed's purses are meant to be, and what is kept aside: often too little of something.
struct DrawnTreasury {
    let rules: TreasuryRules
    let reserve: [AssetAmount]

    init(rules: TreasuryRules, reserve: [AssetAmount]) {
        self.rules = rules
        self.reserve = reserve
    }

    init(seed: UInt64, domains: [DomainID]) {
        var lots = SeededGenerator(seed: seed ^ 0x7075_7273_65)
        let usd = Self.purse("USD", decimals: 6, unit: UInt256(1_000_000_000), &lots)
        let ether = Self.purse(
            "ETH", decimals: 18, unit: UInt256(100_000_000_000_000_000), &lots)
        rules = TreasuryRules(
            isAutomatic: true, coolDown: .seconds(Int64(lots.number(in: 1...20))),
            gasPerTransferMaxUnits: UInt256(lots.number(in: 5_000_000...2_000_000_000)),
            purses: domains.flatMap { domain in [usd, ether].map { $0.rule(in: domain) } })
        reserve = [usd, ether].map { AssetAmount(asset: $0.asset, amount: $0.reserve) }
    }

    private struct Purse {
        let asset: AssetID
        let decimals: UInt8
        let floor: UInt256
        let target: UInt256
        let ceiling: UInt256
        let perTransferMax: UInt256
        let perDayMax: UInt256
        let reserve: UInt256

        func rule(in domain: DomainID) -> PurseRule {
            PurseRule(
                domain: domain, asset: asset, decimals: decimals, floor: floor, target: target,
                ceiling: ceiling, perTransferMax: perTransferMax, perDayMax: perDayMax)
        }
    }

    private static func purse(
        _ name: String, decimals: UInt8, unit: UInt256, _ lots: inout SeededGenerator
    ) -> Purse {
        func amount(_ range: ClosedRange<UInt64>) -> UInt256 {
            unit * UInt256(lots.number(in: range))
        }
        let floor = amount(0...30)
        let target = floor + amount(0...30)
        let ceiling = target + amount(0...40)
        return Purse(
            asset: AssetID(name), decimals: decimals, floor: floor, target: target,
            ceiling: ceiling, perTransferMax: amount(1...60), perDayMax: amount(60...300),
            reserve: lots.chance(ppm: 150_000) ? .zero : amount(0...200))
    }
}

extension SimulatedWorld {
    static func limits(
        _ drawn: FaultPlan, _ faults: FaultPlan, _ treasury: DrawnTreasury?
    ) -> RiskLimits {
        drawn[.stalledDomain] > 0
            ? .neverReached(treasury: treasury?.rules)
            : .narrow(canary: faults[.canary] > 0 ? canary : nil, treasury: treasury?.rules)
    }
}
