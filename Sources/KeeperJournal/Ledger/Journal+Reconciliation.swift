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
    /// What is kept aside there; nil where the venue keeps no reserve.
    package let reserve: [AssetAmount]?
    /// Every transfer that the venue carried out for the keeper, by its client id.
    package let transfers: [ClientID: ReserveTransfer]

    package init(
        domain: DomainID, keeper: String, settlements: [SettlementRecord],
        balances: [AssetAmount], reserve: [AssetAmount]? = nil,
        transfers: [ClientID: ReserveTransfer] = [:]
    ) {
        self.domain = domain
        self.keeper = keeper
        self.settlements = settlements
        self.balances = balances
        self.reserve = reserve
        self.transfers = transfers
    }
}

/// One transfer on which venue and books disagree.
package struct TransferDifference: Hashable, Sendable {
    package let clientID: ClientID
    /// What the venue carried out; nil where it knows none.
    package let atVenue: ReserveTransfer?
    /// What is booked; nil where nothing is.
    package let inBooks: ReserveTransfer?

    package init(
        clientID: ClientID, atVenue: ReserveTransfer?, inBooks: ReserveTransfer?
    ) {
        self.clientID = clientID
        self.atVenue = atVenue
        self.inBooks = inBooks
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
    package let matchedTransferCount: Int
    package let transferDifferences: [TransferDifference]
    package let reserveDifferences: [BalanceDifference]

    package var isClean: Bool {
        settlementDifferences.isEmpty && balanceDifferences.isEmpty
            && transferDifferences.isEmpty && reserveDifferences.isEmpty
    }
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
        let transferred = try bookedTransfers(statement.domain)
        let transferDifferences = statement.differences(from: transferred)
        return Reconciliation(
            matchedSettlementCount: explained.count, explainedUnits: try exactSum(explained),
            settlementDifferences: differences,
            balanceDifferences: try balanceDifferences(
                statement.balances, from: balances(), in: statement.domain),
            matchedTransferCount: transferred.count { statement.transfers[$0] == $1 },
            transferDifferences: transferDifferences,
            reserveDifferences: try statement.reserve.map { (reserve) throws(JournalError) in
                try balanceDifferences(reserve, from: reserveBalances(), in: statement.domain)
            } ?? [])
    }

    /// What was booked and not taken back, as a venue would say it.
    private func bookedTransfers(
        _ domain: DomainID
    ) throws(JournalError) -> [ClientID: ReserveTransfer] {
        let rows = try database.rows(
            """
            SELECT transfers.client_id, postings.asset, postings.cause, postings.amount
            FROM transfers JOIN entries ON entries.id = transfers.entry
            JOIN postings ON postings.entry = entries.id
            WHERE entries.domain = ? AND postings.account = 'reserve' AND NOT EXISTS (
                SELECT 1 FROM entries AS later WHERE later.reverses = transfers.entry)
            """, [.text(domain.text)]
        ) { (row) throws(JournalError) in
            guard let clientID = ClientID(checking: row.text(0)),
                let asset = AssetID(checking: row.text(1))
            else { throw .malformedRow(table: "transfers", detail: row.text(0)) }
            let moved = try amount(row.blob(3))
            return (
                clientID,
                ReserveTransfer(
                    asset: asset, amount: moved.magnitude,
                    direction: moved.isNegative ? .topUp : .sweep)
            )
        }
        // A transfer moves one asset once.
        return Dictionary(rows) { first, _ in first }
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
        _ balances: [AssetAmount], from books: [BookedBalance], in domain: DomainID
    ) throws(JournalError) -> [BalanceDifference] {
        var reported: [AssetID: UInt256] = [:]
        for balance in balances { reported[balance.asset] = balance.amount }
        var booked: [AssetID: Int256] = [:]
        for balance in books where balance.domain == domain {
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

extension VenueStatement {
    fileprivate func differences(
        from booked: [ClientID: ReserveTransfer]
    ) -> [TransferDifference] {
        Set(transfers.keys).union(booked.keys).sorted().compactMap { clientID in
            transfers[clientID] == booked[clientID]
                ? nil
                : TransferDifference(
                    clientID: clientID, atVenue: transfers[clientID],
                    inBooks: booked[clientID])
        }
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
