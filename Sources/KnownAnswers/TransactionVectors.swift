import KeeperCodec
import KeeperSigner
import WideMath

/// Section `transactions`: signed here, or read and traced to their signer.
let transactionVectors = VectorSection(names: ["transactions"]) { question in
    var inputs = question.inputs
    defer { question.inputs = inputs }
    if let raw = inputs.optional("rawTransaction") { return try read(try raw.bytes()) }
    let key = try testKey(&inputs)
    guard let reader = inputs.optional("tx") else {
        return .record([
            "uncompressedPublicKey": .hex(key.publicKey), "address": .text(key.address),
        ])
    }
    return try signed(try transaction(reader), by: key)
}

/// The keys of vectors are published; nobody keeps anything under them.
func testKey(_ inputs: inout ObjectReader) throws -> EthereumKey {
    let reader = try inputs.required("privateKey")
    guard let key = EthereumKey(try reader.bytes(count: EthereumKey.secretByteCount)) else {
        throw reader.refused("a key")
    }
    return key
}

private func signed(_ transaction: EthereumTransaction, by key: EthereumKey) throws -> JSONValue {
    let signature = key.sign(digest: transaction.signingHash)
    let raw = transaction.raw(signature)
    let again = try SignedTransaction(raw: raw)
    guard again == SignedTransaction(transaction, signature) else {
        throw UnknownOperation(name: "a transaction that does not come back")
    }
    return .record([
        "from": .text(key.address), "signingPayload": .hex(transaction.signingPayload),
        "signingHash": .hex(transaction.signingHash),
        "yParity": .string(signature.yParity ? "1" : "0"), "v": .text(transaction.mark(signature)),
        "r": .hex(signature.r.bigEndianBytes), "s": .hex(signature.s.bigEndianBytes),
        "rawTransaction": .hex(raw), "transactionHash": .hex(again.hash),
    ])
}

private func read(_ raw: [UInt8]) throws -> JSONValue {
    let signed = try SignedTransaction(raw: raw)
    let sender = signed.signature.signer(of: signed.transaction.signingHash)
    return .record(["transactionHash": .hex(signed.hash), "sender": .textOrNull(sender)])
}

// MARK: Reading

private func transaction(_ reader: JSONReader) throws -> EthereumTransaction {
    var object = try reader.object()
    let type = try object.required("type").choice(["0": 0, "1": 1, "2": 2])
    let chainID = try object.required("chainId").uint64Text()
    let to = try object.required("to")
    let transaction = EthereumTransaction(
        fees: try fees(&object, type: type, chainID: chainID),
        nonce: try object.required("nonce").uint64Text(),
        gasLimit: try object.required("gas").uint64Text(),
        to: to.isNull ? nil : try to.address(), value: try object.uint256("value"),
        data: try object.required("data").bytes())
    try object.finish()
    return transaction
}

private func fees(
    _ object: inout ObjectReader, type: Int, chainID: UInt64
) throws -> EthereumTransaction.Fees {
    switch type {
    case 0: .legacy(gasPrice: try object.uint256("gasPrice"), chainID: chainID)
    case 1:
        .accessList(
            gasPrice: try object.uint256("gasPrice"), chainID: chainID,
            list: try accessList(try object.required("accessList")))
    default:
        .feeMarket(
            priorityPerGasMax: try object.uint256("maxPriorityFeePerGas"),
            perGasMax: try object.uint256("maxFeePerGas"), chainID: chainID,
            list: try accessList(try object.required("accessList")))
    }
}

private func accessList(
    _ reader: JSONReader
) throws -> [EthereumTransaction.AccessListEntry] {
    try reader.array().map { element in
        var object = try element.object()
        let entry = EthereumTransaction.AccessListEntry(
            address: try object.required("address").address(),
            storageKeys: try object.required("storageKeys").array().map {
                try $0.bytes(count: 32)
            })
        try object.finish()
        return entry
    }
}
