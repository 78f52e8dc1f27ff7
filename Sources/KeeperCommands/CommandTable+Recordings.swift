/// Commands that work with recordings as files. None changes the file that it is given.
extension CommandTable {
    private static let recording = Argument("FILE", "the recording to read")
    private static let recordings = Argument("FILE", "recordings to read", mayRepeat: true)
    private static let out = Option(
        "out", value: "FILE", "the file to write; one that exists is kept")

    static let recordingTools: [Command] = [
        Command(
            "recordings info", "what is in a recording, from when to when, made with what",
            arguments: [recording], options: [json],
            examples: ["bailiff recordings info day.bailiff"]),
        Command(
            "recordings verify", "read every row, and name the first that is not in order",
            arguments: [recordings],
            options: [Option("allow-gaps", "count missing rows instead of stopping"), json],
            examples: ["bailiff recordings verify monday.bailiff tuesday.bailiff"]),
        Command(
            "recordings trim", "a part of a recording that replays on its own",
            arguments: [recording],
            options: [
                Option("from", value: "TIME", "the first moment to keep, by default all"),
                Option("to", value: "TIME", "the first moment to leave out, by default none"),
                out,
            ],
            examples: [
                "bailiff recordings trim day.bailiff --from 2026-01-31T12:00:00Z --out noon.bailiff"
            ]),
        Command(
            "recordings merge", "recordings of the same feeds as one",
            arguments: [recordings], options: [out],
            examples: ["bailiff recordings merge am.bailiff pm.bailiff --out day.bailiff"]),
        Command(
            "recordings repair", "a copy without the torn end that a stopped writer left",
            arguments: [recording], options: [out],
            examples: ["bailiff recordings repair torn.bailiff --out whole.bailiff"]),
        Command(
            "recordings export", "rows as lines of JSON, amounts as decimal text",
            arguments: [recording],
            options: [
                Option("kind", value: "KIND", "only exchange, event or checkpoint"), out,
            ],
            examples: [
                "bailiff recordings export day.bailiff --kind event --out day.jsonl"
            ]),
    ]
}
