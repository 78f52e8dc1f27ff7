import Foundation
import Glibc
import RoadKit
import Testing

/// What a person sees who got something wrong: a code that scripts can tell apart, and a sentence
/// that says what it was and, where we know it, what to do.
@Suite(.onTheRoad) struct ExitCodeTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// `@` stands for the test's folder, here and in what is said.
        let words: String
        var variables: [String: String] = [:]
        /// Made in the folder before; each begins with what the checkout's file has, if it names
        /// one, with one text replaced by another.
        var file: MistakenFile?
        let code: Int32
        let says: [String]
    }

    struct MistakenFile: Sendable {
        let name: String
        var replacing = ""
        var with = ""
        var content: String?
        var mode: mode_t = 0o600
    }

    static let usage = [
        Mistake(
            testDescription: "a command that there is not", words: "frobnicate", code: 64,
            says: ["unknown command 'frobnicate'", "bailiff help"]),
        Mistake(
            testDescription: "a command with a slip", words: "reveneu", code: 64,
            says: ["did you mean 'revenue'?"]),
        Mistake(
            testDescription: "an option with a slip", words: "run --lvie", code: 64,
            says: ["unknown option of 'run' '--lvie'", "did you mean '--live'?"]),
        Mistake(
            testDescription: "an option that there is not", words: "run --frobnicate", code: 64,
            says: ["unknown option of 'run' '--frobnicate'", "bailiff help run"]),
        Mistake(
            testDescription: "a value that is none", words: "run --until-height high", code: 64,
            says: ["--until-height is a whole number; found 'high'"]),
        Mistake(
            testDescription: "two options that exclude each other", words: "run --live --replay x",
            code: 64, says: ["--live excludes --replay"]),
        Mistake(
            testDescription: "an action of db that there is not", words: "db frobnicate",
            code: 64, says: ["'db' knows 'check'", "'reconcile'"]),
        Mistake(
            testDescription: "a period without a month", words: "period close", code: 64,
            says: ["'period close 2026-01' closes a month"]),
        Mistake(
            testDescription: "a count that is none", words: "positions --limit many", code: 64,
            says: ["--limit is a whole number from 1 to 10000; found 'many'"]),
        Mistake(
            testDescription: "a time that is none",
            words: "decisions --since yesterday --state @/state", code: 64,
            says: ["--since is a time such as"]),
        Mistake(
            testDescription: "an unheard-of form of log",
            words: "run --log xml --state @/state --config @/config.json",
            file: MistakenFile(name: "config.json"), code: 64,
            says: ["--log is one of colour, logfmt, json, journald"]),
        Mistake(
            testDescription: "questions to nobody", words: "init @/new.json", code: 64,
            says: ["add --yes"]),
        Mistake(
            testDescription: "a question to a keeper that is not there",
            words: "status --state @/state", code: 69, says: ["no keeper listens"]),
        Mistake(
            testDescription: "an audit log that is not there",
            words: "audit verify --state @/state", code: 66, says: ["is not there"]),
        Mistake(
            testDescription: "a configuration where there is one",
            words: "init @/config.json --yes", file: MistakenFile(name: "config.json", content: ""),
            code: 73, says: ["File exists"]),
        Mistake(
            testDescription: "a role for everybody whom the kernel cannot name",
            words: "run --state @/state --config @/config.json",
            file: MistakenFile(
                name: "config.json", replacing: "\"guards\"",
                with: "\"control\": {\"viewers\": {\"users\": [65534]}}, \"guards\""),
            code: 78, says: ["65534 is whoever has none here"]),
        Mistake(
            testDescription: "a venue without a scenario", words: "venue", code: 64,
            says: ["'venue' needs --scenario FILE"]),
    ]

    static let configuration = [
        Mistake(
            testDescription: "no configuration", words: "run --config @/none.json", code: 78,
            says: ["@/none.json: cannot be read"]),
        Mistake(
            testDescription: "a key with a slip", words: "run --config @/config.json",
            file: MistakenFile(name: "config.json", replacing: "\"guards\"", with: "\"gaurds\""),
            code: 78,
            says: ["@/config.json:23:5: gaurds: unknown key; did you mean \"guards\"?"]),
        Mistake(
            testDescription: "a key within another, with a slip",
            words: "run --config @/config.json",
            file: MistakenFile(name: "config.json", replacing: "priceAge", with: "pricesAge"),
            code: 78, says: ["@/config.json:23:16: guards.pricesAge", "\"priceAge\"?"]),
        Mistake(
            testDescription: "an amount without its unit", words: "run --config @/config.json",
            file: MistakenFile(name: "config.json", replacing: "\"500 USD\"", with: "\"500\""),
            code: 78, says: ["@/config.json:18:9: limits.lossPerHour", "USD"]),
        Mistake(
            testDescription: "no JSON", words: "run --config @/config.json",
            file: MistakenFile(name: "config.json", replacing: "\"limits\":", with: "\"limits\""),
            code: 78, says: ["@/config.json:13:14: expected ':'"]),
        Mistake(
            testDescription: "a variable with a slip", words: "run --config @/config.json",
            variables: ["BAILIFF__VENUE__ULR": "x"], file: MistakenFile(name: "config.json"),
            code: 78, says: ["BAILIFF__VENUE__ULR: the configuration has no key 'ulr'"]),
        Mistake(
            testDescription: "live without the will to be",
            words: "run --live --config @/config.json",
            file: MistakenFile(name: "config.json"), code: 78,
            says: ["live.enabled is false; set it to true"]),
    ]

    static let keys = [
        Mistake(
            testDescription: "no key", words: "run --live --config @/config.json",
            variables: [
                "BAILIFF__LIVE__ENABLED": "true", "BAILIFF__LIVE__KEY__FILE": "@/none.key",
            ],
            file: MistakenFile(name: "config.json"), code: 77,
            says: ["@/none.key: is not there", "bailiff keys new '@/none.key'"]),
        Mistake(
            testDescription: "a key that others may read", words: "keys public @/open.key",
            file: MistakenFile(
                name: "open.key", content: String(repeating: "k", count: 32), mode: 0o640),
            code: 77, says: ["others may read it", "chmod 600 '@/open.key'"]),
        Mistake(
            testDescription: "a key that is none", words: "keys public @/short.key",
            file: MistakenFile(name: "short.key", content: "short"), code: 77,
            says: ["@/short.key: is not a key"]),
        Mistake(
            testDescription: "a key that would be overwritten", words: "keys new @/there.key",
            file: MistakenFile(name: "there.key", content: "there"), code: 77,
            says: ["@/there.key: exists already"]),
    ]

    private static let minutes = MistakenFile(
        name: "minutes",
        content: """
            ts_ms,open,high,low,close,volume
            1600000000000,1,1,1,1,1
            1600000060000,1,1,1,1,1

            """)

    static let files = [
        Mistake(
            testDescription: "a recording that is none", words: "run --replay @/recording",
            file: MistakenFile(name: "recording", content: "no recording at all"), code: 65,
            says: ["@/recording: is not a recording"]),
        Mistake(
            testDescription: "no recording to replay", words: "run --replay @/none", code: 66,
            says: ["@/none: No such file"]),
        Mistake(
            testDescription: "no recording to test on", words: "backtest @/none", code: 66,
            says: ["@/none: No such file"]),
        Mistake(
            testDescription: "no table to import",
            words: "import klines @/none --asset ETH --out @/out", code: 66,
            says: ["@/none: cannot be opened"]),
        Mistake(
            testDescription: "a table that goes back in time",
            words: "import trades @/trades --asset ETH --out @/out",
            file: MistakenFile(
                name: "trades",
                content: "id,price,time\n1,5,1577836800000\n2,5,1577836700000\n"),
            code: 65, says: ["@/trades, line 3: goes back in time, 100 s"]),
        Mistake(
            testDescription: "row 45: an output that is a folder",
            words: "import klines @/minutes --asset ETH --out @", file: minutes, code: 73,
            says: ["@: exists already; a recording is never overwritten"]),
        Mistake(
            testDescription: "row 45: an output that takes nothing",
            words: "import klines @/minutes --asset ETH --out /dev/full", file: minutes, code: 73,
            says: ["/dev/full: exists already"]),
        Mistake(
            testDescription: "row 45: an output that is there",
            words: "import klines @/minutes --asset ETH --out @/minutes", file: minutes, code: 73,
            says: ["@/minutes: exists already; a recording is never overwritten"]),
        Mistake(
            testDescription: "a result without rivals", words: "backtest @/none --against 0",
            code: 64, says: ["a net without rivals is no result"]),
        Mistake(
            testDescription: "no recording to repair",
            words: "recordings repair @/none --out @/mended",
            code: 66,
            says: ["@/none: No such file"]),
        Mistake(
            testDescription: "a recording that would be overwritten",
            words: "record @/there",
            file: MistakenFile(name: "there", content: "there"), code: 73,
            says: ["@/there: exists already"]),
        Mistake(
            testDescription: "no journal", words: "revenue --state @/none", code: 66,
            says: ["@/none: has no journal"]),
        Mistake(
            testDescription: "no journal to check", words: "db check --state @/none", code: 66,
            says: ["@/none: has no journal"]),
        Mistake(
            testDescription: "an export that is none", words: "db import @/lines --state @/new",
            file: MistakenFile(name: "lines", content: "{}\n{}\n"), code: 65,
            says: ["@/lines: line 1", "format"]),
        Mistake(
            testDescription: "a journal that is none", words: "closes --state @",
            file: MistakenFile(
                name: "journal.sqlite", content: String(repeating: "no database ", count: 100)),
            code: 74, says: ["@/journal.sqlite is no file of ours"]),
    ]

    private static func sweep(_ vary: String) -> MistakenFile {
        MistakenFile(
            name: "sizes.json",
            content: """
                {
                    "sweep": "sizes", "recording": "none", "strategy": "full-close",
                    "search": "grid", "vary": {\(vary)},
                }
                """)
    }

    /// A thousand values on each of four axes.
    private static let trillion = ["a", "b", "c", "d"].map { axis in
        let values = (1...1_000).map { "\"\($0) USD\"" }.joined(separator: ", ")
        return "\"config.\(axis)\": [\(values)]"
    }.joined(separator: ", ")

    static let sweeps = [
        Mistake(
            testDescription: "row 44: a sweep by nobody", words: "sweep @/sizes.json --jobs 0",
            file: sweep(""), code: 64, says: ["--jobs 0: expected a number from 1 to"]),
        Mistake(
            testDescription: "row 44: a sweep by a billion",
            words: "sweep @/sizes.json --jobs 1000000000", file: sweep(""), code: 64,
            says: ["--jobs 1000000000: expected a number from 1 to"]),
        Mistake(
            testDescription: "row 44: a shard of no shards",
            words: "sweep @/sizes.json --shard 1/0", file: sweep(""), code: 64,
            says: ["--shard 1/0: expected a form such as 3/10"]),
        Mistake(
            testDescription: "row 44: a sweep of nothing", words: "sweep @/sizes.json",
            file: sweep(""), code: 78, says: ["vary: expected something to vary"]),
        Mistake(
            testDescription: "row 44: a sweep of a trillion points", words: "sweep @/sizes.json",
            file: sweep(trillion), code: 78,
            says: ["at most 100000 combinations; these axes have 1000000000000"]),
        Mistake(
            testDescription: "row 50: a state where nothing can be written",
            words: "run --state /proc/nowhere", code: 73,
            says: ["/proc/nowhere", "may this user write there?"]),
    ]

    @Test(arguments: usage + configuration + keys + files + sweeps)
    func `a mistake has its code and its sentence`(_ mistake: Mistake) async throws {
        let folder = try TemporaryFolder()
        func filled(_ text: String) -> String { text.replacing("@", with: folder.path) }
        if let file = mistake.file { try make(file, in: folder) }
        var words = mistake.words.split(separator: " ").map { filled(String($0)) }
        let takers = [
            "revenue", "closes", "db", "period", "backtest", "record", "status", "positions",
            "decisions", "audit",
        ]
        if takers.contains(words[0]) {
            words += ["--config", Checkout.file("config.json")]
        }
        let variables = mistake.variables.mapValues(filled).merging(
            ["BAILIFF__STRATEGIES__FOLDER": Checkout.file("strategies")]) { $1 }
        let program = try SpawnedProgram(
            "bailiff", words, variables: variables, output: folder.file("out"),
            errors: folder.file("err"))
        #expect(try await program.end() == .exited(mistake.code))
        let said = folder.text(of: "err")
        for part in mistake.says { #expect(said.contains(filled(part)), "\(said)") }
        #expect(said.split(separator: "\n").count == 1)
        #expect(folder.text(of: "out") == "")
    }

    private func make(_ file: MistakenFile, in folder: TemporaryFolder) throws {
        let content =
            try file.content
            ?? String(contentsOfFile: Checkout.file(file.name), encoding: .utf8)
            .replacing(file.replacing, with: file.with, maxReplacements: 1)
        try folder.write(content, to: file.name)
        try #require(chmod(folder.file(file.name), file.mode) == 0)
    }

    @Test(arguments: [["--live"], []])
    func `a second keeper on the same state is told to wait`(_ mode: [String]) async throws {
        let drill = try await Drill()
        let first = try drill.keeper(mode + ["--decisions", drill.folder.file("first")])
        try await drill.waitForWins(1, in: "first", of: first)
        let second = try drill.keeper(mode)
        #expect(try await second.end() == .exited(75))
        #expect(drill.folder.text(of: "keeper.err").contains("another keeper has it open"))
        // It took nothing from the first one.
        first.send(SIGTERM)
        #expect(try await first.end() == .exited(0))
    }
}
