// The venue's own signature under each settlement. Records never change, so each is signed once.

import KeeperCodec
import KeeperModel
import KeeperSigner
import LiquidationRules

final class SettlementSigner {
    private let key: SigningKey
    private var signatures: [String: [UInt8]] = [:]

    init(_ key: SigningKey) {
        self.key = key
    }

    var publicKey: [UInt8] { key.publicKey.bytes }

    func signature(ofHash hash: String) -> [UInt8] {
        if let known = signatures[hash] { return known }
        let signature = key.sign(SettlementSigningText.bytes(hash: hash))
        signatures[hash] = signature
        return signature
    }

    /// One for each settlement of a receipt, in its order.
    func write(under receipt: CloseReceipt, to json: inout JSONWriter) {
        json.key("settlementSignatures")
        json.beginArray()
        for record in receipt.settlements { json.hex(signature(ofHash: record.hash)) }
        json.endArray()
    }
}
