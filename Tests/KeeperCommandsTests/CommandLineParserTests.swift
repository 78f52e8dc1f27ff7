import KeeperCommands
import Testing

@Suite struct CommandLineParserTests {
    @Test func `the last argument of some commands stands for many`() throws {
        let parsed = try CommandLineParser.parse([
            "import", "klines", "a.csv", "b.csv", "--asset", "ETH", "c.csv", "--out", "r",
        ])
        #expect(parsed.arguments == ["klines", "a.csv", "b.csv", "c.csv"])
        #expect(throws: UsageError.self) { try CommandLineParser.parse(["import", "klines"]) }
        #expect(throws: UsageError.self) {
            try CommandLineParser.parse(["recordings", "repair", "a", "b"])
        }
    }

    @Test func `options, arguments and switches are told apart`() throws {
        let parsed = try CommandLineParser.parse([
            "backtest", "day.bailiff", "--strategy", "a", "--strategy=b", "--json",
        ])
        #expect(parsed.arguments == ["day.bailiff"])
        #expect(parsed.all("strategy") == ["a", "b"])
        #expect(parsed.has("json"))
        #expect(!parsed.has("config"))
    }

    @Test func `what signs moves to the program that can`() throws {
        #expect(try CommandLineParser.parse(["run"]).program == .bailiff)
        #expect(try CommandLineParser.parse(["run", "--dry-run"]).program == .bailiff)
        #expect(try CommandLineParser.parse(["run", "--live"]).program == .live)
        #expect(try CommandLineParser.parse(["venue"]).program == .venue)
        #expect(try CommandLineParser.parse(["keys", "new", "f"]).program == .live)
    }

    @Test(arguments: [
        ([], "no command given"),
        (["runn"], "did you mean 'run'?"),
        (["run", "--recrod", "x"], "did you mean '--record'?"),
        (["run", "--replay"], "--replay needs a value: FILE"),
        (["run", "--replay", "--json"], "--replay needs a value: FILE"),
        (["run", "--live=yes"], "--live takes no value"),
        (["run", "--config", "a", "--config", "b"], "given twice"),
        (["explain"], "'explain' needs ACCOUNT"),
        (["explain", "a", "b"], "does not know what to do with 'b'"),
    ])
    func `a wrong line is refused with what to do`(words: [String], says: String) {
        let error = #expect(throws: UsageError.self) { try CommandLineParser.parse(words) }
        #expect(error?.description.contains(says) == true, "\(String(describing: error))")
    }

    @Test func `help is asked for in every usual way`() throws {
        for words in [["help"], ["--help"], ["-h"]] {
            #expect(try CommandLineParser.parse(words).command.name == "help")
        }
        let parsed = try CommandLineParser.parse(["run", "--help"])
        #expect(parsed.arguments == ["run"])
        #expect(CommandHelp.overview().contains("backtest"))
    }

    @Test func `a name of two words goes before one of its first word`() throws {
        let compared = try CommandLineParser.parse(["venue", "compare", "a", "b", "--on", "c"])
        #expect(compared.command.name == "venue compare" && compared.arguments == ["a", "b"])
        #expect(compared.program == .bailiff)
        let served = try CommandLineParser.parse(["venue", "--port", "0"])
        #expect(served.command.name == "venue" && served.program == .venue)
    }

    @Test(arguments: CommandTable.all.map(\.name))
    func `every command has a page, and its examples parse`(name: String) throws {
        let command = try #require(CommandTable.command(named: name))
        #expect(CommandHelp.page(of: command).contains(command.summary))
        for example in command.examples {
            let words = example.split(separator: " ").dropFirst().map(String.init)
            #expect(try CommandLineParser.parse(words).command.name == name)
        }
    }
}
