import Foundation
import KeeperRuntime
import Testing

@Suite struct ConfigToolsTests {
    private static var shipped: String {
        get throws {
            try String(
                contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
                    .appending(path: "../../config.json"), encoding: .utf8)
        }
    }

    @Test func `what init writes is the configuration of the house`() throws {
        #expect(ConfigTemplate().text == (try Self.shipped))
    }

    @Test func `what somebody asks for stands in what init writes, whatever letters it has`() throws
    {
        var template = ConfigTemplate()
        template.venueURL = "https://venue.example/\"x\""
        template.stateFolder = "a b"
        let config = try ConfigFile.read(Array(template.text.utf8), file: "c")
        #expect(config.venue.url == "https://venue.example/\"x\"")
        #expect(config.stateFolder == "a b")
    }

    @Test func `check names every problem, not only the first`() throws {
        let text = try Self.shipped
            .replacingOccurrences(of: "\"openIntents\": 40", with: "\"openIntents\": \"many\"")
            .replacingOccurrences(of: "\"jump\"", with: "\"jmup\"")
            .replacingOccurrences(of: "\"wallet\": \"60000 USD\", ", with: "")
            .replacingOccurrences(
                of: "\"lossPerDay\": \"2000 USD\"", with: "\"lossPerDay\": \"1 ETH\"")
        let problems = ConfigFile.problems(Array(text.utf8), file: "c")
        for part in [
            "c:16:9: limits.openIntents", "limits.lossPerDay", "guards.jmup: unknown key",
            "guards.jump: missing", "dryRun.wallet: missing",
        ] {
            #expect(problems.count { $0.contains(part) } == 1, "\(part) in \(problems)")
        }
        #expect(problems.count == 5)
    }

    @Test func `a file that is no JSON has one problem, with its place`() {
        #expect(ConfigFile.problems(Array("{".utf8), file: "c").count == 1)
        #expect(ConfigFile.problems(Array("[]".utf8), file: "c").count == 1)
        #expect(ConfigFile.problems(Array("{}".utf8), file: "c").count == 9)
    }

    @Test func `each value says where it comes from`() throws {
        let bytes = Array(try Self.shipped.utf8)
        let config = try ConfigFile.read(
            bytes, file: "c", overrides: [("BAILIFF__VENUE__URL", "http://127.0.0.1:9/token")])
        let origins = ConfigOrigins(
            config, fileBytes: bytes, file: "c", variables: ["BAILIFF__VENUE__URL"],
            flags: [(key: "state", shown: "elsewhere", flag: "--state")])
        func line(_ key: String) -> ConfigOrigins.Line? { origins.lines.first { $0.key == key } }
        #expect(line("venue.url")?.origin == "environment BAILIFF__VENUE__URL")
        #expect(line("venue.url")?.shown == "\"http://127.0.0.1:9/(hidden)\"")
        let mirrored = try ConfigFile.read(
            bytes, file: "c",
            overrides: [
                (
                    "BAILIFF__VENUE",
                    #"{"domain":"v","url":"http://127.0.0.1:1","#
                        + #""mirrors":["https://a.example/token"]}"#
                )
            ])
        #expect(
            ConfigLeaf.all(in: mirrored).first { $0.key == "venue.mirrors" }?.shown
                == #"["https://a.example/(hidden)"]"#)
        #expect(line("state")?.origin == "--state")
        #expect(line("state")?.shown == "elsewhere")
        #expect(line("limits.openIntents")?.origin == "c:16:9")
        #expect(line("history.checkpoints")?.origin == "default")
        #expect(line("venue.domain")?.origin.hasPrefix("c:7:") == true)
    }
}
