/// The text of a record and the hash that chains it (`settlement.md` section 12).
import KeeperCodec
package import KeeperModel
import WideMath

extension SettlementRecord {
    /// What the first record names as its predecessor.
    package static let noPreviousHash = "0x" + String(repeating: "0", count: 64)

    /// UTF-8 lines, each ended by a newline; facts by name, lines in their order.
    package var canonicalText: String {
        var text = """
            settlement/1
            id=\(id)
            revision=\(revision)
            previous=\(previousHash)
            policy=\(policyName)@\(policyVersion)
            height=\(height)
            account=\(account)
            keeper=\(keeper)

            """
        let ordered = facts.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        for fact in ordered { text += "fact \(fact.name) \(fact.value)\n" }
        for line in lines {
            text += "line \(line.beneficiary) \(line.amountUnits) \(line.reason)\n"
        }
        return text
    }

    /// `0x` and 64 lower-case hexadecimal digits.
    package var hash: String {
        "0x" + Hex.encode(SHA256.hash(Array(canonicalText.utf8)))
    }

    /// The record that corrects this one: same id, next revision, only the differences. Records
    /// themselves never change.
    package func correction(
        by differences: [SettlementLine], after previousHash: String
    ) -> SettlementRecord {
        precondition(
            differences.reduce(.zero) { $0 + $1.amountUnits }.isZero,
            "A correction moves money between beneficiaries and makes none")
        return SettlementRecord(
            id: id, revision: revision + 1, previousHash: previousHash, policyName: policyName,
            policyVersion: policyVersion, height: height, account: account, keeper: keeper,
            facts: facts, lines: differences)
    }

    /// A bust: the correction that takes everything back.
    package func bust(after previousHash: String) -> SettlementRecord {
        let negated = lines.map {
            SettlementLine(
                beneficiary: $0.beneficiary, amountUnits: -$0.amountUnits, reason: $0.reason)
        }
        return correction(by: negated, after: previousHash)
    }
}
