/// Every command there is.
package enum CommandTable {
    package static let all: [Command] =
        [demo, run, record, repair, backtest] + research + [venue, keys] + books

    package static func command(named name: String) -> Command? {
        all.first { $0.name == name }
    }

    private static let json = Option("json", "print one JSON object instead of text")
    private static let config = Option(
        "config", value: "FILE", "the configuration, by default config.json")
    private static let state = Option(
        "state", value: "FOLDER", "where journal and decisions are, by default as configured")
    private static let ofDryRun = Option(
        "dry-run", "of the last dry run, whose books are kept apart")

    private static let demo = Command(
        "demo", "play the built-in crash with venue and keeper, and reconcile the books",
        examples: ["bailiff demo"])

    private static let run = Command(
        "run", "watch the venue and act, dry unless told otherwise",
        options: [
            Option("live", "sign and send; needs live.enabled and a key", movesTo: .live),
            Option("dry-run", "decide on real feeds, settle in the simulator (default)"),
            Option("replay", value: "FILE", "take every event from a recording"),
            Option("record", value: "FILE", "write every event to a recording"),
            Option(
                "decisions", value: "FILE", "also write every decision to this file, a line each"),
            Option("until-height", value: "HEIGHT", "drain when the venue reaches this height"),
            Option("clock", value: "ORIGIN,FACTOR", "a scaled clock: its origin in ms, its speed"),
            config, state, json,
        ],
        examples: [
            "bailiff run", "bailiff run --live", "bailiff run --replay day.bailiff",
            "bailiff run --dry-run --replay day.bailiff",
        ])

    private static let record = Command(
        "record", "write what the feeds say to a recording, and decide nothing",
        arguments: [Argument("FILE", "the recording to write")],
        options: [
            Option("until-height", value: "HEIGHT", "stop when the venue reaches this height"),
            Option("clock", value: "ORIGIN,FACTOR", "a scaled clock: its origin in ms, its speed"),
            config,
        ],
        examples: ["bailiff record day.bailiff"])

    private static let repair = Command(
        "repair", "take the torn end off a recording whose writer was stopped",
        arguments: [Argument("FILE", "the recording to repair")],
        examples: ["bailiff repair day.bailiff"])

    private static let backtest = Command(
        "backtest", "run strategies over a recording, against the simulator",
        arguments: [Argument("FILE", "the recording to read")],
        options: [
            Option(
                "strategy", value: "NAME", "a strategy of the configuration; may repeat",
                mayRepeat: true),
            Option(
                "report", value: "FILE.html",
                "also write a page with charts, its JSON and the decisions beside it"),
            config, json,
        ],
        examples: [
            "bailiff backtest day.bailiff --strategy full-close",
            "bailiff backtest day.bailiff --report day.html",
        ])

    private static let strategy = Option(
        "strategy", value: "NAME", "a strategy of the configuration; may repeat", mayRepeat: true)

    private static let research: [Command] = [
        Command(
            "compare", "two results or two recorded runs, and the first decision that differs",
            arguments: [
                Argument("FIRST", "the JSON of a report, or the recording of a run"),
                Argument("SECOND", "the same of the other"),
            ],
            options: [config, json],
            examples: ["bailiff compare before.json after.json"]),
        Command(
            "sweep", "run one strategy at many settings, and say what the best of them is worth",
            arguments: [
                Argument("WHAT", "the sweep file, or merge"),
                Argument("FILE", "the sweep file whose shards are merged", isRequired: false),
            ],
            options: [
                Option("jobs", value: "COUNT", "so many points at once, by default one per core"),
                Option("shard", value: "I/N", "only every Nth point, from the Ith on"),
                Option(
                    "scores", value: "FOLDER",
                    "where finished points are kept, by default beside the file; "
                        + "may repeat for merge", mayRepeat: true),
                config, json,
            ],
            examples: [
                "bailiff sweep sizes.json", "bailiff sweep sizes.json --shard 2/4",
                "bailiff sweep merge sizes.json",
            ]),
        Command(
            "parity", "play a recording again and hold it against itself",
            arguments: [Argument("FILE", "the recording of a run, or of feeds")],
            options: [
                Option("decisions", value: "FILE", "the decisions that were kept of the run"),
                strategy, config, json,
            ],
            examples: ["bailiff parity day.bailiff --decisions day.decisions"]),
        Command(
            "lookahead-check", "whether a strategy or the data knew what could not be known",
            arguments: [Argument("FILE", "the recording to read")],
            options: [
                Option("cuts", value: "COUNT", "cut the recording at so many places, by default 4"),
                Option("bar", value: "SECONDS", "how late prices come then, by default 60"),
                strategy, config, json,
            ],
            examples: ["bailiff lookahead-check day.bailiff --bar 60"]),
    ]

    private static let venue = Command(
        "venue", "serve the reference venue on loopback", program: .venue,
        options: [
            Option("scenario", value: "FILE", "what exists and what happens"),
            Option("port", value: "PORT", "where to listen; 0 lets the system choose"),
            Option("port-file", value: "FILE", "write the port that was chosen"),
            Option(
                "keys", value: "FILE", "public keys of the keepers that may close; may repeat",
                mayRepeat: true),
            Option("clock", value: "ORIGIN,FACTOR", "a scaled clock: its origin in ms, its speed"),
            Option("report", value: "FILE", "write the venue's own books here when it ends"),
            Option("test-switches", "let clients make the venue lose, delay and refuse replies"),
        ],
        examples: ["bailiff venue --scenario scenarios/crash.json --port 8545"])

    private static let keys = Command(
        "keys", "make a key, or show the public half of one", program: .live,
        arguments: [
            Argument("ACTION", "new or public"), Argument("FILE", "the file with the private half"),
        ],
        examples: ["bailiff keys new keeper.key", "bailiff keys public keeper.key"])

    private static let csv = Option("csv", "print rows for a spreadsheet instead of text")

    private static let books: [Command] = [
        Command(
            "revenue", "what was earned and spent, by cause, from the ledger alone",
            options: [
                Option(
                    "by", value: "WHAT",
                    "a line for each day, strategy, domain, market, account, asset, cause or lane"),
                csv, state, ofDryRun, config, json,
            ],
            examples: ["bailiff revenue --json", "bailiff revenue --by day --csv"]),
        Command(
            "closes", "every close with its ending", options: [csv, state, ofDryRun, config, json],
            examples: ["bailiff closes", "bailiff closes --csv"]),
        Command(
            "lots", "what was disposed of against what it had cost, and what is at hand",
            options: [
                Option(
                    "method", value: "METHOD", "fifo (default), hifo, or specific: of the close"),
                csv, state, ofDryRun, config, json,
            ],
            examples: ["bailiff lots --method hifo --csv"]),
        Command(
            "period", "close a month for good, or list the closed ones",
            arguments: [
                Argument("ACTION", "close or list"),
                Argument("MONTH", "the month to close, as 2026-01", isRequired: false),
            ],
            options: [state, ofDryRun, config, json],
            examples: ["bailiff period close 2026-01", "bailiff period list"]),
        Command(
            "db", "check, back up, export, import or reconcile the journal",
            arguments: [
                Argument("ACTION", "check, backup, export, import or reconcile"),
                Argument(
                    "FILE", "the copy, the export, or the venue's report", isRequired: false),
            ],
            options: [
                Option("schema", value: "NUMBER", "export for a program that knows no more"),
                state, ofDryRun, config,
            ],
            examples: [
                "bailiff db check", "bailiff db backup journal-copy.sqlite",
                "bailiff db export journal.jsonl --schema 1", "bailiff db import journal.jsonl",
                "bailiff db reconcile venue.json",
            ]),
        Command(
            "explain", "why an account was closed, or was not",
            arguments: [Argument("ACCOUNT", "the account's id")],
            options: [
                Option("replay", value: "FILE", "where it stood in a recording, candidate or not"),
                Option("at-height", value: "HEIGHT", "as of this height of the recording"),
                state, ofDryRun, config, json,
            ],
            examples: [
                "bailiff explain borrower-7",
                "bailiff explain borrower-7 --replay day.bailiff --at-height 40",
            ]),
        Command("version", "what this is", options: [json]),
        Command(
            "help", "this page, or a command's",
            arguments: [Argument("COMMAND", "a command's name", isRequired: false)]),
    ]
}
