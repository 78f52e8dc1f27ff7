package import KeeperModel
package import WideMath

/// One line of an entry.
package struct Posting: Hashable, Sendable {
    package let account: LedgerAccount
    package let asset: AssetID
    package let cause: MovementCause
    /// Smallest units; positive increases what the account holds.
    package let amount: Int256
    /// The same in units of account, stamped when it happened.
    package let valueUnits: Int256

    package init(
        account: LedgerAccount, asset: AssetID, cause: MovementCause, amount: Int256,
        valueUnits: Int256
    ) {
        self.account = account
        self.asset = asset
        self.cause = cause
        self.amount = amount
        self.valueUnits = valueUnits
    }
}

/// Where units are, or where they came from and went.
package enum LedgerAccount: String, Hashable, Sendable, CaseIterable {
    /// What the keeper owns.
    case inventory
    /// What its owners brought and took.
    case capital
    /// What the operator keeps aside at the venue: owned like the inventory, and never traded with.
    case reserve
    /// What closes earned and cost: everything here is revenue, with the sign turned.
    case closes
}

extension MovementCause {
    /// The account that stands against the inventory.
    package var counterAccount: LedgerAccount {
        switch self {
        case .openingBalance, .deposit, .withdrawal: .capital
        case .repaid, .seized, .exitSold, .exitProceeds, .flashBorrowed, .flashRepaid,
            .flashPremium, .incentive, .venueFee, .gas:
            .closes
        case .toppedUp, .swept: .reserve
        }
    }
}

/// Something that moved the keeper's balances, to be booked once under its name.
package struct LedgerEntry: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        /// The fill of an intent.
        case close
        /// Takes a fill back that a chain took back.
        case reversal
        case opening
        /// Between inventory and reserve, or by what owners brought and took.
        case transfer
        /// A correction by the venue, such as a bust.
        case adjustment
    }

    package let kind: Kind
    package let domain: DomainID
    /// The venue's name for it, or ours where the venue gives none.
    package let externalID: String
    package let occurredAt: Instant
    package let movements: [Movement]
    package let settlements: [SettlementRecord]

    package init(
        kind: Kind, domain: DomainID, externalID: String, occurredAt: Instant,
        movements: [Movement], settlements: [SettlementRecord] = []
    ) {
        self.kind = kind
        self.domain = domain
        self.externalID = externalID
        self.occurredAt = occurredAt
        self.movements = movements
        self.settlements = settlements
    }

    init(_ receipt: CloseReceipt, domain: DomainID, _ kind: Kind) {
        self.init(
            kind: kind, domain: domain, externalID: receipt.fillID,
            occurredAt: receipt.settledAt, movements: receipt.movements,
            settlements: receipt.settlements)
    }

    /// The same with every sign turned.
    func reversed() throws(JournalError) -> LedgerEntry {
        var turned: [Movement] = []
        for movement in movements {
            turned.append(
                Movement(
                    asset: movement.asset, amount: try negated(movement.amount),
                    cause: movement.cause, valueUnits: try negated(movement.valueUnits)))
        }
        return LedgerEntry(
            kind: .reversal, domain: domain, externalID: externalID, occurredAt: occurredAt,
            movements: turned)
    }

    /// Every movement twice: in the inventory, and with the sign turned in the account against it.
    package func postings() throws(JournalError) -> [Posting] {
        var postings: [Posting] = []
        for movement in movements {
            postings.append(
                Posting(
                    account: .inventory, asset: movement.asset, cause: movement.cause,
                    amount: movement.amount, valueUnits: movement.valueUnits))
            postings.append(
                Posting(
                    account: movement.cause.counterAccount, asset: movement.asset,
                    cause: movement.cause, amount: try negated(movement.amount),
                    valueUnits: try negated(movement.valueUnits)))
        }
        return postings
    }
}

/// Checks in code what the schema checks again: per asset and in value, postings sum to zero.
package func requireBalance(_ postings: [Posting]) throws(JournalError) {
    for asset in Set(postings.map(\.asset)).sorted() {
        let amounts = postings.filter { $0.asset == asset }.map(\.amount)
        guard try exactSum(amounts).isZero else { throw .unbalanced(asset: asset) }
    }
    guard try exactSum(postings.map(\.valueUnits)).isZero else { throw .unbalanced(asset: nil) }
}

func negated(_ amount: Int256) throws(JournalError) -> Int256 {
    do throws(ArithmeticError) {
        return try amount.checkedNegate()
    } catch {
        throw .overflow
    }
}

func exactSum(_ terms: [Int256]) throws(JournalError) -> Int256 {
    do throws(ArithmeticError) {
        var sum = Int256.zero
        for term in terms { sum = try sum.checkedAdd(term) }
        return sum
    } catch {
        throw .overflow
    }
}
