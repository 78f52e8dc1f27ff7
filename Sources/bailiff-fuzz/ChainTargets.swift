import KeeperCodec
import WideMath

/// What chains write.
let rlpDecoder = FuzzMember("rlp", seeds: { _ in itemSeeds.map(\.encoded) }) { bytes in
    let item = try RLPItem.decode(bytes)
    precondition(item.encoded == bytes, "an item has one encoding")
}

let transactionDecoder = FuzzMember(
    "transaction", seeds: { _ in transactionSeeds.map { $0.raw(sampleSignature) } }
) { bytes in
    let signed = try SignedTransaction(raw: bytes)
    precondition(
        signed.transaction.raw(signed.signature) == bytes, "a transaction has one encoding")
    precondition(
        SignedTransaction(signed.transaction, signed.signature).hash == signed.hash,
        "a transaction has one hash")
    precondition(!signed.transaction.signingPayload.isEmpty, "there is something to sign")
}

/// A first line says the types, or the function; what follows are the words.
let abiDecoders: [FuzzMember] = [
    FuzzMember("abi-values", seeds: { _ in valueSeeds }) { bytes in
        let (line, data) = try firstLine(bytes)
        let type = try ABIType(line)
        let same = readAgain("abi type") { try ABIType(type.canonicalText) }
        precondition(same == type, "a type survives its text")
        let values = try ABIDecoder.decode(data, as: [type])
        let encoded = readAgain("abi") { try ABIEncoder.encode(values, as: [type]) }
        let again = readAgain("abi") { try ABIDecoder.decode(encoded, as: [type]) }
        precondition(again == values, "values survive their words")
    },
    FuzzMember("abi-call", seeds: { _ in callSeeds }) { bytes in
        let (line, data) = try firstLine(bytes)
        let function = try ABIFunction(line)
        let values = try ABIDecoder.decode(data, as: function.inputs)
        let call = readAgain("call") { try function.encodeCall(values) }
        let again = readAgain("call") { try function.decodeCall(call) }
        precondition(again == values, "a call is read back")
    },
    FuzzMember("abi-event", seeds: { _ in eventSeeds }) { bytes in
        let (line, data) = try firstLine(bytes)
        let inputs = try ABIFunction(line).inputs
        let isIndexed = inputs.indices.map { $0 < 3 && $0 % 2 == 0 }
        let event = try ABIEvent(line, isIndexed: isIndexed)
        let count = min(isIndexed.count { $0 }, data.count / 32)
        let topics = (0..<count).map { Array(data[32 * $0..<32 * $0 + 32]) }
        _ = try event.decode(
            topics: [event.topic] + topics, data: Array(data.dropFirst(32 * count)))
    },
    FuzzMember("revert-reason", seeds: { _ in revertSeeds }) { bytes in
        _ = RevertReason(returnData: bytes).aaveMeaning
    },
]

private struct NoFirstLine: Error {}

private func firstLine(_ bytes: [UInt8]) throws -> (line: String, data: [UInt8]) {
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { throw NoFirstLine() }
    return (String(decoding: bytes[..<end], as: UTF8.self), Array(bytes[(end + 1)...]))
}

// MARK: Inputs to begin with

private let itemSeeds: [RLPItem] = [
    .bytes([]), .bytes([0x7F]), .list([]), .bytes([UInt8](repeating: 7, count: 60)),
    .list([.integer(1_024 as UInt64), .list([.bytes([1, 2, 3]), .list([])])]),
    .list([RLPItem](repeating: .bytes([0x80, 0x81]), count: 30)),
]

private let sampleSignature = EthereumSignature(r: 7, s: 9, yParity: true)
private let sampleAddress = EthereumAddress([UInt8](repeating: 0xA5, count: 20))

private let transactionSeeds: [EthereumTransaction] = {
    let entries = [sampleAddress].compactMap(\.self).map { address in
        EthereumTransaction.AccessListEntry(
            address: address, storageKeys: [[UInt8](repeating: 3, count: 32)])
    }
    let fees: [EthereumTransaction.Fees] = [
        .legacy(gasPrice: 1_000_000_000, chainID: nil), .legacy(gasPrice: 5, chainID: 1),
        .accessList(gasPrice: 30, chainID: 1, list: []),
        .accessList(gasPrice: 30, chainID: 8_453, list: entries),
        .feeMarket(priorityPerGasMax: 2, perGasMax: 300, chainID: 1, list: entries),
        .feeMarket(priorityPerGasMax: 0, perGasMax: .max, chainID: .max, list: []),
    ]
    return fees.enumerated().map { index, fees in
        EthereumTransaction(
            fees: fees, nonce: UInt64(index * 100), gasLimit: 21_000,
            to: index % 2 == 0 ? sampleAddress : nil, value: UInt256(index) << 60,
            data: [UInt8](repeating: 0xFE, count: index * 30))
    }
}()

private func seed(_ line: String, _ values: [ABIValue], as types: [String]) -> [UInt8] {
    let words = readAgain("seed \(line)") {
        try ABIEncoder.encode(values, as: types.map { try ABIType($0) })
    }
    return Array(line.utf8) + [UInt8(ascii: "\n")] + words
}

private let samples: [(type: String, value: ABIValue)] = [
    ("uint256", .uint(.max)), ("int24", .int(-5)), ("bool", .bool(true)),
    ("address", .address(readAgain("address") { try EthereumAddress(zeroAddressText) })),
    ("bytes4", .bytes([1, 2, 3, 4])), ("bytes", .bytes([UInt8](repeating: 9, count: 33))),
    ("string", .string("grün")), ("uint8[]", .list([.uint(1), .uint(2)])),
    ("bytes[2]", .list([.bytes([]), .bytes([1])])),
    ("(uint256,string)[]", .list([.list([.uint(1), .string("a")])])),
    (
        "(address,(bool,uint64[2])[],bytes)",
        .list([
            .address(readAgain("address") { try EthereumAddress(zeroAddressText) }),
            .list([.list([.bool(false), .list([.uint(3), .uint(4)])])]), .bytes([7]),
        ])
    ),
]
private let zeroAddressText = "0x" + String(repeating: "00", count: 20)

private let valueSeeds = samples.map { seed($0.type, [$0.value], as: [$0.type]) }

private let callSeeds = samples.indices.map { last in
    let some = samples[...last]
    let line = "f(" + some.map(\.type).joined(separator: ",") + ")"
    return seed(line, some.map(\.value), as: some.map(\.type))
}

private let eventSeeds = [
    seed(
        "Transfer(uint256,uint256,bytes)", [.uint(1), .uint(2), .bytes([3])],
        as: ["uint256", "uint256", "bytes"])
]

private let revertSeeds: [[UInt8]] = [
    [0x08, 0xC3, 0x79, 0xA0] + seed("", [.string("45")], as: ["string"]).dropFirst(),
    [0x4E, 0x48, 0x7B, 0x71] + seed("", [.uint(0x11)], as: ["uint256"]).dropFirst(), [],
]
