/// Commands that speak with a running keeper, or read what one has written.
extension CommandTable {
    private static let ofKeeper = [state, ofDryRun, config, json]
    private static let limit = Option("limit", value: "COUNT", "at most so many, by default 20")

    static let operating: [Command] = [
        Command(
            "status", "whether a keeper runs, acts, and if not, why", options: ofKeeper,
            examples: ["bailiff status --json"]),
        Command("balance", "what the keeper owns, and what of it is promised", options: ofKeeper),
        Command(
            "positions", "the accounts nearest to their lines", options: [limit] + ofKeeper,
            examples: ["bailiff positions --limit 50"]),
        Command("pause", "send nothing new until 'resume'", options: ofKeeper),
        Command("resume", "act again", options: ofKeeper),
        Command("drain", "finish what is open, take nothing new, end", options: ofKeeper),
        Command(
            "approve", "let a plan go on that is held for a person",
            arguments: [Argument("ACCOUNT", "the account that it is about")], options: ofKeeper,
            examples: ["bailiff approve borrower-7"]),
        Command(
            "reload", "read limits, guards and strategies anew, all or nothing",
            options: [Option("preview", "say what would change, and change nothing")] + ofKeeper,
            examples: ["bailiff reload --preview"]),
        Command(
            "decisions", "what was decided lately",
            options: [
                Option("since", value: "TIME", "such as 2026-12-31T00:00:00Z"), limit,
            ] + ofKeeper,
            examples: ["bailiff decisions --limit 100"]),
        Command(
            "audit", "check the log of who changed what",
            arguments: [Argument("ACTION", "verify")], options: ofKeeper,
            examples: ["bailiff audit verify"]),
    ]

    static let reading: [Command] = [
        Command(
            "revenue", "what was earned and spent, by cause, from the ledger alone",
            options: [state, ofDryRun, config, json], examples: ["bailiff revenue --json"]),
        Command(
            "closes", "every close with its ending", options: [state, ofDryRun, config, json],
            examples: ["bailiff closes"]),
        Command(
            "explain", "why an account was closed, or was not",
            arguments: [Argument("ACCOUNT", "the account's id")],
            options: [
                Option("at", value: "TIME", "as of then, while the running keeper still knows"),
                Option("replay", value: "FILE", "where it stood in a recording, candidate or not"),
                Option("at-height", value: "HEIGHT", "as of this height of the recording"),
                state, ofDryRun, config, json,
            ],
            examples: [
                "bailiff explain borrower-7",
                "bailiff explain borrower-7 --replay day.bailiff --at-height 40",
            ]),
    ]
}
