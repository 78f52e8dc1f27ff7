import KeeperCodec
package import KeeperModel
package import WideMath

/// What a venue says about the keeper, to be held against the books.
package struct VenueStatement: Hashable, Sendable {
    package let domain: DomainID
    /// The keeper's own name in settlements.
    package let keeper: String
    /// Every settlement up to `balances`' height, in any order.
    package let settlements: [SettlementRecord]
    package let balances: [AssetAmount]

    package init(
        domain: DomainID, keeper: String, settlements: [SettlementRecord], balances: [AssetAmount]
    ) {
        self.domain = domain
        self.keeper = keeper
        self.settlements = settlements
        self.balances = balances
    }
}

/// One settlement on which venue and books disagree.
package struct SettlementDifference: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        /// The venue settled in our name what we never booked.
        case notBooked
        /// We booked what the venue does not know.
        case notAtVenue
        /// Both know it, with different content.
        case changed
    }

    package let kind: Kind
    package let id: UInt64
    package let revision: UInt64
    /// The keeper's lines at the venue less those in the books.
    package let unexplainedUnits: Int256
}

/// An asset that venue and books count differently.
package struct BalanceDifference: Hashable, Sendable {
    package let asset: AssetID
    package let reported: UInt256
    package let booked: Int256
    package let unexplained: Int256
}

package struct Reconciliation: Hashable, Sendable {
    package let matchedSettlementCount: Int
    /// The keeper's lines of the settlements that agree.
    package let explainedUnits: Int256
    package let settlementDifferences: [SettlementDifference]
    package let balanceDifferences: [BalanceDifference]

    package var isClean: Bool { settlementDifferences.isEmpty && balanceDifferences.isEmpty }
}

extension Journal {
    /// Holds a venue's statement against the books, settlement by settlement and asset by asset.
    package func reconcile(
        against statement: VenueStatement
    ) throws(JournalError) -> Reconciliation {
        var booked = try bookedSettlements(statement.domain)
        var differences: [SettlementDifference] = []
        var explained: [Int256] = []
        for record in statement.settlements where record.keeper == statement.keeper {
            let units = try record.keeperUnits()
            let key = SettlementKey(id: record.id, revision: record.revision)
            let ours = booked.removeValue(forKey: key)
            if let ours, ours.sha256 == SHA256.hash(record.jsonBytes) {
                explained.append(units)
                continue
            }
            differences.append(
                try key.difference(ours == nil ? .notBooked : .changed, units, ours?.units))
        }
        for (key, ours) in booked where ours.keeper == statement.keeper {
            differences.append(try key.difference(.notAtVenue, nil, ours.units))
        }
        differences.sort { ($0.id, $0.revision) < ($1.id, $1.revision) }
        return Reconciliation(
            matchedSettlementCount: explained.count, explainedUnits: try exactSum(explained),
            settlementDifferences: differences,
            balanceDifferences: try balanceDifferences(statement))
    }

    private func bookedSettlements(
        _ domain: DomainID
    ) throws(JournalError) -> [SettlementKey: BookedSettlement] {
        let rows = try database.rows(
            """
            SELECT id, revision, keeper, keeper_units, sha256 FROM settlements
            WHERE domain = ? AND NOT EXISTS (
                SELECT 1 FROM entries WHERE entries.reverses = settlements.entry)
            """, [.text(domain.text)]
        ) { (row) throws(JournalError) in
            guard let id = UInt64(row.text(0)), let revision = UInt64(row.text(1)) else {
                throw .malformedRow(table: "settlements", detail: "\(row.text(0)) \(row.text(1))")
            }
            let settlement = BookedSettlement(
                keeper: row.text(2), units: try amount(row.blob(3)), sha256: row.blob(4))
            return (SettlementKey(id: id, revision: revision), settlement)
        }
        // A venue that names one settlement in two fills is caught by the balances.
        return Dictionary(rows) { first, _ in first }
    }

    private func balanceDifferences(
        _ statement: VenueStatement
    ) throws(JournalError) -> [BalanceDifference] {
        var reported: [AssetID: UInt256] = [:]
        for balance in statement.balances { reported[balance.asset] = balance.amount }
        var booked: [AssetID: Int256] = [:]
        for balance in try balances() where balance.domain == statement.domain {
            booked[balance.asset] = balance.amount
        }
        var differences: [BalanceDifference] = []
        for asset in Set(reported.keys).union(booked.keys).sorted() {
            let theirs = reported[asset] ?? .zero
            let ours = booked[asset] ?? .zero
            guard let signed = Int256(exactly: theirs) else { throw .overflow }
            let unexplained = try exactDifference(signed, ours)
            if unexplained.isZero { continue }
            differences.append(
                BalanceDifference(
                    asset: asset, reported: theirs, booked: ours, unexplained: unexplained))
        }
        return differences
    }
}

private struct SettlementKey: Hashable {
    let id: UInt64
    let revision: UInt64

    func difference(
        _ kind: SettlementDifference.Kind, _ theirs: Int256?, _ ours: Int256?
    ) throws(JournalError) -> SettlementDifference {
        SettlementDifference(
            kind: kind, id: id, revision: revision,
            unexplainedUnits: try exactDifference(theirs ?? .zero, ours ?? .zero))
    }
}

private struct BookedSettlement {
    let keeper: String
    let units: Int256
    let sha256: [UInt8]
}

private func exactDifference(_ left: Int256, _ right: Int256) throws(JournalError) -> Int256 {
    do throws(ArithmeticError) {
        return try left.checkedSubtract(right)
    } catch {
        throw .overflow
    }
}
