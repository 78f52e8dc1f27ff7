import KeeperModel
import LiquidationRules
import WideMath

/// The keeper's movements of one close, each with its worth at the venue's own price.
struct MovementLedger {
    private let market: LendingMarket?
    private let quote: AssetDescription
    private(set) var movements: [Movement] = []

    init(market: LendingMarket?, quote: AssetDescription) {
        self.market = market
        self.quote = quote
    }

    mutating func came(_ amount: UInt256, _ asset: AssetID, _ cause: MovementCause) {
        post(amount, asset, cause, isNegative: false)
    }

    mutating func went(_ amount: UInt256, _ asset: AssetID, _ cause: MovementCause) {
        post(amount, asset, cause, isNegative: true)
    }

    private mutating func post(
        _ amount: UInt256, _ asset: AssetID, _ cause: MovementCause, isNegative: Bool
    ) {
        guard !amount.isZero, let signed = Int256(magnitude: amount, isNegative: isNegative),
            let value = Int256(magnitude: worth(amount, asset), isNegative: isNegative)
        else { return }
        movements.append(Movement(asset: asset, amount: signed, cause: cause, valueUnits: value))
    }

    /// The quote counts itself; everything else by the mark, toward zero.
    private func worth(_ amount: UInt256, _ asset: AssetID) -> UInt256 {
        guard asset != quote.asset else { return amount }
        // An amount that was just moved has a value, or the rules had refused it.
        return (try? market?.reserve(of: asset)?.value(of: amount, rounding: .down)) ?? .zero
    }
}
