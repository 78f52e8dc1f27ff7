package import WideMath

/// One entry of a settlement: positive receives, negative gives (`settlement.md` section 12).
package struct SettlementLine: Hashable, Sendable {
    package let beneficiary: String
    package let amountUnits: Int256
    package let reason: String

    package init(beneficiary: String, amountUnits: Int256, reason: String) {
        self.beneficiary = beneficiary
        self.amountUnits = amountUnits
        self.reason = reason
    }
}

/// A named plain fact of a settlement, such as the mark it used.
package struct SettlementFact: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// A settlement as the venue published it. Records never change; a correction is a new revision.
package struct SettlementRecord: Hashable, Sendable {
    package let id: UInt64
    package let revision: UInt64
    /// `0x` and 64 hex digits: the hash of the record before this one.
    package let previousHash: String
    package let policyName: String
    package let policyVersion: Int64
    package let height: Int64
    /// `-` for nobody.
    package let account: String
    package let keeper: String
    package let facts: [SettlementFact]
    package let lines: [SettlementLine]

    package init(
        id: UInt64, revision: UInt64, previousHash: String, policyName: String,
        policyVersion: Int64, height: Int64, account: String, keeper: String,
        facts: [SettlementFact], lines: [SettlementLine]
    ) {
        self.id = id
        self.revision = revision
        self.previousHash = previousHash
        self.policyName = policyName
        self.policyVersion = policyVersion
        self.height = height
        self.account = account
        self.keeper = keeper
        self.facts = facts
        self.lines = lines
    }
}
