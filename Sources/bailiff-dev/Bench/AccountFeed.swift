import KeeperCodec
import KeeperModel
import WideMath

/// A venue's list of accounts as text, always the same: an address and two amounts each.
struct AccountFeed {
    static let accountCount = 100_000

    let bytes: [UInt8]

    init() {
        var generator = SeededGenerator(seed: 3)
        var json = JSONWriter(reservingBytes: Self.accountCount * 128)
        json.beginObject()
        json.member("slot", UInt64(123_456_789))
        json.key("accounts")
        json.beginArray()
        for _ in 0..<Self.accountCount {
            json.beginObject()
            let id = (0..<20).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            json.member("id", "0x" + Hex.encode(id))
            json.member("c", Self.amount(&generator).description)
            json.member("d", Self.amount(&generator).description)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        bytes = json.finish()
    }

    /// 40, 60, 70 or 80 bits, as balances in smallest units are.
    private static func amount(_ generator: inout SeededGenerator) -> UInt256 {
        let bits = [40, 60, 70, 80][Int(generator.next() & 3)]
        return UInt256(w0: generator.next(), w1: generator.next(), w2: 0, w3: 0) >> (128 - bits)
    }
}

/// One account of the feed as numbers.
struct FeedRow {
    /// The first eight bytes of the address.
    var idHead: UInt64 = 0
    /// The twelve behind them.
    var idTail: (UInt64, UInt32) = (0, 0)
    var collateral: UInt256 = .zero
    var debt: UInt256 = .zero

    /// The sum by which two readings of one feed are compared.
    static func checksum(_ rows: [FeedRow]) -> UInt64 {
        rows.reduce(0) { $0 &+ $1.idHead &+ $1.collateral.w0 &+ $1.debt.w0 }
    }
}

extension AccountFeed {
    /// Everything is checked: the grammar, the shape, every digit of every amount.
    func rows() throws(JSONError) -> [FeedRow] {
        var scanner = try JSONScanner(bytes)
        var rows: [FeedRow] = []
        rows.reserveCapacity(Self.accountCount)
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            guard scanner.text(key, equals: "accounts") else {
                try scanner.skipValue()
                continue
            }
            try scanner.beginArray()
            while try scanner.nextElement() { rows.append(try Self.row(&scanner)) }
        }
        try scanner.finish()
        return rows
    }

    private static func row(_ scanner: inout JSONScanner) throws(JSONError) -> FeedRow {
        var row = FeedRow()
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            if scanner.text(key, equals: "id") {
                try row.readID(&scanner)
            } else if scanner.text(key, equals: "c") {
                row.collateral = try scanner.readQuotedUInt256()
            } else if scanner.text(key, equals: "d") {
                row.debt = try scanner.readQuotedUInt256()
            } else {
                try scanner.skipValue()
            }
        }
        return row
    }
}

extension FeedRow {
    private static let idTextCount = 42

    fileprivate mutating func readID(_ scanner: inout JSONScanner) throws(JSONError) {
        let range = try scanner.readText().range
        let start = range.lowerBound
        let bytes = scanner.bytes
        guard range.count == Self.idTextCount, bytes[start] == UInt8(ascii: "0"),
            bytes[start + 1] == UInt8(ascii: "x"),
            let head = Hex.word(bytes, start + 2..<start + 18),
            let middle = Hex.word(bytes, start + 18..<start + 34),
            let tail = Hex.word(bytes, start + 34..<start + 42)
        else { throw scanner.error(.wrongValue(expected: "an address"), at: start) }
        idHead = head
        idTail = (middle, UInt32(truncatingIfNeeded: tail))
    }
}
