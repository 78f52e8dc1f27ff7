import KeeperModel
import LiquidationRules
package import WideMath

/// The keeper's movements of one close, each with its worth at the venue's own price.
struct MovementLedger {
    private let marks: [AssetID: Mark]
    private let quote: AssetDescription
    private(set) var movements: [Movement] = []

    init(_ world: ClosingWorld) {
        marks = world.marks
        quote = world.quote
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
        asset == quote.asset ? amount : marks[asset]?.worth(of: amount) ?? .zero
    }
}

/// The venue's own price of an asset: units of the quote currency for one whole token.
package struct Mark: Hashable, Sendable {
    package let price: UInt256
    /// One whole token in its smallest units.
    package let unit: UInt256

    package init(price: UInt256, unit: UInt256) {
        self.price = price
        self.unit = unit
    }

    /// Rounded down; nothing where it does not fit 256 bits.
    package func worth(of amount: UInt256) -> UInt256 {
        // An amount that was just moved has a value, or the rules had refused it.
        (try? mulDiv(amount, price, dividingBy: unit, rounding: .down)) ?? .zero
    }
}
