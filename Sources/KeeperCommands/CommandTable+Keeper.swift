/// Commands that speak with a running keeper, or read what one has written.
extension CommandTable {
    private static let ofKeeper = [state, ofDryRun, config, json]
    private static let venue = Option(
        "domain", value: "DOMAIN", "only at this one of several venues")
    private static let limit = Option("limit", value: "COUNT", "at most so many, by default 20")

    static let operating: [Command] = [
        Command(
            "status", "whether a keeper runs, acts, and if not, why", options: ofKeeper,
            examples: ["bailiff status --json"]),
        Command("balance", "what the keeper owns, and what of it is promised", options: ofKeeper),
        Command(
            "positions", "the accounts nearest to their lines", options: [limit] + ofKeeper,
            examples: ["bailiff positions --limit 50"]),
        Command(
            "pause", "send nothing new until 'resume'", options: [venue] + ofKeeper,
            examples: ["bailiff pause", "bailiff pause --domain north"]),
        Command("resume", "act again", options: [venue] + ofKeeper),
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
            "treasury", "what would be moved between purse and reserve, do it, or what was moved",
            arguments: [
                Argument("ACTION", "plan, apply or list"),
                Argument("PLAN", "the name of the plan to apply", isRequired: false),
            ],
            options: [Option("csv", "print a list as rows for a spreadsheet")] + ofKeeper,
            examples: [
                "bailiff treasury plan", "bailiff treasury apply 9f86d081884c7d65",
                "bailiff treasury list --csv",
            ]),
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

    private static let csv = Option("csv", "print rows for a spreadsheet instead of text")

    static let reading: [Command] = [
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
                Option("domain", value: "DOMAIN", "whose report it is, of several venues"),
                state, ofDryRun, config,
            ],
            examples: [
                "bailiff db check", "bailiff db backup journal-copy.sqlite",
                "bailiff db export journal.jsonl --schema 1", "bailiff db import journal.jsonl",
                "bailiff db reconcile venue.json",
                "bailiff db reconcile north.json --domain north",
            ]),
        Command(
            "explain", "why an account was closed, or was not",
            arguments: [Argument("ACCOUNT", "the account's id")],
            options: [
                Option(
                    "at", value: "TIME",
                    "as of then, while the keeper still knows, or in a recording"),
                Option("replay", value: "FILE", "where it stood in a recording, candidate or not"),
                Option("at-height", value: "HEIGHT", "as of this height of the recording"),
                state, ofDryRun, config, json,
            ],
            examples: [
                "bailiff explain borrower-7",
                "bailiff explain borrower-7 --replay day.bailiff --at-height 40",
                "bailiff explain borrower-7 --replay day.bailiff --at 2026-01-31T12:00:00Z",
            ]),
    ]
}
