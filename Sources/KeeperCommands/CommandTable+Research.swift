/// Commands that ask what a result is worth.
extension CommandTable {
    static let research: [Command] = [
        Command(
            "compare", "two results or two recorded runs, and the first decision that differs",
            arguments: [
                Argument("FIRST", "the JSON of a report, or the recording of a run"),
                Argument("SECOND", "the same of the other"),
            ],
            options: [config, json],
            examples: ["bailiff compare before.json after.json"]),
        Command(
            "study", "all strategies over several windows of history, in one table",
            arguments: [Argument("FILE", "the study file")],
            options: [
                Option(
                    "data", value: "FOLDER", "where the files of the study lie, by default here"),
                Option(
                    "window", value: "NAME", "only this window; may repeat", mayRepeat: true),
                Option("jobs", value: "COUNT", "so many rows at once, by default one per core"),
                Option(
                    "rows", value: "FOLDER",
                    "where finished rows are kept, by default beside the file"),
                strategy, config, json,
            ],
            examples: [
                "bailiff study scenarios/crashes.study.json --data history "
                    + "--config scenarios/history.config.json"
            ]),
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
        stress, compareVenues, calibrate, rivals, fitCustomers,
    ]

    private static let fitCustomers = Command(
        "customers fit", "how likely borrowers act of a day, from a daily series of positions",
        arguments: [
            Argument("FILE", "tables of positions, a row for each account and day", mayRepeat: true)
        ],
        options: [
            Option("out", value: "FILE", "the hazard to write; one that exists is kept"),
            Option("mapping", value: "FILE", "what the columns are, with a threshold for each"),
            Option(
                "prices", value: "RECORDING", "imported prices of what is held; may repeat",
                mayRepeat: true),
            Option("quote", value: "ASSET", "worth one of itself, by default USD"),
            Option("seed", value: "N", "which half of the users is fitted on, by default 1"),
            Option("skip-impossible", "leave impossible rows out and count them"),
            json,
        ],
        examples: [
            "bailiff customers fit users.csv.gz --mapping users.json --prices eth.bailiff "
                + "--out customers.json"
        ])

    private static let compareVenues = Command(
        "venue compare", "one fall of prices under two settlement policies: who pays",
        arguments: [
            Argument("FIRST", "a policy's name, or a JSON file that holds one"),
            Argument("SECOND", "the same of the other"),
        ],
        options: [
            Option("on", value: "FILE", "the scenario, or the recording of a run"),
            Option("policies", value: "SCENARIO", "where names are looked up, if not there"),
            Option("fund", value: "AMOUNT", "what the insurance fund holds"),
            config, json,
        ],
        examples: [
            "bailiff venue compare bonus-and-refund fund-takes-all --on scenarios/crash.json"
        ])

    private static let calibrate = Command(
        "calibrate", "the simulator's outcomes beside those of a recorded run",
        arguments: [Argument("FILE", "the recording of a run, its outcomes included")],
        options: [
            Option("against", value: "N", "with so many rivals in the simulator, by default 0"),
            Option("seed", value: "N", "of rivals and latencies, by default 1"),
            strategy, config, json,
        ],
        examples: ["bailiff calibrate day.bailiff --against 1"])

    private static let rivals = Command(
        "rivals", "who closes what: shares, delays, sizes",
        arguments: [
            Argument("FILE", "a recording of a run, or imported ones", mayRepeat: true)
        ],
        options: race + [config, json],
        examples: [
            "bailiff rivals day.bailiff", "bailiff rivals day.bailiff --against 3",
        ])

    private static let stress = Command(
        "stress", "what shocks and drawn paths of prices would do to the present book",
        arguments: [
            Argument(
                "FILE", "a recording of a run, imported ones, or a scenario file",
                mayRepeat: true)
        ],
        options: [
            Option("at", value: "TIME", "of the book, by default the last; a scenario's height"),
            Option(
                "shock", value: "NAME", "only this one, or ETH=-30%,WBTC=-10%; may repeat",
                mayRepeat: true),
            Option("paths", value: "COUNT", "also draw so many paths, by default none"),
            Option("horizon", value: "BARS", "how long a path is, by default 24"),
            Option("bar", value: "TIME", "what a move is measured over, by default '1 h'"),
            Option("moves", value: "LAW", "normal (default), or past: bars as they were"),
            Option("against", value: "N", "how many others as good as we are, by default 1"),
            Option("fund", value: "AMOUNT", "what the insurance fund holds"),
            Option("gas", value: "AMOUNT", "what each call of ours costs, by default nothing"),
            Option("seed", value: "N", "of races and paths, by default 1"),
            strategy,
        ] + race.prefix(2) + [config, json],
        examples: [
            "bailiff stress day.bailiff", "bailiff stress scenarios/crash.json --shock all-30",
            "bailiff stress day.bailiff --paths 1000 --horizon 24 --bar '10 min'",
        ])
}
