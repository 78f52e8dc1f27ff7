import WideMath

/// What redistributed troves left to each unit of stake, as running sums of 1e18.
package struct LiquityShares: Hashable, Sendable {
    package let collateral: UInt128
    package let debt: UInt128

    package init(collateral: UInt128, debt: UInt128) {
        self.collateral = collateral
        self.debt = debt
    }
}

/// A trove with what it gained from redistributions since its snapshot. Amounts have at most 96
/// bits, so that debt with all that comes to it fits its word.
package struct LiquityTrove: Hashable, Sendable {
    package let collateral: UInt128
    package let debt: UInt128
    package let stake: UInt128
    package let snapshot: LiquityShares

    package init?(collateral: UInt128, debt: UInt128, stake: UInt128, snapshot: LiquityShares) {
        guard max(collateral, debt, stake) < 1 << 96 else { return nil }
        self.collateral = collateral
        self.debt = debt
        self.stake = stake
        self.snapshot = snapshot
    }

    func collateral(at shares: UInt128) -> UInt256 {
        UInt256(collateral) + gain(of: shares, since: snapshot.collateral)
    }

    func debt(at shares: UInt128) -> UInt256 {
        UInt256(debt) + gain(of: shares, since: snapshot.debt)
    }

    private func gain(of shares: UInt128, since start: UInt128) -> UInt256 {
        // The sums only grow; less than at the snapshot is no gain.
        UInt256(stake) * UInt256(max(shares, start) - start) / wad
    }
}
