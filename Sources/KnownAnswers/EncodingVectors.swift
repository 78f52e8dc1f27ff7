import KeeperCodec
import WideMath

/// Section `keccak256`.
let keccakVectors = VectorSection(names: ["keccak256"]) { question in
    let message = try question.inputs.required("messageHex").bytes()
    let count = try question.inputs.required("length").uint64Text()
    guard UInt64(message.count) == count else { throw UnknownOperation(name: "length \(count)") }
    return .record(["keccak256": .hex(Keccak256.hash(message))])
}

/// Section `rlp`: every item is also decoded again and must come back.
let rlpVectors = VectorSection(names: ["rlp"]) { question in
    let item: RLPItem
    if let integer = question.inputs.optional("integer") {
        item = .integer(try integer.uint256Text())
    } else {
        item = try rlpItem(try question.inputs.required("item"))
    }
    let encoded = item.encoded
    guard try RLPItem.decode(encoded) == item else {
        throw UnknownOperation(name: "an item that does not come back")
    }
    return .record(["rlp": .hex(encoded)])
}

private func rlpItem(_ reader: JSONReader) throws -> RLPItem {
    guard case .array = reader.value else { return .bytes(try reader.bytes()) }
    return .list(try reader.array().map { try rlpItem($0) })
}

/// Section `eip55`.
let checksumVectors = VectorSection(names: ["eip55"]) { question in
    let address = try question.inputs.required("lower").address()
    return .record(["checksum": .string(address.checksumText)])
}
