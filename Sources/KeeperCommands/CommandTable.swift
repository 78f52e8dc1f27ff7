/// Every command there is.
package enum CommandTable {
    package static let all: [Command] =
        setUp + [demo, run] + operating + [record] + recordingTools + [history, backtest, missed]
        + research
        + [venue, conformance, keys] + books

    package static func command(named name: String) -> Command? {
        all.first { $0.name == name }
    }

    static let json = Option("json", "print one JSON object instead of text")
    static let config = Option(
        "config", value: "FILE", "the configuration, by default config.json")
    static let state = Option(
        "state", value: "FOLDER", "where journal and decisions are, by default as configured")
    static let ofDryRun = Option(
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
            Option(
                "from", value: "TIME", "replay from here on, from the last checkpoint before it"),
            Option("speed", value: "N", "replay so many times as fast as it was, or max (default)"),
            Option("record", value: "FILE", "write every event to a recording"),
            Option(
                "decisions", value: "FILE", "also write every decision to this file, a line each"),
            Option(
                "shadow", value: "CONFIG",
                "another configuration that decides beside this one, and sends nothing"),
            Option("until-height", value: "HEIGHT", "drain when the one venue reaches this height"),
            Option("clock", value: "ORIGIN,FACTOR", "a scaled clock: its origin in ms, its speed"),
            Option("log", value: "FORM", "colour, logfmt, json or journald; else what fits"),
            config, state, json,
        ],
        examples: [
            "bailiff run", "bailiff run --live", "bailiff run --replay day.bailiff",
            "bailiff run --dry-run --replay day.bailiff",
            "bailiff run --replay day.bailiff --from 2026-01-31T12:00:00Z --speed 60",
        ])

    private static let record = Command(
        "record", "write what the feeds say to a recording, and decide nothing",
        arguments: [Argument("FILE", "the recording to write")],
        options: [
            Option("until-height", value: "HEIGHT", "stop when the one venue reaches this height"),
            Option("clock", value: "ORIGIN,FACTOR", "a scaled clock: its origin in ms, its speed"),
            config,
        ],
        examples: ["bailiff record day.bailiff"])

    private static let history = Command(
        "import", "make a recording of history: prices, gas, closes, accounts, order books",
        arguments: [
            Argument(
                "KIND",
                "klines, trades, rounds, gas, liquidations, positions, books, or columns"),
            Argument("FILE", "in order of time; gzip, zstd and zip too", mayRepeat: true),
        ],
        options: [
            Option("out", value: "RECORDING", "the recording to write; one that exists is kept"),
            Option("asset", value: "ASSET", "whose prices or order book they are"),
            Option("asset-decimals", value: "N", "of an order book: digits of its quantities"),
            Option("market", value: "MARKET", "whose accounts they are, by default lend-main"),
            Option("domain", value: "VENUE", "which of several venues they are of, else of all"),
            Option("mapping", value: "FILE", "what the columns are, for files of any other form"),
            Option("span", value: "TIME", "how long a row lasts, such as '1 min'"),
            Option("delay", value: "TIME", "from its end until it could be known"),
            Option("price-decimals", value: "N", "digits behind its point, by default 6"),
            Option("skip-impossible", "leave impossible rows out and count them"),
            json,
        ],
        examples: [
            "bailiff import klines eth-2020.csv.gz --asset ETH --out eth.bailiff",
            "bailiff import positions users.csv.gz --mapping users.json --out users.bailiff",
            "bailiff import books eth.jsonl.gz --asset ETH --asset-decimals 18 --out depth.bailiff",
        ])

    static let strategy = Option(
        "strategy", value: "NAME", "a strategy of the configuration; may repeat", mayRepeat: true)

    private static let backtest = Command(
        "backtest", "run strategies over recordings, against the simulator and rivals",
        arguments: [
            Argument("FILE", "recordings of runs, or imported ones", mayRepeat: true)
        ],
        options: [
            strategy,
            Option(
                "report", value: "FILE.html",
                "also write a page with charts, its JSON and the decisions beside it"),
        ] + race + [config, json],
        examples: [
            "bailiff backtest day.bailiff --strategy full-close",
            "bailiff backtest day.bailiff --report day.html",
            "bailiff backtest eth.bailiff btc.bailiff --on scenarios/history.json",
        ])

    private static let missed = Command(
        "missed", "what others closed, with why we did not and what it was worth",
        arguments: [
            Argument("FILE", "a recording of a run, or imported ones", mayRepeat: true)
        ],
        options: Array(race.prefix(4)) + [config, json],
        examples: [
            "bailiff missed eth.bailiff btc.bailiff closes.bailiff --on scenarios/history.json"
        ])

    /// What history does not say, and who else was there.
    static let race = [
        Option(
            "on", value: "SCENARIO",
            "the venue that imported history happens at; VENUE=SCENARIO for each of several",
            mayRepeat: true),
        Option(
            "oracle", value: "LAW",
            "deviation, heartbeat, delay: by default 50bps,1h,24s; VENUE=LAW for one of several",
            mayRepeat: true),
        Option(
            "depth", value: "RECORDING", "imported order books of an asset; may repeat",
            mayRepeat: true),
        Option("depth-scale", value: "X", "every quantity of every book times this, rounded down"),
        Option("rivals", value: "MODE", "first-come (default), sealed-bid or historical"),
        Option("against", value: "N,...", "how many rivals, by default 0,1,3,10"),
        Option("seed", value: "N", "of rivals and latencies, by default 1"),
        Option("customers", value: "FILE", "let accounts act by this hazard, of customers fit"),
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
            Option(
                "closable-spans", "also report from when to when each account could be closed"),
            Option("longest-wait", value: "MS", "of a poll without news, by default 30000"),
            Option(
                "settlement-key", value: "FILE",
                "the key that signs settlements; without it one is drawn at the start"),
            Option("deprecated", value: "TIME", "say that this version is given up since then"),
            Option("sunset", value: "TIME", "and when it ends, such as 2026-12-31T00:00:00Z"),
            Option("test-switches", "let clients make the venue lose, delay and refuse replies"),
        ],
        examples: ["bailiff venue --scenario scenarios/crash.json --port 8545"])

    private static let conformance = Command(
        "venue-conformance", "test a venue from outside: does it keep its promises?",
        program: .live,
        arguments: [Argument("URL", "where the venue is")],
        options: [
            Option("keys", value: "FILE", "a private key of the venue's; without it only reads"),
            Option("key-id", value: "NAME", "the key's name there, by default conformance"),
            Option("hmac", "the file of --keys holds a secret that the venue has too"), json,
        ],
        examples: [
            "bailiff venue-conformance http://127.0.0.1:8545",
            "bailiff venue-conformance http://127.0.0.1:8545 --keys keeper.key --key-id keeper-1",
        ])

    private static let keys = Command(
        "keys", "make a key, or show the public half of one", program: .live,
        arguments: [
            Argument("ACTION", "new or public"), Argument("FILE", "the file with the private half"),
        ],
        examples: ["bailiff keys new keeper.key", "bailiff keys public keeper.key"])

    private static let books =
        reading + [
            Command("version", "what this is", options: [json]),
            Command(
                "help", "this page, or a command's",
                arguments: [
                    Argument("COMMAND", "a command's name", isRequired: false, mayRepeat: true)
                ]),
        ]
}
