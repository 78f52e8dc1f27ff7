import Foundation
import KeeperRuntime
import Testing

/// The rows of the table of bad inputs that a configuration meets, each with what the refusal says.
@Suite struct BadConfigRowTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let number: Int
        let name: String
        let text: @Sendable (String) -> [UInt8]
        let says: String

        var testDescription: String { "row \(number): \(name)" }

        init(
            _ number: Int, _ name: String, says: String,
            text: @escaping @Sendable (String) -> [UInt8]
        ) {
            self.number = number
            self.name = name
            self.text = text
            self.says = says
        }

        /// A part of the shipped configuration, replaced.
        init(_ number: Int, _ name: String, _ old: String, _ new: String, says: String) {
            self.init(number, name, says: says) { Array($0.replacing(old, with: new).utf8) }
        }
    }

    @Test(arguments: wholes + values + addresses + feeds)
    func `a bad configuration is refused with its place and what was expected`(row: Row) throws {
        let shipped = try Self.shipped()
        let bytes = row.text(shipped)
        #expect(bytes != Array(shipped.utf8), "the sample has to change something")
        let error = #expect(throws: ConfigError.self) {
            try ConfigFile.read(bytes, file: "config.json")
        }
        let text = try #require(error?.description)
        #expect(text.hasPrefix("config.json:"), "\(text.prefix(200))")
        #expect(text.contains(row.says), "\(text.prefix(300))")
        #expect(!text.contains("c0ffee"), "what may be a secret is not echoed")
    }

    @Test func `row 11: a byte order mark, other line ends and comments are fine`() throws {
        let text = "\u{FEFF}" + (try Self.shipped()).replacing("\n", with: "\r\n") + "/* end */"
        _ = try ConfigFile.read(Array(text.utf8), file: "config.json")
    }

    private static func shipped() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "config.json"), encoding: .utf8)
    }

    private static let wholes = [
        Row(1, "empty", says: "the text ends") { _ in [] },
        Row(1, "not JSON", says: "expected") { _ in Array("state = here".utf8) },
        Row(1, "a list", says: "expected an object") { _ in Array("[]".utf8) },
        Row(1, "ten thousand levels", says: "nested deeper than") { _ in
            Array(String(repeating: "[", count: 10_000).utf8)
        },
        Row(1, "five million bytes", says: "longer than") { text in
            Array((text + String(repeating: " ", count: 5_000_000)).utf8)
        },
        Row(2, "an unknown key", "\"openIntents\"", "\"openIntent\"", says: "did you mean"),
        Row(2, "wrong case", "\"journal\"", "\"Journal\"", says: "did you mean \"journal\""),
        Row(
            2, "a key twice", "\"openIntents\": 40", "\"openIntents\": 40, \"openIntents\": 41",
            says: "for the second time"),
        Row(11, "malformed UTF-8", says: "malformed UTF-8") { text in
            Array(text.replacing("\"folder\": \"strategies\"", with: "\"folder\": \"@\"").utf8)
                .map { $0 == UInt8(ascii: "@") ? 0xff : $0 }
        },
        Row(
            11, "half a surrogate", "\"state\": \"state\"", #""state": "\ud800""#, says: "surrogate"
        ),
        Row(11, "NUL", "\"state\": \"state\"", #""state": "a\u0000b""#, says: "U+0000"),
    ]

    private static let values = [
        Row(
            3, "true in quotes", "\"enabled\": false", "\"enabled\": \"false\"",
            says: "true or false"),
        Row(3, "a number for a text", "\"state\": \"state\"", "\"state\": 7", says: "a string"),
        Row(
            3, "a number in quotes", "\"openIntents\": 40", "\"openIntents\": \"40\"",
            says: "limits.openIntents"),
        Row(
            4, "1e400", "\"openIntents\": 40", "\"openIntents\": 1e400",
            says: "limits.openIntents"),
        Row(4, "NaN", "\"openIntents\": 40", "\"openIntents\": NaN", says: "expected a value"),
        Row(
            4, "infinite", "\"openIntents\": 40", "\"openIntents\": Infinity",
            says: "expected a value"),
        Row(
            4, "minus nothing", "\"openIntents\": 40", "\"openIntents\": -0",
            says: "limits.openIntents"),
        Row(
            5, "an integer past 2^53", "\"openIntents\": 40", "\"openIntents\": 9007199254740993",
            says: "9007199254740993"),
        Row(
            5, "more places than the unit has", "\"250000 USD\"", "\"0.0000001 USD\"",
            says: "whole number of the smallest unit"),
        Row(6, "a limit below nothing", "\"500 USD\"", "\"-500 USD\"", says: "limits.lossPerHour"),
        Row(
            6, "no gas at all", "\"gasPerDay\": \"2000 USD\"", "\"gasPerDay\": \"0 USD\"",
            says: "above zero"),
        Row(6, "250 %", "\"jump\": \"20%\"", "\"jump\": \"250%\"", says: "a share from 0% to 100%"),
        Row(7, "without a unit", "\"10 s\"", "\"10\"", says: "units: ms, s, min, h, d"),
        Row(
            7, "with a misspelt unit", "\"10 s\"", "\"10 secs\"",
            says: "an amount in ms, s, min, h, d"),
        Row(
            8, "a key that is not in a file", "{\"file\": \"keeper.key\"}",
            "\"0xc0ffee\(String(repeating: "00", count: 29))\"", says: "live.key"),
        Row(
            14, "a strategy twice", "[\"full-close\", ", "[\"full-close\", \"full-close\", ",
            says: "none of them twice"),
        Row(
            14, "limits that contradict each other", "\"250000 USD\"", "\"2500000 USD\"",
            says: "notionalPerClose not above notionalOpen"),
    ]

    private static func mirror(_ url: String) -> String {
        "\"url\": \"http://127.0.0.1:8545\", \"mirrors\": [\"\(url)\"]"
    }

    private static let addresses = [
        ("file:///etc/passwd", 12, "only https and http"),
        ("ftp://a.example", 12, "only https and http"),
        ("https://me:c0ffee@a.example", 12, "user name or password"),
        ("https://a.example/?key=c0ffee", 12, "query or fragment"),
        ("http://a.example", 13, "plain http beyond loopback"),
        ("http://169.254.169.254", 13, "plain http beyond loopback"),
    ].map { url, number, says in
        Row(
            number, url, "\"url\": \"http://127.0.0.1:8545\"", mirror(url),
            says: says)
    }

    /// One feed with one source, and guards that say what follows.
    private static func feed(_ change: (String) -> String) -> String {
        change(
            """
            "guards": {"priceAge": "10 s", "jump": "20%",
                "parting": {"above": "3%", "then": "skip", "holdFor": "60 s"}},
            "feeds": [{"asset": "ETH", "quorum": 1, "age": "8 s", "deviation": "1%",
                "whenLost": "refuse", "sources": [{"kind": "json", "name": "j",
                "url": "https://a.example", "every": "2 s", "path": "/x", "price": "/p"}]}],
            """)
    }

    private static func row(
        _ number: Int, _ name: String, _ old: String, _ new: String, says: String
    ) -> Row {
        Row(
            number, "feed: " + name, "\"guards\": {\"priceAge\": \"10 s\", \"jump\": \"20%\"},",
            feed { $0.replacing(old, with: new) }, says: says)
    }

    private static let feeds = [
        row(2, "an unknown key", "\"quorum\"", "\"quorom\"", says: "did you mean \"quorum\""),
        row(3, "a number in quotes", "\"quorum\": 1", "\"quorum\": \"1\"", says: "feeds[0].quorum"),
        row(6, "a quorum of nobody", "\"quorum\": 1", "\"quorum\": 0", says: "from 1 to 9"),
        row(
            6, "a quorum that cannot be reached", "\"quorum\": 1", "\"quorum\": 2",
            says: "at most the 1 sources"),
        row(
            6, "a deviation of more than everything", "\"1%\"", "\"101%\"",
            says: "feeds[0].deviation"),
        row(7, "an interval without a unit", "\"2 s\"", "\"2\"", says: "feeds[0].sources[0].every"),
        row(
            12, "a URL that is none", "https://a.example", "file:///etc/passwd",
            says: "only https and http"),
        row(
            12, "a token in a URL", "https://a.example", "https://a.example/?k=c0ffee",
            says: "query or fragment"),
        row(
            13, "plain http", "https://a.example", "http://a.example",
            says: "plain http beyond loopback"),
        row(
            14, "an unknown kind", "\"json\"", "\"oracle\"",
            says: "one of pyth, binance, coinbase, kraken, json"),
        row(
            14, "older than the guards believe", "\"8 s\"", "\"11 s\"",
            says: "not above guards.priceAge"),
        row(
            14, "nothing that says what follows",
            ",\n    \"parting\": {\"above\": \"3%\", \"then\": \"skip\", \"holdFor\": \"60 s\"}",
            "", says: "guards.parting"),
        row(
            14, "price and bid", "\"price\": \"/p\"",
            "\"price\": \"/p\", \"bid\": \"/b\", \"ask\": \"/a\"", says: "unknown key"),
        row(14, "a pointer that is none", "\"/p\"", "\"data.price\"", says: "a JSON pointer"),
    ]
}
