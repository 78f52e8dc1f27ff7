import KeeperJournal
import KeeperModel
import WideMath

/// What sales paid, in the place of what was sold was worth by the oracle. Where one close sells
/// several assets, what it was paid is divided by their worths, and no unit of it is lost.
enum SaleProceeds {
    static func applied(to movements: [InventoryMovement]) -> [InventoryMovement] {
        var shares: [Int64: Share] = [:]
        for (entry, sale) in sales(in: movements) where !sale.worth.isZero {
            shares[entry] = Share(amount: sale.worth, units: sale.paid)
        }
        return movements.map { movement in
            guard movement.cause == .exitSold, !movement.valueUnits.isZero,
                let paid = shares[movement.entry]?.part(movement.valueUnits.magnitude),
                let value = Int256(magnitude: paid, isNegative: !paid.isZero)
            else { return movement }
            return InventoryMovement(
                entry: movement.entry, domain: movement.domain, asset: movement.asset,
                occurredAt: movement.occurredAt, cause: movement.cause, amount: movement.amount,
                valueUnits: value)
        }
    }

    /// By entry: what was sold in it by the oracle, and what was paid for all of that.
    private static func sales(
        in movements: [InventoryMovement]
    ) -> [Int64: (worth: UInt256, paid: UInt256)] {
        var sales: [Int64: (worth: UInt256, paid: UInt256)] = [:]
        for movement in movements {
            switch movement.cause {
            case .exitSold:
                sales[movement.entry, default: (.zero, .zero)].worth +=
                    movement.valueUnits.magnitude
            case .exitProceeds:
                sales[movement.entry, default: (.zero, .zero)].paid += movement.valueUnits.magnitude
            default: break
            }
        }
        return sales
    }
}
