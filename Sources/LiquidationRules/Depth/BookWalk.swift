package import KeeperModel
package import WideMath

/// What an order of a given size gets from one side of a book, level by level.
package struct BookFill: Hashable, Sendable {
    /// How much of the asset was sold or bought.
    package let quantity: UInt256
    /// In units of the quote currency; every level rounded against whoever takes.
    package let valueUnits: UInt256
    /// The price of the last level that was touched; 0 where none was.
    package let worstPrice: UInt64
}

extension DepthBook {
    /// Sells up to `quantity` into the bids, down to `limitPrice`. One whole token, or lot, is
    /// `unitScale` of the smallest units.
    package func selling(
        _ quantity: UInt256, downTo limitPrice: UInt64, unitScale: UInt256
    ) -> BookFill {
        walk(bids, quantity, unitScale, rounding: .down) { $0 >= limitPrice }
    }

    /// Buys up to `quantity` from the asks, up to `limitPrice`.
    package func buying(
        _ quantity: UInt256, upTo limitPrice: UInt64, unitScale: UInt256
    ) -> BookFill {
        walk(asks, quantity, unitScale, rounding: .up) { $0 <= limitPrice }
    }

    private func walk(
        _ levels: [DepthLevel], _ wanted: UInt256, _ unitScale: UInt256, rounding: Rounding,
        isWithinLimit: (UInt64) -> Bool
    ) -> BookFill {
        var left = wanted
        var valueUnits = UInt256.zero
        var worstPrice: UInt64 = 0
        for level in levels where left > .zero && isWithinLimit(level.price) {
            let taken = min(left, level.quantity)
            let value = (taken * UInt256(level.price)).quotientAndRemainder(dividingBy: unitScale)
            valueUnits += value.quotient
            if rounding == .up, value.remainder > .zero { valueUnits += .one }
            left -= taken
            worstPrice = level.price
        }
        return BookFill(
            quantity: wanted - left, valueUnits: valueUnits, worstPrice: worstPrice)
    }
}

extension DepthBook {
    /// The book as a sale of so much leaves it.
    package func sold(_ quantity: UInt256) -> DepthBook {
        DepthBook(asset: asset, bids: Self.without(quantity, bids), asks: asks)
    }

    /// The book as a purchase of so much leaves it.
    package func bought(_ quantity: UInt256) -> DepthBook {
        DepthBook(asset: asset, bids: bids, asks: Self.without(quantity, asks))
    }

    private static func without(_ quantity: UInt256, _ levels: [DepthLevel]) -> [DepthLevel] {
        var gone = quantity
        return levels.compactMap { level in
            let kept = level.quantity.saturatingSubtract(gone)
            gone = gone.saturatingSubtract(level.quantity)
            return kept.isZero ? nil : DepthLevel(price: level.price, quantity: kept)
        }
    }
}
