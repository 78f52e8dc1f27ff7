import Foundation
import KeeperEngine
import KeeperJournal
import KeeperModel
import KeeperRisk
import KeeperRuntime
import Testing

@Suite struct ConfigFileTests {
    @Test func `the configuration of the house is read`() throws {
        let config = try ConfigFile.read(try shipped(), file: "config.json")
        #expect(
            config.strategies.names.map(\.text) == [
                "full-close", "partial-restore", "flash-optimal",
            ])
        #expect(config.dryRun.walletUnits == 60_000_000_000)
        #expect(config.guards.ageMax == .seconds(10))
        #expect(!config.live.isEnabled)
        #expect(config.books.durability == .power)
        #expect(config.books.decisionsKept == .seconds(90 * 86_400))
        #expect(config.books.decisionsByteCountMax == 512 << 20)
    }

    @Test func `who says nothing of books loses nothing with the power`() throws {
        let lines = String(decoding: try shipped(), as: UTF8.self).split(separator: "\n")
        let silent = lines.filter { !$0.contains("\"journal\"") && !$0.contains("\"decisions\"") }
        #expect(silent.count == lines.count - 2)
        let config = try ConfigFile.read(
            Array(silent.joined(separator: "\n").utf8), file: "config.json")
        #expect(config.books == (try ConfigFile.read(shipped(), file: "config.json")).books)
    }

    @Test func `a variable replaces a value, whatever its kind`() throws {
        let config = try ConfigFile.read(
            try shipped(), file: "config.json",
            overrides: [
                ("BAILIFF__VENUE__URL", "http://127.0.0.1:9"),
                ("BAILIFF__LIVE__ENABLED", "true"),
                ("BAILIFF__LIMITS__OPENINTENTS", "7"),
            ])
        #expect(config.venues.map(\.url) == ["http://127.0.0.1:9"])
        #expect(config.live.isEnabled)
        #expect(config.limits.openIntentsMax == 7)
        #expect(config.text.contains("\"openIntents\":7"), "a recording pins what was in force")
    }

    @Test(arguments: [
        (
            "\"state\": \"state\"", "\"stat\": \"state\"",
            "stat: unknown key; did you mean \"state\"?"
        ),
        ("\"openIntents\": 40", "\"openIntents\": 40, \"openIntent\": 1", "did you mean"),
        ("\"openIntents\": 40", "\"openIntents\": \"40\"", "limits.openIntents"),
        ("\"openIntents\": 40", "\"openIntents\": 0", "from 1 to 10000"),
        ("\"250000 USD\"", "\"250000\"", "units: USD"),
        ("\"250000 USD\"", "\"250000 EUR\"", "an amount in USD"),
        ("\"250000 USD\"", "\"0 USD\"", "above zero"),
        ("\"250000 USD\"", "\"2500000 USD\"", "notionalPerClose not above notionalOpen"),
        ("\"500 USD\"", "\"5000 USD\"", "lossPerHour not above lossPerDay"),
        ("\"20%\"", "\"120%\"", "a share from 0% to 100%"),
        ("\"10 s\"", "\"10 sec\"", "an amount in ms, s, min, h, d"),
        ("\"configVersion\": 1", "\"configVersion\": 2", "configVersion"),
        ("\"power\"}", "\"disk\"}", "one of \"process\", \"power\""),
        ("\"512 MiB\"", "\"512 MB\"", "KiB, MiB, GiB"),
        ("\"512 MiB\"", "\"1 KiB\"", "at least 1 MiB"),
        ("\"enabled\": false", "\"enabled\": \"false\"", "expected true or false"),
        ("[\"full-close\", ", "[\"full-close\", \"full-close\", ", "none of them twice"),
        ("\"state\": \"state\"", "\"state\": \"state\", \"state\": \"b\"", "state"),
        ("{\n    \"configVersion\"", "[\n    \"configVersion\"", "config.json"),
    ])
    func `a wrong file is refused with its place`(
        old: String, new: String, says: String
    ) throws {
        let text = String(decoding: try shipped(), as: UTF8.self).replacing(old, with: new)
        #expect(text.contains(new), "the sample has to change something")
        let error = #expect(throws: ConfigError.self) {
            try ConfigFile.read(Array(text.utf8), file: "config.json")
        }
        #expect(error?.description.contains(says) == true, "\(String(describing: error))")
        #expect(error?.description.hasPrefix("config.json:") == true)
    }

    private static let avoiding = "\"state\": \"state\", \"avoid\": "

    @Test func `what is to be left alone is read with its reason and its end`() throws {
        let text = String(decoding: try shipped(), as: UTF8.self).replacing(
            "\"state\": \"state\"",
            with: Self.avoiding
                + """
                [{"account": "a-7", "reason": "disputed", "until": "2026-12-31T00:00:00Z"},
                 {"asset": "XYZ", "reason": "no book"}]
                """)
        let config = try ConfigFile.read(Array(text.utf8), file: "config.json")
        #expect(
            config.avoided
                == AvoidList([
                    .init(
                        .account(AccountID("a-7")), reason: "disputed",
                        until: Instant(milliseconds: 1_798_675_200_000)),
                    .init(.asset(AssetID("XYZ")), reason: "no book", until: nil),
                ]))
    }

    @Test(arguments: [
        ("[{\"reason\": \"x\"}]", "one of account, asset and market"),
        (
            "[{\"account\": \"a\", \"asset\": \"b\", \"reason\": \"x\"}]",
            "one of account, asset and market"
        ),
        ("[{\"account\": \"a\"}]", "reason: missing"),
        (
            "[{\"account\": \"a\", \"reason\": \"x\", \"until\": \"tomorrow\"}]",
            "a time such as 2026-12-31T00:00:00Z"
        ),
    ])
    func `an entry that says too little or too much is refused`(
        list: String, says: String
    ) throws {
        let text = String(decoding: try shipped(), as: UTF8.self).replacing(
            "\"state\": \"state\"", with: Self.avoiding + list)
        let error = #expect(throws: ConfigError.self) {
            try ConfigFile.read(Array(text.utf8), file: "config.json")
        }
        #expect(error?.description.contains(says) == true, "\(String(describing: error))")
    }

    @Test func `a variable that names no key is refused by its name`() throws {
        let bytes = try shipped()
        let error = #expect(throws: ConfigError.self) {
            try ConfigFile.read(
                bytes, file: "config.json", overrides: [("BAILIFF__VENUE__ULR", "x")])
        }
        #expect(error?.description.contains("BAILIFF__VENUE__ULR") == true)
    }

    private func shipped() throws -> [UInt8] {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return [UInt8](try Data(contentsOf: root.appending(path: "config.json")))
    }
}
