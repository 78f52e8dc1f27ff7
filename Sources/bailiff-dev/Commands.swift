/// The table of commands; everything else about them is derived from it.

struct Command: Sendable {
    let name: String
    let usage: String
    let run: @Sendable ([String]) -> ExitCode
}

enum ExitCode: Int32 {
    case success = 0
    case failure = 1
    /// The check ran, and something is not as it should be.
    case mismatch = 2
    case usage = 64
}

let commands: [Command] = [
    Command(
        name: "vectors", usage: "vectors FILE... [--section NAME]... [--json]",
        run: runVectorsCommand),
    Command(
        name: "sim",
        usage: "sim --seed N | --seeds A..B | --minutes N [--from N] [--story] [--json] "
            + "[--without NAME,...] [--heights N] [--replay-every N] [--require-coverage] "
            + "[--no-shrink] [--strategies FOLDER]",
        run: runSimCommand),
    Command(name: "month", usage: "month [--seed N]", run: runMonthCommand),
    Command(
        name: "mutants", usage: "mutants [NAME...] [--seeds A..B] [--keep]",
        run: runMutantsCommand),
    Command(
        name: "crash", usage: "crash [NUMBER | ROW]... [--side-by-side N] | --list",
        run: runCrashCommand),
    Command(
        name: "soak",
        usage: "soak [--hours N | --minutes N] [--factor N] [--seed N] [--json]",
        run: runSoakCommand),
    Command(
        name: "bench", usage: "bench NAME... [--accounts N] [--json] | --book FILE",
        run: runBenchCommand),
    Command(name: "tidy", usage: "tidy [ROOT]", run: runTidyCommand),
    Command(name: "docs", usage: "docs [ROOT] [--write]", run: runDocsCommand),
]

func runCommand(_ arguments: [String]) -> ExitCode {
    guard let command = commands.first(where: { $0.name == arguments.first }) else {
        print("usage:")
        for command in commands { print("  bailiff-dev \(command.usage)") }
        return .usage
    }
    return command.run(Array(arguments.dropFirst()))
}
