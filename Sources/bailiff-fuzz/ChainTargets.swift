import KeeperCodec

/// What nodes and chains write.
let chainTargets: [FuzzTarget] = [
    FuzzTarget("rlp", seeds: { _ in itemSeeds.map(\.encoded) }) { bytes in
        let item = try RLPItem.decode(bytes)
        precondition(item.encoded == bytes, "an item has one encoding")
    },
    FuzzTarget("address", seeds: { _ in addressSeeds }) { bytes in
        let address = try EthereumAddress(String(decoding: bytes, as: UTF8.self))
        for text in [address.lowercaseText, address.checksumText] {
            precondition(
                readAgain("address") { try EthereumAddress(text) } == address,
                "an address survives its text")
        }
    },
]

private let itemSeeds: [RLPItem] = [
    .bytes([]), .bytes([0x7F]), .list([]), .bytes([UInt8](repeating: 7, count: 60)),
    .list([.integer(1_024 as UInt64), .list([.bytes([1, 2, 3]), .list([])])]),
    .list([RLPItem](repeating: .bytes([0x80, 0x81]), count: 30)),
]

private let addressSeeds = [
    "0x" + String(repeating: "00", count: 20), "0x" + String(repeating: "fF", count: 20),
].map { Array($0.utf8) }
