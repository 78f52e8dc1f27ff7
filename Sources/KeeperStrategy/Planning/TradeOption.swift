import KeeperModel
import WideMath

/// One way to close: so much paid, so much taken, sold or kept for so much.
struct TradeOption {
    let kind: CloseKind
    let payAsset: AssetID
    let takeAsset: AssetID
    let paid: UInt256
    /// What the close may pay at most: more than planned where the whole of a side is meant,
    /// because interest and prices go on and a rest would be refused as dust.
    let paidMax: UInt256
    let paidMaxUnits: UInt256
    let paidUnits: UInt256
    let taken: UInt256
    let takenUnits: UInt256
    let exit: ExitValue
    let source: PaymentSource
    /// On what is paid as planned, and on the most that may be.
    let flashPremium: UInt256
    let flashPremiumMax: UInt256
    /// On a chain; nothing where calls are free.
    let sendingCostUnits: UInt256
    let ageSeconds: UInt64

    /// The bonus at the oracle's prices.
    var grossUnits: Int256 { signed(takenUnits) - signed(paidUnits) }
    var netUnits: Int256 {
        signed(exit.units) - signed(paidUnits) - signed(flashPremium) - signed(sendingCostUnits)
    }

    /// How far what becomes of the collateral stays below its worth.
    var exitCostUnits: Int256 { signed(takenUnits) - signed(exit.units) }

    func close(_ strategy: Strategy) -> LendingClose {
        LendingClose(
            repayAsset: payAsset, repayAmountMax: paidMax, seizeAsset: takeAsset,
            seizeAmountMin: strategy.lessTolerance(taken),
            funding: source == .flash ? .flash(premiumMax: flashPremiumMax) : .inventory,
            exit: exit(strategy))
    }

    /// What the inventory has to have for it.
    var needed: [AssetAmount] {
        source == .inventory ? [AssetAmount(asset: payAsset, amount: paidMax)] : []
    }

    var facts: [DecisionFact] {
        [
            DecisionFact("repayAsset", payAsset.text),
            DecisionFact("repaid", paid.description),
            DecisionFact("seizeAsset", takeAsset.text),
            DecisionFact("seized", taken.description),
            DecisionFact("seizedUnits", takenUnits.description),
            DecisionFact("proceeds", exit.units.description),
            DecisionFact("flashPremium", flashPremium.description),
        ]
    }

    /// Never less than what went in: a sale that would lose is refused by the venue, not booked.
    private func exit(_ strategy: Strategy) -> Exit {
        guard exit.isSold else { return .hold }
        return .sell(
            proceedsMin: max(strategy.lessTolerance(exit.units), paidMaxUnits + flashPremiumMax))
    }

    private func signed(_ amount: UInt256) -> Int256 { Int256(exactly: amount) ?? .max }
}

/// Where a payment comes from.
enum PaymentSource: Hashable {
    case inventory
    case flash
}

extension FundingChoice {
    var sources: [PaymentSource] {
        switch self {
        case .inventory: [.inventory]
        case .flash: [.flash]
        case .cheapest: [.inventory, .flash]
        }
    }
}

extension Strategy {
    /// The least that is still taken of what was planned.
    func lessTolerance(_ amount: UInt256) -> UInt256 {
        amount - amount / UInt256(1_000_000) * UInt256(exit.tolerancePpm)
    }

    /// How far prices may move between plan and settlement before the rules refuse what the close
    /// leaves as dust: as far as the exit bears it.
    var driftPpm: UInt64 {
        let tolerancePpm = exit.tolerancePpm
        return tolerancePpm == 0 ? Self.usualDriftPpm : tolerancePpm
    }

    private static let usualDriftPpm: UInt64 = 5_000
}
