import KeeperModel
import KeeperStrategy
import Testing

/// Strategy files that must not be loaded: each is refused with file, line, column and what was
/// expected.
@Suite struct BadStrategyTests {
    private static let good = """
        {
          "strategy": "s",
          "version": 2,
          "summary": "x",
          "markets": ["lending"],
          "when": "health < 1 && netProfit >= 25 usd",
          "size": {"restoreHealth": 1.05},
          "funding": "inventory",
          "exit": {"sellWithin": "50 bps"},
          "bid": "free",
          "validHeights": 5,
          "coolDown": "2 s"
        }
        """

    struct Row: Sendable, CustomTestStringConvertible {
        let key: String
        let value: String
        let says: String

        init(_ key: String, _ value: String, says: String) {
            self.key = key
            self.value = value
            self.says = says
        }

        var testDescription: String { "\(key): \(value.prefix(60))" }
    }

    private static func when(_ condition: String, says: String) -> Row {
        Row("when", "\"\(condition)\"", says: says)
    }

    static let units: [Row] = [
        when("netProfit >= 25 s", says: "column 11: cannot compare money with time"),
        when("netProfit >= 25", says: "cannot compare money with a number without a unit"),
        when("priceAge < 30 usd", says: "cannot compare time with money"),
        when("health < 50 usd", says: "cannot compare ratio with money"),
        when("netProfit * notional > 1 usd", says: "one must be a ratio"),
        when("netProfit >= 25 gwei", says: "units are usd, ns, ms, s, min, h, %, bps"),
        Row("exit", "{\"sellWithin\": \"50 s\"}", says: "expected an amount in %, bps, ppm"),
        Row("coolDown", "\"2 usd\"", says: "expected an amount in ms, s, min, h, d"),
        Row("coolDown", "2", says: "expected a string"),
        Row("validHeights", "\"5\"", says: "expected"),
    ]

    static let names: [Row] = [
        when("helth < 1", says: "values are health, netProfit"),
        Row("size", "\"fulll\"", says: "expected one of \"full\", \"optimal\""),
        Row(
            "size", "{\"restoreHelth\": 1.05}", says: "unknown key; did you mean \"restoreHealth\"?"
        ),
        Row("funding", "\"credit\"", says: "expected"),
        Row("markets", "[\"spot\"]", says: "expected"),
        Row("exit", "\"sell\"", says: "hold"),
        Row("bid", "{\"lane\": \"dark\"}", says: "bid.lane: expected one of"),
    ]

    static let divisions: [Row] = [
        when("netProfit / 0 > 1 usd", says: "operators are && || ! < <= > >= == != + - *"),
        when("netProfit / notional > 1", says: "“/” has no meaning here"),
        when("health % 0 < 1", says: "expected the end"),
    ]

    static let contradictions: [Row] = [
        when("health < 1 && health > 2", says: "no health meets all that is said of it"),
        when("health > 1.01", says: "between 0 and 1 where an account may be closed"),
        when("health < 0", says: "no health meets"),
        when("netProfit > 5 usd && (netProfit < 1 usd || netProfit == 2 usd)", says: "netProfit"),
        when("!(netProfit > 5 usd) && 6 usd < netProfit", says: "no netProfit meets"),
        when("legs == 2 && legs != 2", says: "no legs meets"),
        when("priceAge < 0 s", says: "never below 0"),
        when("1 > 2", says: "numbers that never change"),
        when("margin > 10 bps * 2 && margin < 0.1%", says: "no margin meets"),
    ]

    static let depths: [Row] = [
        when(String(repeating: "(", count: 10_000), says: "longer than 2000 characters"),
        when(
            String(repeating: "(", count: 900) + "health < 1" + String(repeating: ")", count: 900),
            says: "nested deeper than 32"),
        when(String(repeating: "!", count: 1_900) + "(health < 1)", says: "nested deeper than 32"),
        when(String(repeating: "-", count: 1_900) + "health < 1", says: "nested deeper than 32"),
        Row(
            "size", String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000),
            says: "32"),
    ]

    static let numbers: [Row] = [
        when("netProfit > 1\(String(repeating: "0", count: 90)) usd", says: "number"),
        when("netProfit > 0.0000001 usd", says: "finer than the smallest part of 1 usd"),
        when("health < 0.\(String(repeating: "9", count: 30))", says: "18 digits after the point"),
        Row("version", "99999999999999999999", says: "a whole number of 64 bits"),
        Row("version", "-1", says: "a whole number of 64 bits"),
        Row("version", "2.5", says: "a whole number of 64 bits"),
        Row("version", "1e400", says: "a whole number of 64 bits"),
        Row("size", "{\"restoreHealth\": 11}", says: "a health from 1 to 10"),
        Row("size", "{\"restoreHealth\": 1.0000001}", says: "expected"),
        Row("validHeights", "10001", says: "from 1 to 10000"),
        Row("coolDown", "\"25 h\"", says: "expected"),
    ]

    @Test(arguments: [units, names, divisions, contradictions, depths, numbers].flatMap { $0 })
    func `a bad strategy is refused with file, line, column and what was expected`(row: Row) throws
    {
        let lines = Self.good.split(separator: "\n").map(String.init)
        let number = try #require(lines.firstIndex { $0.contains("\"\(row.key)\":") })
        var bad = lines
        bad[number] = "  \"\(row.key)\": \(row.value)" + (number == lines.count - 2 ? "" : ",")
        let error = #expect(throws: StrategyFileError.self) {
            try StrategyFile.read(Array(bad.joined(separator: "\n").utf8), file: "s.json")
        }
        let text = try #require(error).description
        #expect(text.hasPrefix("s.json:\(number + 1):"), "\(text)")
        #expect(error?.column ?? 0 >= 3, "\(text)")
        #expect(text.contains(row.says), "\(text)")
    }

    /// Each key is fine by itself.
    @Test func `keys that exclude each other are refused at one of them`() {
        func refused(_ changes: [(String, String)]) -> String? {
            let text = changes.reduce(Self.good) { $0.replacing($1.0, with: $1.1) }
            let error = #expect(throws: StrategyFileError.self) {
                try StrategyFile.read(Array(text.utf8), file: "s.json")
            }
            return error?.description
        }
        let held = refused([
            ("\"inventory\"", "\"flash\""), ("{\"sellWithin\": \"50 bps\"}", "\"hold\""),
        ])
        #expect(
            held?.hasPrefix("s.json:9:3: exit: expected {\"sellWithin\"") == true, "\(held ?? "")")
        let margin = refused([("\"inventory\"", "\"flash\""), ("[\"lending\"]", "[\"margin\"]")])
        #expect(margin?.hasPrefix("s.json:8:3: funding: expected") == true, "\(margin ?? "")")
    }

    @Test func `a partial size is refused by a venue that closes whole accounts only`() throws {
        let strategy = try StrategyFile.read(Array(Self.good.utf8), file: "s.json")
        let whole = VenueCapabilities(
            isAtomic: true, hasFlash: true, allowsPartial: false, canVoid: true, callsPerHeight: 1)
        #expect(strategy.missingCapability(whole) == "partial closes")
    }

    @Test(arguments: [
        "health < 1", "health <= 1", "health == 1", "health < 0.5 || health > 7",
        "netProfit >= 1 usd && netProfit < 2 usd", "netProfit > 1 usd || netProfit < -5 usd",
        "netProfit != 1 usd && netProfit >= 1 usd", "netProfit - cost > 5 usd && netProfit < 1 usd",
        "2 > 1 && legs == 2", "margin > 10 bps && margin <= 0.11%",
    ])
    func `what somebody can meet is let through`(condition: String) throws {
        #expect(try Condition(condition).contradiction == nil)
    }

    @Test func `a condition with endless ways to be met is looked at for a bounded time`() throws {
        let either = "(cost != 1 usd || legs != 9)"
        let text =
            (0..<55).map { _ in either }.joined(separator: " && ") + " && legs == 3 && legs == 4"
        #expect(try Condition(text).contradiction == nil, "too many ways to say")
    }
}
