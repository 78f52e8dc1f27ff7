/// Commands before the first run, and when something does not run.
extension CommandTable {
    static let setUp: [Command] = [
        Command(
            "init", "write a configuration to begin with",
            arguments: [Argument("FILE", "by default config.json", isRequired: false)],
            options: [
                Option("yes", "ask nothing"),
                Option("venue", value: "URL", "where the venue is"),
                Option("domain", value: "NAME", "what the venue is called"),
                state,
            ],
            examples: ["bailiff init --yes --venue http://127.0.0.1:8545"]),
        Command(
            "check", "every problem of the configuration and its strategies",
            options: [config, json], examples: ["bailiff check"]),
        Command(
            "show-config", "every value of the configuration",
            options: [Option("origin", "say where each comes from"), config, state, json],
            examples: ["bailiff show-config --origin"]),
        Command(
            "schema", "the configuration's JSON Schema, for editors",
            examples: ["bailiff schema"]),
        Command(
            "doctor", "clock, disk, books, venue, key and limits of this machine",
            options: [config, state, ofDryRun, json], examples: ["bailiff doctor"]),
    ]
}
