import KeeperCodec
import WideMath

/// Tables, and the short texts that amounts and bytes are written as.
let textDecoders: [FuzzMember] = [
    FuzzMember("csv", seeds: { _ in tableSeeds }) { bytes in
        var reader = try CSVReader(bytes)
        while let row = try reader.next() {
            for column in reader.columns.indices {
                _ = row.text(column)
                // A field is a number or it is not.
                _ = try? row.integer(column, as: UInt256.self)
                _ = try? row.decimal(column, scale: 18, as: Int256.self)
            }
        }
    },
    FuzzMember("texts", seeds: { _ in textSeeds }) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        tryNumbers(text)
        for prefix in [Hex.Prefix.required, .forbidden] {
            // Not every text is one; those that are come back the same.
            guard let decoded = try? Hex.decode(text, prefix: prefix) else { continue }
            let again = readAgain("hex") { try Hex.decode(Hex.encode(decoded), prefix: .forbidden) }
            precondition(again == decoded, "bytes survive their text")
        }
        let decoded = try Base64.decode(text)
        precondition(Base64.encode(decoded) == text, "a value has one text")
    },
    FuzzMember("address", seeds: { _ in addressSeeds }) { bytes in
        let address = try EthereumAddress(String(decoding: bytes, as: UTF8.self))
        for text in [address.lowercaseText, address.checksumText] {
            precondition(
                readAgain("address") { try EthereumAddress(text) } == address,
                "an address survives its text")
        }
    },
]

private func tryNumbers(_ text: String) {
    if let value = UInt256(decimal: text) {
        precondition(UInt256(decimal: value.description) == value, "a number survives its text")
    }
    if let value = UInt256(hex: text) {
        precondition(UInt256(hex: value.hexString) == value, "a number survives its text")
    }
    let bytes = Array(text.utf8)
    if bytes.count <= 16, !text.isEmpty, !text.hasPrefix("0x") {
        let word = Hex.word(bytes, 0..<bytes.count)
        precondition(word == UInt256(hex: text)?.asUInt64, "a word is read alike everywhere")
    }
    _ = AmountText(text)?.literal.scaled(by: 1_000_000_000_000_000_000)
    guard let number = JSONNumber(checking: text) else { return }
    _ = number.int64
    for scale in [0, 6, 18, 27] { _ = number.decimal(scale: scale, as: Int256.self) }
}

private let tableSeeds = ["a,b\n1,2\n", "x,\"y\"\"z\"\r\n-1.5e+3,\"2,\n\"\r\n"].map {
    Array($0.utf8)
}
private let textSeeds = [
    "0x0aFF", "0aff", "AAE=", "12.5 USD", "0.000000000000000001", "-1.5e-3", "2.5%",
    "115792089237316195423570985008687907853269984665640564039457584007913129639935",
].map { Array($0.utf8) }
private let addressSeeds = [
    "0x" + String(repeating: "00", count: 20), "0x" + String(repeating: "fF", count: 20),
].map { Array($0.utf8) }
