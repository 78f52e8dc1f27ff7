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

    /// What was given beside a close, by the law of a contribution where the market has one, or
    /// into the fund.
    mutating func takeContribution(
        _ amount: UInt256, under policy: SettlementPolicy?, height: UInt64, account: AccountID,
        keeper: String
    ) throws -> SettlementRecord {
        guard let policy else {
            var law = OwnLaw()
            law.give(amount, from: "payer", to: "fund", "fee")
            state.fund += Int256(exactly: amount) ?? .zero
            return append(
                law.lines, lawName: "contribution", height: height, account: account,
                keeper: keeper, facts: [])
        }
        guard let units = amount.asInt64 else { throw SettlementError.outOfRange("amount") }
        let income = try state.receiveContribution(units, under: policy.fund)
        state = income.state
        return append(
            income.lines, lawName: policy.name, version: policy.version, height: height,
            account: account, keeper: keeper, facts: [])
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
