// One table of commands drives what runs and what help says.

enum ExitCode: Int32 {
    case ok = 0
    /// The check ran and found something.
    case complaints = 2
    case usage = 64
    case noInput = 66
}

struct Command: Sendable {
    let name: String
    let usage: String
    let summary: String
    let run: @Sendable ([String]) -> ExitCode
}

let commands = [
    Command(
        name: "tidy", usage: "tidy [ROOT]", summary: "check the house rules over a checkout",
        run: { runTidy($0) })
]

func runCommand(_ arguments: [String]) -> ExitCode {
    guard let name = arguments.first else { return complainAboutUsage("a command is missing") }
    if ["help", "--help", "-h"].contains(name) {
        print(helpText())
        return .ok
    }
    guard let command = commands.first(where: { $0.name == name }) else {
        return complainAboutUsage("there is no command '\(name)'")
    }
    return command.run(Array(arguments.dropFirst()))
}

func complainAboutUsage(_ problem: String) -> ExitCode {
    printError("bailiff-dev: \(problem)\n\n\(helpText())")
    return .usage
}

private func helpText() -> String {
    let rows = commands.map { command in
        "  \(command.usage.padded(to: 20)) \(command.summary)"
    }
    return "Usage: bailiff-dev COMMAND\n\n" + rows.joined(separator: "\n")
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
