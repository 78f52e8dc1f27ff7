package import WideMath

/// A running auction: what it has to bring (rad) and what it has to sell (wad).
package struct MakerAuction: Hashable, Sendable {
    package let tab: UInt256
    package let lot: UInt256

    package init(tab: UInt256, lot: UInt256) {
        self.tab = tab
        self.lot = lot
    }

    /// The auction has run too long, or fallen too far, and must be restarted before it sells.
    package static func needsReset(
        elapsedSeconds: UInt64, tailSeconds: UInt64, priceRay: UInt256, topRay: UInt256,
        cuspRay: UInt256
    ) throws(ArithmeticError) -> Bool {
        let fallen = try rayDiv(priceRay, topRay, rounding: .down)
        return elapsedSeconds > tailSeconds || fallen < cuspRay
    }

    /// What the keeper who starts it is paid: a flat tip and a part of the tab.
    package static func incentive(
        tip: UInt256, chip: UInt256, tab: UInt256
    ) throws(ArithmeticError) -> UInt256 {
        try tip.checkedAdd(wadMul(tab, chip, rounding: .down))
    }

    /// The oracle's value as a ray, in the unit that `par` sets.
    package static func feedPriceRay(
        value: UInt256, parRay: UInt256
    ) throws(ArithmeticError) -> UInt256 {
        try rayDiv(value.checkedMultiply(1_000_000_000), parRay, rounding: .down)
    }
}

/// One purchase from an auction.
package struct MakerTake: Hashable, Sendable {
    package let slice: UInt256
    package let owe: UInt256
    package let auction: MakerAuction
    package let isClosed: Bool
    package let collateralReturned: UInt256
    package let badDebt: UInt256

    /// Never more than the tab, and never so much that less than `chost` is left to bring while
    /// there is something left to sell.
    package static func quote(
        _ amount: UInt256, of auction: MakerAuction, priceRay: UInt256, chost: UInt256
    ) throws(ArithmeticError) -> Result<MakerTake, MakerRefusal> {
        var slice = min(auction.lot, amount)
        var owe = try slice.checkedMultiply(priceRay)
        if owe > auction.tab {
            owe = auction.tab
            slice = owe / priceRay
        } else if owe < auction.tab, slice < auction.lot, auction.tab - owe < chost {
            guard auction.tab > chost else { return .failure(.noPartialPurchase) }
            owe = auction.tab - chost
            slice = try owe.divided(by: priceRay, rounding: .down)
        }
        let rest = MakerAuction(tab: auction.tab - owe, lot: auction.lot - slice)
        return .success(
            MakerTake(
                slice: slice, owe: owe, auction: rest,
                isClosed: rest.lot.isZero || rest.tab.isZero,
                collateralReturned: rest.tab.isZero ? rest.lot : .zero,
                badDebt: rest.lot.isZero ? rest.tab : .zero))
    }
}
