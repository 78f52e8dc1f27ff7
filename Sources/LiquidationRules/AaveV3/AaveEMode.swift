package import KeeperModel

/// A category of e-mode: assets that move together, and what an account that chose the category is
/// granted for them (`protocols.md` A1.3 step 2 and A1.6).
///
/// Up to 3.1 a reserve names the one category that it belongs to; from 3.2 on a category names its
/// collaterals by a bitmap. Either way the category's threshold and bonus take the place of the
/// reserve's own, for accounts in the category and for nobody else.
package struct AaveEModeCategory: Hashable, Sendable {
    package enum Members: Hashable, Sendable {
        /// Reserves whose own category is this one.
        case ofCategory(UInt8)
        /// Bit i stands for the reserve of index i.
        case bitmap(UInt128)
    }

    /// Never 0: that is no category.
    package let id: UInt8
    package let liquidationThresholdBps: UInt64
    package let liquidationBonusBps: UInt64
    package let collaterals: Members

    /// Nil for the id 0, which every account has that chose none.
    package init?(
        id: UInt8, liquidationThresholdBps: UInt64, liquidationBonusBps: UInt64,
        collaterals: Members
    ) {
        guard id != 0 else { return nil }
        self.id = id
        self.liquidationThresholdBps = liquidationThresholdBps
        self.liquidationBonusBps = liquidationBonusBps
        self.collaterals = collaterals
    }

    package func contains(_ place: AaveReservePlace) -> Bool {
        switch collaterals {
        case .ofCategory(let category): place.category == category
        case .bitmap(let bits): place.index < 128 && bits >> UInt128(place.index) & 1 == 1
        }
    }
}

/// Where a reserve stands in the pool's own lists.
package struct AaveReservePlace: Hashable, Sendable {
    package let index: UInt16
    /// Up to 3.1; 0 for a reserve in no category.
    package let category: UInt8

    package init(index: UInt16, category: UInt8 = 0) {
        self.index = index
        self.category = category
    }
}

extension AavePosition {
    /// The same position with the thresholds and bonuses that its owner's category grants. Debts
    /// are not touched: e-mode changes what collateral counts for, never what is owed.
    package func inEMode(
        _ category: AaveEModeCategory?, places: [AssetID: AaveReservePlace]
    ) -> AavePosition {
        guard let category else { return self }
        var position = self
        position.collateral = collateral.map { holding in
            guard let place = places[holding.reserve.terms.asset], category.contains(place) else {
                return holding
            }
            return AaveHolding(
                reserve: holding.reserve.granted(category), scaledAmount: holding.scaledAmount)
        }
        return position
    }
}

extension AaveReserve {
    fileprivate func granted(_ category: AaveEModeCategory) -> AaveReserve {
        AaveReserve(
            terms: ReserveTerms(
                asset: terms.asset, decimals: terms.decimals,
                liquidationThresholdBps: category.liquidationThresholdBps,
                liquidationBonusBps: category.liquidationBonusBps,
                protocolFeeBps: terms.protocolFeeBps),
            liquidityIndexRay: liquidityIndexRay, variableBorrowIndexRay: variableBorrowIndexRay,
            price: price)
    }
}
