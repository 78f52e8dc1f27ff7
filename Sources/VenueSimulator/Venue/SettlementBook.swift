package import KeeperModel
package import LiquidationRules
import WideMath

/// The venue's settlements in order, each chained to the one before, and the state they left.
package struct SettlementBook: Sendable {
    package private(set) var state: SettlementState
    package private(set) var records = AppendLog<HashedRecord>()

    package struct HashedRecord: Hashable, Sendable {
        package let record: SettlementRecord
        /// `0x` and 64 hex digits over the record's text.
        package let hash: String
    }

    package init(state: SettlementState) {
        self.state = state
    }

    package var lastHash: String { records.last?.hash ?? SettlementRecord.noPreviousHash }

    /// Appends what a settlement did and takes over the state it left.
    package mutating func append(
        _ result: SettlementResult, policy: SettlementPolicy, height: UInt64, account: AccountID,
        keeper: String, facts: [SettlementFact], hidesNames: Bool = false
    ) -> SettlementRecord {
        state = result.state
        return append(
            hidesNames ? result.lines.map(\.withoutName) : result.lines, lawName: policy.name,
            version: policy.version, height: height,
            account: account, keeper: keeper, facts: facts)
    }

    /// Appends lines by whatever law, and takes into the fund what they pay into it.
    mutating func takeIntoFund(
        _ lines: [SettlementLine], lawName: String, height: UInt64, account: AccountID,
        keeper: String
    ) -> SettlementRecord {
        state.fund += lines.reduce(.zero) {
            $1.beneficiary == "fund" ? $0 + $1.amountUnits : $0
        }
        return append(
            lines, lawName: lawName, height: height, account: account, keeper: keeper, facts: [])
    }

    /// Appends lines by whatever law, which have to sum to zero.
    package mutating func append(
        _ lines: [SettlementLine], lawName: String, version: Int64 = 1, height: UInt64,
        account: AccountID, keeper: String, facts: [SettlementFact]
    ) -> SettlementRecord {
        precondition(
            lines.reduce(.zero) { $0 + $1.amountUnits }.isZero,
            "A settlement moves value and makes none")
        let record = SettlementRecord(
            id: UInt64(records.count) + 1, revision: 0, previousHash: lastHash,
            policyName: lawName, policyVersion: version, height: Int64(height),
            account: account.text, keeper: keeper, facts: facts.sorted { $0.name < $1.name },
            lines: lines)
        records.append(HashedRecord(record: record, hash: record.hash))
        return record
    }
}

extension SettlementLine {
    /// Whoever was harmed before is an account too: where accounts are not shown, only that it was
    /// made good is said.
    fileprivate var withoutName: SettlementLine {
        guard beneficiary.hasPrefix("harmed:") else { return self }
        return SettlementLine(beneficiary: "harmed", amountUnits: amountUnits, reason: reason)
    }
}
