import Foundation
import KeeperCodec
import KeeperCommands
import KeeperModel
import KeeperRuntime
import KeeperTransport
import Testing
import WideMath

/// `venues`: what belongs to one of several, and what is refused.
@Suite struct SeveralVenuesTests {
    private static let venues = """
        "venues": [
            {"domain": "north", "url": "http://127.0.0.1:1", "keyId": "n-1",
             "key": {"file": "n.key"}, "wallet": "7 USD"},
            {"domain": "south", "url": "http://127.0.0.1:2", "mirrors": ["http://127.0.0.1:3"]}
        ],
        """

    private static func text(
        _ venues: String = venues, replacing old: String = "", with new: String = ""
    ) throws -> [UInt8] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let shipped = try String(contentsOf: root.appending(path: "config.json"), encoding: .utf8)
        let lines = shipped.split(separator: "\n").map { line in
            line.contains("\"venue\":") ? venues : String(line)
        }
        let text = lines.joined(separator: "\n")
        try #require(old.isEmpty || text.contains(old))
        return Array(old.isEmpty ? text.utf8 : text.replacing(old, with: new).utf8)
    }

    @Test func `each venue has its own key, name and wallet, or those of all`() throws {
        let config = try ConfigFile.read(try Self.text(), file: "c")
        #expect(config.venues.map(\.domain.text) == ["north", "south"])
        #expect(config.venues.map(\.keyID) == ["n-1", "keeper-1"])
        #expect(config.venues.map(\.key) == [.file("n.key"), .file("keeper.key")])
        let wallets = config.venues.map { $0.dryWallet.map(\.amount) }
        #expect(wallets == [[UInt256(7_000_000)], [UInt256(60_000_000_000)]])
        #expect(config.hasSeveralVenues)
        #expect(config.venueNames == "north, south")
    }

    @Test func `a key says how it signs, and an unknown scheme is refused`() throws {
        let file = #"{"file": "n.key"}"#
        func config(_ scheme: String) throws -> Config {
            let said = #"{"file": "n.key", "scheme": "\#(scheme)"}"#
            return try ConfigFile.read(Self.text(replacing: file, with: said), file: "c")
        }
        #expect(try config("hmac-sha256").venues[0].key == .file("n.key", .hmacSHA256))
        #expect(try config("ed25519").venues[0].key == .file("n.key"))
        #expect(throws: ConfigError.self) { try config("hmac-md5") }
    }

    @Test func `one venue in the list is the short form`() throws {
        let list = #""venues": [{"domain": "venue", "url": "http://127.0.0.1:8545"}],"#
        let long = try ConfigFile.read(try Self.text(list), file: "c")
        let short = #""venue": {"domain": "venue", "url": "http://127.0.0.1:8545"},"#
        let same = try ConfigFile.read(try Self.text(short), file: "c")
        #expect(long.venues == same.venues)
        #expect(!long.hasSeveralVenues)
    }

    @Test(arguments: [
        ("\"venues\": [", "\"venue\": {}, \"venues\": [", "either 'venue' or 'venues'"),
        ("\"south\"", "\"north\"", "each domain once"),
        ("\"south\"", "\"all\"", "another name than 'all'"),
        ("127.0.0.1:2", "127.0.0.1:1", "each URL once"),
        ("127.0.0.1:3", "127.0.0.1:1/", "each URL once"),
        ("\"http://127.0.0.1:2\"", "\"north.example\"", "venues[1].url"),
        ("\"wallet\": \"7 USD\"", "\"wallet\": \"7 EUR\"", "venues[0].wallet"),
        ("\"keyId\": \"n-1\"", "\"keyid\": \"n-1\"", "did you mean \"keyId\"?"),
        ("\"guards\"", "\"feeds\": [], \"guards\"", "feeds in each of several venues"),
        (
            "\"guards\"",
            """
            "treasury": {"automatic": true, "coolDown": "60 s", "gasPerTransfer": "20 USD",
                "assets": [{"asset": "USD", "decimals": 6, "floor": "1 USD", "target": "2 USD",
                    "ceiling": "3 USD", "perTransfer": "1 USD", "perDay": "5 USD"}]},
                "guards"
            """, "treasury.assets[0].domain: missing"
        ),
    ])
    func `what cannot be meant is refused with its place`(
        old: String, new: String, says: String
    ) throws {
        let text = try Self.text(replacing: old, with: new)
        let error = #expect(throws: ConfigError.self) { try ConfigFile.read(text, file: "c") }
        #expect(error?.description.contains(says) == true, "\(String(describing: error))")
    }

    @Test func `a variable replaces a value of one venue, and its origin is shown`() throws {
        let variable = "BAILIFF__VENUES__1__URL"
        let bytes = try Self.text()
        let config = try ConfigFile.read(
            bytes, file: "c", overrides: [(variable, "http://127.0.0.1:9")])
        #expect(config.venues.map(\.url) == ["http://127.0.0.1:1", "http://127.0.0.1:9"])
        let origins = ConfigOrigins(
            config, fileBytes: bytes, file: "c", variables: [variable], flags: [])
        let lines = origins.textLines
        #expect(lines.contains { $0.hasPrefix("venues[1].url") && $0.contains(variable) })
        #expect(lines.contains { $0.hasPrefix("venues[0].url") && $0.contains("(c:") })
        #expect(lines.contains("venues[1].keyId = live.keyId   (default)"))
        #expect(!lines.contains { $0.hasPrefix("venue.mirrors") })
        let error = #expect(throws: ConfigError.self) {
            try ConfigFile.read(bytes, file: "c", overrides: [("BAILIFF__VENUES__2__URL", "x")])
        }
        #expect(error?.description.contains("BAILIFF__VENUES__2__URL") == true)
    }

    @Test func `a problem in one venue hides none behind it`() throws {
        let text = try Self.text(replacing: "\"wallet\": \"7 USD\"", with: "\"wallet\": 7")
        let more = String(decoding: text, as: UTF8.self)
            .replacing("\"openIntents\": 40", with: "\"openIntents\": 0")
        let problems = ConfigFile.problems(Array(more.utf8), file: "c")
        #expect(problems.count == 2, "\(problems)")
    }

    /// What waits on the wire is counted by these names.
    @Test func `no two ways to anywhere have the same name, whatever the domains are called`()
        throws
    {
        let venues = """
            "venues": [
                {"domain": "a", "url": "http://127.0.0.1:1", "mirrors": ["http://127.0.0.1:2"]},
                {"domain": "a-mirror-1", "url": "http://127.0.0.1:3",
                 "mirrors": ["http://127.0.0.1:4", "http://127.0.0.1:5"]},
                {"domain": "venue", "url": "http://127.0.0.1:6"}
            ],
            """
        let ways = try Station.ways(try ConfigFile.read(try Self.text(venues), file: "c"))
        let names = ways.flatMap { [$0.endpoint] + $0.mirrors }.map(\.name)
        #expect(names.count == 6)
        #expect(Set(names).count == 6, "\(names)")
    }

    @Test func `what plays one venue refuses several by their names`() throws {
        let config = try ConfigFile.read(try Self.text(), file: "c")
        let workplace = Workplace(config: config, strategies: [], texts: [])
        let problem = #expect(throws: StartProblem.self) {
            try workplace.requireOneVenue(for: "'backtest'")
        }
        #expect(problem?.code == .configuration)
        #expect(problem?.description.contains("names 2: north, south") == true)
    }
}
