package import KeeperModel
import WideMath

/// What a recorded change of an account is, and the same change made to another position.
package enum PositionChange {
    /// Takes both sides down together: debt and collateral, or lots.
    package static func isClose(from old: AccountPosition, to new: AccountPosition) -> Bool {
        switch (old, new) {
        case (.lending(let old), .lending(let new)):
            hasFallen(old.debts, new.debts) && hasFallen(old.collateral, new.collateral)
        case (.margin(let old), .margin(let new)):
            old.side == new.side && new.lots < old.lots
        case (.trove(let old), .trove(let new)):
            new.debt < old.debt && new.collateral < old.collateral
        case (.auction(let old), .auction(let new)): new.tab < old.tab || new.lot < old.lot
        // Somebody else bought, and came too late.
        case (.goods(let old), .goods(let new)): new.quantity < old.quantity
        case (.euler(let old), .euler(let new)):
            new.owedExact < old.owedExact && hasFallen(old.collateral, new.collateral)
        default: false
        }
    }

    private static func hasFallen(_ old: [ScaledBalance], _ new: [ScaledBalance]) -> Bool {
        old.contains { balance in
            let now = new.first { $0.asset == balance.asset }?.scaledAmount ?? .zero
            return now < balance.scaledAmount
        }
    }

    /// The fork with the record's change on top; nil where nothing is left of it.
    package static func moved(
        _ fork: AccountPosition?, from old: AccountPosition, to new: AccountPosition
    ) -> AccountPosition? {
        switch (fork, old, new) {
        case (.lending(let fork), .lending(let old), .lending(let new)):
            moved(fork, from: old, to: new)
        case (nil, .lending(let old), .lending(let new)):
            moved(LendingPosition(collateral: [], debts: []), from: old, to: new)
        case (.margin(let fork), .margin(let old), .margin(let new))
        where fork.side == new.side && old.side == new.side:
            moved(fork, from: old, to: new)
        case (nil, .margin(let old), .margin(let new)) where old.side == new.side:
            moved(
                MarginPosition(
                    side: new.side, lots: 0, entryPrice: new.entryPrice, marginUnits: 0),
                from: old, to: new)
        case (.euler(let fork), .euler(let old), .euler(let new)):
            moved(fork, from: old, to: new)
        case (.trove(var fork), .trove(let old), .trove(let new)):
            moved(&fork, from: old, to: new)
        case (.auction(let fork), .auction, .auction(let new)):
            .auction(
                AuctionPosition(
                    tab: fork.tab, lot: fork.lot, topRay: new.topRay,
                    startedAtSeconds: new.startedAtSeconds))
        case (.goods(let fork), .goods(let old), .goods(let new)):
            .goods(
                GoodsPosition(
                    asset: new.asset,
                    quantity: fork.quantity.moved(from: old.quantity, to: new.quantity)))
        // What was taken is gone, whatever the feed goes on asking for it.
        case (nil, .offer, .offer): nil
        case (nil, .euler(let old), .euler(let new)):
            moved(
                EulerPosition(
                    collateral: [], owedExact: .zero, accumulatorRay: new.accumulatorRay),
                from: old, to: new)
        default:
            // The position turned around, or became one of another kind: it is a new one, and real.
            new
        }
    }

    private static func moved(
        _ fork: LendingPosition, from old: LendingPosition, to new: LendingPosition
    ) -> AccountPosition? {
        let position = LendingPosition(
            collateral: moved(fork.collateral, from: old.collateral, to: new.collateral),
            debts: moved(fork.debts, from: old.debts, to: new.debts))
        return position.collateral.isEmpty && position.debts.isEmpty ? nil : .lending(position)
    }

    /// A close leaves nothing of a trove, so one that is forked still is as it was opened.
    private static func moved(
        _ fork: inout TrovePosition, from old: TrovePosition, to new: TrovePosition
    ) -> AccountPosition? {
        fork.collateral = fork.collateral.moved(from: old.collateral, to: new.collateral)
        fork.debt = fork.debt.moved(from: old.debt, to: new.debt)
        return .trove(fork)
    }

    /// Interest between two accumulators is small beside what an account borrows or repays.
    private static func moved(
        _ fork: EulerPosition, from old: EulerPosition, to new: EulerPosition
    ) -> AccountPosition? {
        let position = EulerPosition(
            collateral: moved(fork.collateral, from: old.collateral, to: new.collateral),
            owedExact: fork.owedExact.moved(from: old.owedExact, to: new.owedExact),
            accumulatorRay: new.accumulatorRay)
        return position.collateral.isEmpty && position.owedExact.isZero ? nil : .euler(position)
    }

    private static func moved(
        _ fork: MarginPosition, from old: MarginPosition, to new: MarginPosition
    ) -> AccountPosition? {
        var position = fork
        position.lots += new.lots - old.lots
        position.marginUnits += new.marginUnits - old.marginUnits
        position.entryPrice = new.entryPrice
        return position.lots > 0 ? .margin(position) : nil
    }

    private static func moved(
        _ fork: [ScaledBalance], from old: [ScaledBalance], to new: [ScaledBalance]
    ) -> [ScaledBalance] {
        let assets = Set((fork + new).map(\.asset)).sorted()
        func amount(_ asset: AssetID, _ balances: [ScaledBalance]) -> UInt256 {
            balances.first { $0.asset == asset }?.scaledAmount ?? .zero
        }
        return assets.compactMap { asset in
            let moved = amount(asset, fork).moved(
                from: amount(asset, old), to: amount(asset, new))
            return moved.isZero ? nil : ScaledBalance(asset: asset, scaledAmount: moved)
        }
    }
}

extension UInt256 {
    /// The same step from here, never below nothing.
    fileprivate func moved(from old: UInt256, to new: UInt256) -> UInt256 {
        new >= old ? saturatingAdd(new - old) : saturatingSubtract(old - new)
    }
}
