import KeeperCodec
import KeeperSigner
import WideMath

/// Section `messages`: EIP-191, a relay's header, EIP-712.
let messageVectors = VectorSection(names: ["messages"]) { question in
    var inputs = question.inputs
    defer { question.inputs = inputs }
    let key = try testKey(&inputs)
    if let message = inputs.optional("messageHex") {
        let digest = SignedMessage.personalDigest(try message.bytes())
        return .object(signature(of: digest, by: key))
    }
    if let json = inputs.optional("typedDataJson") {
        return try typed(try json.freeText, by: key)
    }
    return relayHeader(Array(try inputs.required("bodyUtf8").freeText.utf8), by: key)
}

private func signature(of digest: [UInt8], by key: EthereumKey) -> [JSONMember] {
    let signature = key.sign(digest: digest)
    return [
        JSONMember("digest", .hex(digest)), JSONMember("r", .hex(signature.r.bigEndianBytes)),
        JSONMember("s", .hex(signature.s.bigEndianBytes)),
        JSONMember("v", .string(signature.yParity ? "28" : "27")),
        JSONMember("signature", .hex(signature.messageBytes)),
        JSONMember("address", .text(key.address)),
    ]
}

private func relayHeader(_ body: [UInt8], by key: EthereumKey) -> JSONValue {
    let text = SignedMessage.relayText(ofBody: body)
    let digest = SignedMessage.personalDigest(Array(text.utf8))
    let header = SignedMessage.relayHeader(
        signer: key.address, signature: key.sign(digest: digest))
    return .object(
        signature(of: digest, by: key) + [
            JSONMember("bodyHash", .hex(Keccak256.hash(body))),
            JSONMember("signedMessageAscii", .string(text)),
            JSONMember("header", .string(header)),
        ])
}

private func typed(_ json: String, by key: EthereumKey) throws -> JSONValue {
    let data = try TypedData(JSONReader(JSONValue.parse(Array(json.utf8))))
    return .object(
        signature(of: data.digest, by: key) + [
            JSONMember("domainSeparator", .hex(data.domainSeparator)),
            JSONMember("structHash", .hex(data.structHash)),
        ])
}
