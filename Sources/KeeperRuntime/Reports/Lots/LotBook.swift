package import KeeperJournal
package import KeeperModel
package import WideMath

/// Which of the lots at hand a disposal takes.
package enum LotMethod: String, Hashable, Sendable, CaseIterable {
    /// The earliest.
    case fifo
    /// The one that cost most per unit; among equals the earliest.
    case hifo
    /// The one of the same close, where that close acquired any; else the earliest.
    case specific
}

/// What was acquired at once and is at hand still, in whole or in part.
package struct Lot: Hashable, Sendable {
    package let entry: Int64
    package let acquiredAt: Instant
    package fileprivate(set) var amount: UInt256
    package fileprivate(set) var costUnits: UInt256
}

/// A part of a disposal, against the lot that it came from.
package struct LotDisposal: Hashable, Sendable {
    package let holding: Holding
    package let disposedAt: Instant
    /// Nil where nothing was at hand any more: the cost of what the books never saw come is zero.
    package let acquiredAt: Instant?
    package let amount: UInt256
    package let proceedsUnits: UInt256
    package let costUnits: UInt256

    package var gainUnits: Int256 { signed(proceedsUnits) - signed(costUnits) }
}

/// Where an asset is held: lots do not move between domains by themselves.
package struct Holding: Hashable, Sendable, Comparable {
    package let domain: DomainID
    package let asset: AssetID

    package static func < (left: Holding, right: Holding) -> Bool {
        (left.domain, left.asset) < (right.domain, right.asset)
    }
}

/// Lots and disposals of everything but the unit of account, from the ledger's movements alone.
///
/// What was seized cost what it was worth then: the bonus is income of that moment. What was sold
/// brought what the sale paid; what went otherwise, as gas does, brought what it was worth.
/// Amounts and values are exact. Where a lot or a disposal is divided, the part's value is rounded
/// down and what is left over stays with the rest, so that no unit of cost or proceeds is lost.
package struct LotBook: Sendable {
    package private(set) var disposals: [LotDisposal] = []
    private var open: [Holding: [Lot]] = [:]
    private let method: LotMethod

    package init(
        _ movements: [InventoryMovement], method: LotMethod, unit: AssetID
    ) {
        self.method = method
        let movements = SaleProceeds.applied(to: movements)
        for movement in movements where movement.asset != unit && !movement.amount.isZero {
            let holding = Holding(domain: movement.domain, asset: movement.asset)
            if movement.amount.isNegative {
                dispose(movement, of: holding)
            } else {
                open[holding, default: []].append(
                    Lot(
                        entry: movement.entry, acquiredAt: movement.occurredAt,
                        amount: movement.amount.magnitude,
                        costUnits: movement.valueUnits.magnitude))
            }
        }
    }

    /// What is at hand, by holding and then by time.
    package var openLots: [(holding: Holding, lot: Lot)] {
        open.keys.sorted().flatMap { holding in
            (open[holding] ?? []).map { (holding: holding, lot: $0) }
        }
    }

    private mutating func dispose(_ movement: InventoryMovement, of holding: Holding) {
        var left = Share(
            amount: movement.amount.magnitude, units: movement.valueUnits.magnitude)
        while !left.amount.isZero {
            let index = next(of: holding, for: movement.entry)
            let taken = index.map { take(left.amount, from: $0, of: holding) }
            let amount = taken?.amount ?? left.amount
            let proceeds = left.part(amount)
            disposals.append(
                LotDisposal(
                    holding: holding, disposedAt: movement.occurredAt,
                    acquiredAt: taken?.acquiredAt, amount: amount, proceedsUnits: proceeds,
                    costUnits: taken?.costUnits ?? .zero))
        }
    }

    /// The part of a lot that a disposal takes; a lot of which nothing is left is gone.
    private mutating func take(
        _ wanted: UInt256, from index: Int, of holding: Holding
    ) -> Lot {
        var lots = open[holding] ?? []
        let lot = lots[index]
        let amount = min(wanted, lot.amount)
        var rest = Share(amount: lot.amount, units: lot.costUnits)
        let cost = rest.part(amount)
        lots[index].amount = rest.amount
        lots[index].costUnits = rest.units
        if rest.amount.isZero { lots.remove(at: index) }
        open[holding] = lots
        return Lot(
            entry: lot.entry, acquiredAt: lot.acquiredAt, amount: amount, costUnits: cost)
    }

    private func next(of holding: Holding, for entry: Int64) -> Int? {
        let lots = open[holding] ?? []
        switch method {
        case .fifo: return lots.indices.first
        case .specific: return lots.firstIndex { $0.entry == entry } ?? lots.indices.first
        case .hifo:
            return lots.indices.reduce(nil) { (best: Int?, index) in
                guard let best else { return index }
                return lots[index].costsMore(than: lots[best]) ? index : best
            }
        }
    }
}

extension Lot {
    /// Per unit, without dividing: a/b > c/d is a·d > c·b, at full width.
    fileprivate func costsMore(than other: Lot) -> Bool {
        let left = costUnits.multipliedFullWidth(by: other.amount)
        let right = other.costUnits.multipliedFullWidth(by: amount)
        return (left.high, left.low) > (right.high, right.low)
    }
}

/// Amounts in the ledger are magnitudes of signed numbers, so they have room for a sign.
private func signed(_ units: UInt256) -> Int256 {
    guard let signed = Int256(exactly: units) else {
        preconditionFailure("A ledger's amounts fit a signed number")
    }
    return signed
}
