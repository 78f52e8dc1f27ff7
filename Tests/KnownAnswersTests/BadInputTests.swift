import KeeperCodec
import KeeperModel
import LiquidationRules
import Testing
import WideMath

/// Bad inputs that reach codecs, numbers and market terms, by the rows of the table in
/// `docs/bad-input.md`. Each is refused with an error that names what is wrong and where, or has a
/// typed answer; none traps.
@Suite struct BadInputTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let number: Int
        let input: String
        /// Pieces that the error's text must have; nil where a typed answer is expected, and `run`
        /// says whether it is the right one.
        let error: [String]?
        let run: @Sendable () throws -> Bool

        var testDescription: String { "row \(number): \(input)" }

        static func refused(
            _ number: Int, _ input: String, _ error: String...,
            by read: @escaping @Sendable () throws -> Void
        ) -> Row {
            Row(number: number, input: input, error: error) {
                try read()
                return true
            }
        }

        static func answered(
            _ number: Int, _ input: String, by run: @escaping @Sendable () throws -> Bool
        ) -> Row {
            Row(number: number, input: input, error: nil, run: run)
        }
    }

    @Test(arguments: hexRows + replyRows + largeRows + tokenRows + numberRows + marketRows)
    func `bad input is refused by name and place, or has a typed answer`(row: Row) throws {
        guard let pieces = row.error else {
            #expect(try row.run())
            return
        }
        let error = try #require(throws: (any Error).self) { _ = try row.run() }
        for piece in pieces { #expect("\(error)".contains(piece), "\(error)") }
    }

    @Test func `no row is left out`() {
        let rows =
            Self.hexRows + Self.replyRows + Self.largeRows + Self.tokenRows
            + Self.numberRows + Self.marketRows
        #expect(Set(rows.map(\.number)) == [18, 19, 20, 26, 30, 31, 32])
    }

    // MARK: 18, hexadecimal

    private static func field(_ text: String) throws -> JSONReader {
        let object = try JSONReader(.object([JSONMember("field", .string(text))])).object()
        var members = object
        return try members.required("field")
    }

    static let hexRows: [Row] = [
        .refused(18, "bytes with an odd digit", "field", "hex behind 0x", "0xabc") {
            _ = try field("0xabc").bytes()
        },
        .refused(18, "bytes without 0x", "field", "hex behind 0x") {
            _ = try field("abcd").bytes()
        },
        .refused(18, "bytes behind 0X", "field", "hex behind 0x") {
            _ = try field("0Xabcd").bytes()
        },
        .refused(18, "0x where 20 bytes belong", "field", "20 bytes in hex") {
            _ = try field("0x").bytes(count: 20)
        },
        .answered(18, "0x where any bytes may be") { try field("0x").bytes() == [] },
        .refused(18, "a digit that is none", "notADigit(at: 3)") {
            _ = try Hex.decode("0xag", prefix: .required)
        },
        .refused(18, "a quantity without digits", "field", "a hex quantity") {
            _ = try field("0x").quantity()
        },
        .refused(18, "a quantity with leading zeros", "field", "a hex quantity") {
            _ = try field("0x01").quantity()
        },
        .refused(18, "a quantity behind 0X", "field", "a hex quantity") {
            _ = try field("0X1").quantity()
        },
        .refused(18, "a quantity of more than 64 bits", "field", "at most 64 bits") {
            _ = try field("0x10000000000000000").quantity()
        },
        .refused(18, "a quantity of more than 256 bits", "field", "a hex quantity") {
            _ = try field("0x1" + String(repeating: "0", count: 64)).wideQuantity()
        },
    ]

    // MARK: 19 and 20, JSON-RPC

    private static func reply(
        _ text: String, asked: Set<UInt64> = [1, 2], limits: JSONLimits = .standard
    ) throws -> RPCReply {
        try RPCReply(Array(text.utf8), asked: asked, limits: limits)
    }

    static let replyRows: [Row] = [
        .refused(19, "a number that was not asked", "one answer for each call") {
            _ = try reply(#"{"jsonrpc":"2.0","id":9,"result":1}"#)
        },
        .refused(19, "a number in quotes", "id: expected") {
            _ = try reply(#"{"jsonrpc":"2.0","id":"1","result":1}"#)
        },
        .refused(19, "no jsonrpc", "jsonrpc: missing") {
            _ = try reply(#"{"id":1,"result":1}"#)
        },
        .refused(19, "both result and error", "a result or an error") {
            _ = try reply(
                #"{"jsonrpc":"2.0","id":1,"result":1,"error":{"code":1,"message":""}}"#)
        },
        .refused(19, "neither result nor error", "a result or an error") {
            _ = try reply(#"{"jsonrpc":"2.0","id":1}"#)
        },
        .refused(19, "a batch with one answer twice", "[1]", "one answer for each call") {
            _ = try reply(
                #"[{"jsonrpc":"2.0","id":1,"result":1},{"jsonrpc":"2.0","id":1,"result":2}]"#)
        },
        .refused(19, "a batch that is too long", "more than 2 elements") {
            _ = try reply("[1,2,3]")
        },
        .answered(19, "a batch that is short: the other call has no answer") {
            let read = try reply(#"[{"jsonrpc":"2.0","id":2,"result":null}]"#)
            return read.outcomes == [2: .result(.null)]
        },
        .answered(19, "a batch in another order: matched by number") {
            let read = try reply(
                #"[{"jsonrpc":"2.0","id":2,"result":"b"},{"jsonrpc":"2.0","id":1,"result":"a"}]"#)
            return read.outcomes == [1: .result(.string("a")), 2: .result(.string("b"))]
        },
    ]

    static let largeRows: [Row] = [
        .refused(20, "a hundred thousand logs", "more than 10000 elements") {
            let list = "[" + String(repeating: "0,", count: 99_999) + "0]"
            let value = try JSONValue.parse(Array(list.utf8))
            _ = try JSONReader(value).array(countMax: 10_000)
        },
        .refused(20, "a string beyond the limit of a text", "line 1", "longer than 1000000 bytes") {
            let limits = JSONLimits(byteCountMax: 1_000_000, depthMax: 64)
            _ = try reply("\"" + String(repeating: "a", count: 1_000_001) + "\"", limits: limits)
        },
        .refused(20, "a hundred thousand levels", "column 65", "deeper than 64 levels") {
            _ = try reply(String(repeating: "[", count: 100_000))
        },
        .refused(20, "bytes behind the reply", "column 38", "the end of the text") {
            _ = try reply(#"{"jsonrpc":"2.0","id":1,"result":1}  x"#)
        },
        .refused(20, "a hundred thousand answers", "more than 2 elements") {
            _ = try reply("[" + String(repeating: "0,", count: 99_999) + "0]")
        },
    ]

    // MARK: 26 and 32, terms of a market

    /// A reserve in order but for one field.
    private static func reserve(_ key: String, _ value: String) throws -> ReserveTerms {
        var fields = [
            ("decimals", "18"), ("liquidationThresholdBps", "8000"),
            ("liquidationBonusBps", "10500"), ("protocolFeeBps", "1000"),
        ]
        fields = fields.map { $0.0 == key ? (key, value) : $0 }
        let text = fields.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",")
        return try ReserveTerms(jsonBytes: Array("{\"asset\":\"WETH\",\(text)}".utf8))
    }

    static let tokenRows: [Row] =
        ["0", "1", "19", "36"].map { decimals in
            .answered(26, "\(decimals) decimals") {
                let terms = try reserve("decimals", decimals)
                let unit = try aave(terms).tokenUnit
                return unit.description == "1" + String(repeating: "0", count: Int(decimals) ?? -1)
            }
        }
        + ["77", "255", "256", "-1", "1e1", "\"18\"", "null"].map { decimals in
            .refused(26, "\(decimals) decimals", "decimals: expected") {
                _ = try reserve("decimals", decimals)
            }
        } + [
            .refused(26, "77 decimals as text of an amount", "overflow") {
                _ = try UInt256.powerOfTen(78)
            }
        ]

    private static func policy(partial: String) throws -> SettlementPolicy {
        let text = policyText.replacing("PARTIAL", with: partial)
        return try SettlementPolicy(reading: try JSONValue.parse(Array(text.utf8)))
    }

    static let marketRows: [Row] = [
        .refused(32, "bonus 0", "liquidationBonusBps: expected", "10001") {
            _ = try reserve("liquidationBonusBps", "0")
        },
        .refused(32, "bonus of 100 % and no more", "liquidationBonusBps: expected", "10000") {
            _ = try reserve("liquidationBonusBps", "10000")
        },
        .refused(32, "bonus above 100 %", "liquidationBonusBps: expected", "20001") {
            _ = try reserve("liquidationBonusBps", "20001")
        },
        .refused(32, "threshold above 1", "liquidationThresholdBps: expected", "10001") {
            _ = try reserve("liquidationThresholdBps", "10001")
        },
        .refused(32, "fee above 1", "protocolFeeBps: expected", "10001") {
            _ = try reserve("protocolFeeBps", "10001")
        },
        .refused(32, "close factor 0", "partial") {
            _ = try policy(partial: #"{"targetPpm":"1100000","maxStepPpm":"0","dust":"1"}"#)
        },
        .refused(32, "close factor above 1", "range") {
            _ = try policy(partial: #"{"targetPpm":"1100000","maxStepPpm":"1000001","dust":"1"}"#)
        },
        .answered(32, "close factor 1") {
            let text = #"{"targetPpm":"1100000","maxStepPpm":"1000000","dust":"1"}"#
            return try policy(partial: text).partial?.maxStepPpm == 1_000_000
        },
    ]

    private static let policyText = """
        {"policy": "plain", "version": "1", "fromHeight": "0",
         "penalty": {"basePpm": "0", "slopePpm": "0", "capPpm": "0", "keeperPpm": "0",
          "keeperMinimum": "0", "keeperMinimumNotional": "0", "windowHeights": "0",
          "shares": {"fundPpm": "1000000", "harmedPpm": "0", "treasuryPpm": "0"}},
         "surplus": {"accountPpm": "0", "fundPpm": "1000000", "lpsPpm": "0", "stakersPpm": "0"},
         "fund": {"floor": "0", "target": "9223372036854775807", "feeSharePpm": "100000",
          "overflow": {"lpsPpm": "0", "stakersPpm": "0", "treasuryPpm": "1000000"}},
         "backstops": [], "adl": {"maxPositionPpm": "1000000"}, "socialise": {"maxClaimPpm": "0"},
         "partial": PARTIAL}
        """

    // MARK: 30 and 31, numbers

    private static func aave(_ terms: ReserveTerms, price: UInt256 = 100_000_000) -> AaveReserve {
        AaveReserve(
            terms: terms, liquidityIndexRay: ray, variableBorrowIndexRay: ray, price: price)
    }

    /// One token with 18 decimals on each side, at 1 unless a price is given.
    private static func account(
        collateral: UInt256, debt: UInt256, price: UInt256 = 100_000_000
    ) throws -> AaveAccountData {
        let reserve = aave(try reserve("decimals", "18"), price: price)
        return try AavePosition(
            collateral: [AaveHolding(reserve: reserve, scaledAmount: collateral)],
            debts: [AaveHolding(reserve: reserve, scaledAmount: debt)]
        ).accountData(.v3_0)
    }

    private static func quote(price: UInt256) throws -> AaveCloseQuote {
        let reserve = aave(try reserve("decimals", "18"), price: price)
        let holding = AaveHolding(reserve: reserve, scaledAmount: wad)
        let close = AaveClose(
            generation: .v3_0, baseUnit: 100_000_000, collateral: holding, debt: holding,
            debtToCover: .max)
        return try close.quote(account: try account(collateral: wad, debt: wad, price: price))
    }

    static let numberRows: [Row] = [
        .answered(30, "debt 0: health is the largest value, and nobody is closed") {
            let data = try account(collateral: wad, debt: .zero)
            return data.healthFactorWad == .max && !data.isLiquidatable
        },
        .answered(30, "collateral 0: health is 0") {
            let data = try account(collateral: .zero, debt: wad)
            return data.healthFactorWad == .zero && data.isLiquidatable
        },
        .answered(30, "nothing at all") {
            try !account(collateral: .zero, debt: .zero).isLiquidatable
        },
        .answered(30, "price 0 on both sides: nothing is owed") {
            try account(collateral: wad, debt: wad, price: .zero).healthFactorWad == .max
        },
        .refused(30, "a close at price 0", "divisionByZero") { _ = try quote(price: .zero) },
        .refused(30, "a balance of 2^256 - 1", "overflow") {
            _ = try account(collateral: .max, debt: wad)
        },
        .refused(31, "2^256 - 1 and one", "overflow") { _ = try UInt256.max.checkedAdd(.one) },
        .refused(31, "nothing less one", "overflow") { _ = try UInt256.zero.checkedSubtract(.one) },
        .refused(31, "2^256 - 1 twice", "overflow") { _ = try UInt256.max.checkedMultiply(2) },
        .answered(31, "2^256 as text is no number") {
            UInt256(decimal: UInt256.max.description) == .max
                && UInt256(decimal: UInt256.max.description + "0") == nil
        },
        .refused(31, "a quotient that does not fit", "overflow") {
            _ = try mulDiv(.max, .max, dividingBy: 2, rounding: .down)
        },
        .refused(31, "division by zero", "divisionByZero") {
            _ = try mulDiv(1, 1, dividingBy: .zero, rounding: .up)
        },
        .refused(31, "division by zero, one word", "divisionByZero") {
            _ = try wadDiv(1, .zero, rounding: .halfUp)
        },
        .refused(31, "a shift by 256 to the left", "shiftOutOfRange") {
            _ = try UInt256.one.checkedShiftLeft(256)
        },
        .refused(31, "a shift by 256 to the right", "shiftOutOfRange") {
            _ = try UInt256.one.checkedShiftRight(256)
        },
        .refused(31, "a shift by less than nothing", "shiftOutOfRange") {
            _ = try UInt256.one.checkedShiftLeft(-1)
        },
        .refused(31, "2^256 from a file", "expected", "a string of 78 bytes") {
            let text =
                "115792089237316195423570985008687907853269984665640564039457584007913129639936"
            _ = try JSONReader(.string(text)).uint256
        },
    ]
}
