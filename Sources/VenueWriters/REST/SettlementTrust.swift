import KeeperCodec
package import KeeperModel
package import KeeperSigner
import LiquidationRules

/// What is known of the key that signs a venue's settlements.
package enum SettlementTrust: Hashable, Sendable {
    /// The venue has yet to describe itself: what it says was settled cannot be judged.
    case undescribed
    /// It signs none, and said so by naming no key.
    case unsigned
    case key(VerifyingKey)

    package init(_ description: VenueDescription) {
        self = description.settlementKey.flatMap { VerifyingKey($0) }.map { .key($0) } ?? .unsigned
    }

    /// Why a receipt is not believed; nil where it is.
    func doubt(about receipt: CloseReceipt, signatures: [[UInt8]]) -> String? {
        guard !receipt.settlements.isEmpty else { return nil }
        switch self {
        case .unsigned: return nil
        case .undescribed: return "the venue has not said yet by which key it signs settlements"
        case .key(let key):
            guard signatures.count == receipt.settlements.count else {
                return "\(receipt.settlements.count) settlements come with "
                    + "\(signatures.count) signatures of the venue"
            }
            for (record, signature) in zip(receipt.settlements, signatures) {
                let text = SettlementSigningText.bytes(hash: record.hash)
                guard key.isSignature(signature, of: text) else {
                    return "settlement \(record.id) revision \(record.revision) is not signed "
                        + "by the venue's key \(key)"
                }
            }
            return nil
        }
    }
}
