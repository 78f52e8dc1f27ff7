/// Help, from the table.
package enum CommandHelp {
    package static func overview() -> String {
        let width = CommandTable.all.map(\.name.count).max() ?? 0
        let lines = CommandTable.all.map { command in
            "  " + padded(command.name, to: width + 2) + command.summary
        }
        return """
            bailiff: a liquidation keeper

            usage: bailiff COMMAND [ARGUMENT ...] [--OPTION ...]

            \(lines.joined(separator: "\n"))

            'bailiff help COMMAND' says more about one of them.
            """
    }

    package static func page(of command: Command) -> String {
        let arguments = command.arguments.map(\.usage)
        let usage = (["bailiff", command.name] + arguments).joined(separator: " ")
        var sections = [
            "\(command.name): \(command.summary)",
            "usage: " + usage + (command.options.isEmpty ? "" : " [--OPTION ...]"),
        ]
        let rows =
            command.arguments.map { ($0.name, $0.meaning) }
            + command.options.map {
                ("--" + $0.name + ($0.value.map { " " + $0 } ?? ""), $0.meaning)
            }
        if !rows.isEmpty {
            let width = rows.map(\.0.count).max() ?? 0
            sections.append(
                rows.map { "  " + padded($0.0, to: width + 2) + $0.1 }.joined(separator: "\n"))
        }
        if !command.examples.isEmpty {
            sections.append(
                "examples:\n" + command.examples.map { "  " + $0 }.joined(separator: "\n"))
        }
        return sections.joined(separator: "\n\n")
    }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
