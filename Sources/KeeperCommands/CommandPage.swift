/// The table as a page of the documents: `docs/commands.md`, which `bailiff-dev docs` keeps equal
/// to this.
package enum CommandPage {
    package static let path = "docs/commands.md"

    package static func text() -> String {
        let sections = CommandTable.all.map(section).joined(separator: "\n\n")
        return """
            # Commands

            `bailiff COMMAND [ARGUMENT ...] [--OPTION ...]`. Written from the table of commands by
            `bailiff-dev docs --write`.

            \(sections)

            """
    }

    private static func section(_ command: Command) -> String {
        let arguments = command.arguments.map(\.usage)
        let line = (["bailiff", command.name] + arguments).joined(separator: " ")
        var parts = ["## \(command.name)", "`\(line)`: \(command.summary)." + duty(of: command)]
        let rows =
            command.arguments.map { "| `\($0.name)` | \($0.meaning) |" }
            + command.options.map { option in
                let value = option.value.map { " " + $0 } ?? ""
                return "| `--\(option.name)\(value)` | \(option.meaning) |"
            }
        if !rows.isEmpty { parts.append((["| | |", "|---|---|"] + rows).joined(separator: "\n")) }
        if !command.examples.isEmpty {
            parts.append("```sh\n\(command.examples.joined(separator: "\n"))\n```")
        }
        return parts.joined(separator: "\n\n")
    }

    private static func duty(of command: Command) -> String {
        command.program == .bailiff ? "" : " Carried out by `\(command.program.rawValue)`."
    }
}
