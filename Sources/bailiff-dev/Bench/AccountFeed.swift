import KeeperCodec
import KeeperModel
import WideMath

/// A venue's list of accounts as text, always the same. The small shape has an address and two
/// amounts each, the fat one lists of collateral and debt as lending markets have them.
struct AccountFeed {
    enum Shape: String, CaseIterable {
        case small
        case fat
    }

    static let accountCount = 100_000

    let shape: Shape
    let bytes: [UInt8]

    init(_ shape: Shape) {
        self.shape = shape
        var generator = SeededGenerator(seed: 3)
        var json = JSONWriter(reservingBytes: Self.accountCount * 256)
        json.beginObject()
        json.member("slot", UInt64(123_456_789))
        json.key("accounts")
        json.beginArray()
        for _ in 0..<Self.accountCount {
            json.beginObject()
            let id = (0..<20).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            json.member("id", "0x" + Hex.encode(id))
            switch shape {
            case .small:
                json.member("c", Self.amount(&generator).description)
                json.member("d", Self.amount(&generator).description)
            case .fat: Self.writeLegs(&generator, to: &json)
            }
            json.endObject()
        }
        json.endArray()
        json.endObject()
        bytes = json.finish()
    }

    /// One to four kinds of collateral, one or two debts, and a number nobody asks for.
    private static func writeLegs(_ generator: inout SeededGenerator, to json: inout JSONWriter) {
        let draw = generator.next() % 100
        let collateralCount = draw < 55 ? 1 : draw < 80 ? 2 : draw < 92 ? 3 : 4
        let debtCount = generator.next() % 10 < 8 ? 1 : 2
        for (name, count) in [("collateral", collateralCount), ("debt", debtCount)] {
            json.key(name)
            json.beginArray()
            for _ in 0..<count {
                json.beginObject()
                json.member("asset", generator.next() % 32)
                json.member("amount", amount(&generator).description)
                json.endObject()
            }
            json.endArray()
        }
        json.member("nonce", generator.next() >> 34)
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
    /// Of the small shape; in the fat one where the account's legs end.
    var collateral: UInt128 = 0
    var debt: UInt128 = 0
    var legEnd = 0
}

struct FeedLeg {
    let asset: UInt64
    let amount: UInt128
    let isDebt: Bool
}

/// What a feed holds.
struct FeedRows {
    var rows: [FeedRow] = []
    var legs: [FeedLeg] = []

    /// The sum by which two readings of one feed are compared.
    var checksum: UInt64 {
        let accounts = rows.reduce(UInt64(0)) { sum, row in
            sum &+ row.idHead &+ UInt64(truncatingIfNeeded: row.collateral)
                &+ UInt64(truncatingIfNeeded: row.debt)
        }
        return legs.reduce(accounts) { sum, leg in
            sum &+ leg.asset &+ UInt64(truncatingIfNeeded: leg.amount)
        }
    }
}

extension AccountFeed {
    /// Everything is checked: the grammar, the shape, every digit of every amount.
    func rows() throws(JSONError) -> FeedRows {
        var scanner = try JSONScanner(bytes)
        var feed = FeedRows()
        feed.rows.reserveCapacity(Self.accountCount)
        if shape == .fat { feed.legs.reserveCapacity(3 * Self.accountCount) }
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            guard scanner.text(key, equals: "accounts") else {
                try scanner.skipValue()
                continue
            }
            try scanner.beginArray()
            while try scanner.nextElement() {
                feed.rows.append(try Self.row(&scanner, legs: &feed.legs))
            }
        }
        try scanner.finish()
        return feed
    }

    private static func row(
        _ scanner: inout JSONScanner, legs: inout [FeedLeg]
    ) throws(JSONError) -> FeedRow {
        var row = FeedRow()
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            if scanner.text(key, equals: "id") {
                try row.readID(&scanner)
            } else if scanner.text(key, equals: "c") {
                row.collateral = try scanner.readQuotedUInt128()
            } else if scanner.text(key, equals: "d") {
                row.debt = try scanner.readQuotedUInt128()
            } else if scanner.text(key, equals: "collateral") {
                try readLegs(&scanner, areDebts: false, into: &legs)
            } else if scanner.text(key, equals: "debt") {
                try readLegs(&scanner, areDebts: true, into: &legs)
            } else {
                try scanner.skipValue()
            }
        }
        row.legEnd = legs.count
        return row
    }

    private static func readLegs(
        _ scanner: inout JSONScanner, areDebts: Bool, into legs: inout [FeedLeg]
    ) throws(JSONError) {
        try scanner.beginArray()
        while try scanner.nextElement() {
            var (asset, amount) = (UInt64(0), UInt128(0))
            try scanner.beginObject()
            while let key = try scanner.nextKey() {
                if scanner.text(key, equals: "asset") {
                    asset = try scanner.readUInt64()
                } else if scanner.text(key, equals: "amount") {
                    amount = try scanner.readQuotedUInt128()
                } else {
                    try scanner.skipValue()
                }
            }
            legs.append(FeedLeg(asset: asset, amount: amount, isDebt: areDebts))
        }
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
