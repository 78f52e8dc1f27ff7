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
                Option("jobs", value: "COUNT", "so many windows at once, by default one per core"),
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
    ]
}
