/// What is signed of a message that is no transaction.
package enum SignedMessage {
    /// EIP-191, version 0x45: the prefix makes sure that no transaction is ever signed by accident.
    package static func personalDigest(_ message: [UInt8]) -> [UInt8] {
        let prefix = "\u{19}Ethereum Signed Message:\n\(message.count)"
        return Keccak256.hash(Array(prefix.utf8) + message)
    }

    /// A relay's header is signed over the hash of the body written out: 66 characters.
    package static func relayText(ofBody body: [UInt8]) -> String {
        "0x" + Hex.encode(Keccak256.hash(body))
    }

    /// The value of the relay's header `X-Flashbots-Signature`.
    package static func relayHeader(
        signer: EthereumAddress, signature: EthereumSignature
    ) -> String {
        "\(signer.checksumText):0x\(Hex.encode(signature.messageBytes))"
    }
}
