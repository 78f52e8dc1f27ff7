import KeeperCodec

/// A command line that fits the table.
package struct ParsedCommand: Sendable {
    package let command: Command
    package let arguments: [String]
    private let values: [String: [String]]

    init(command: Command, arguments: [String], values: [String: [String]]) {
        self.command = command
        self.arguments = arguments
        self.values = values
    }

    package func has(_ option: String) -> Bool { values[option] != nil }
    package func value(_ option: String) -> String? { values[option]?.last }
    package func all(_ option: String) -> [String] { values[option] ?? [] }

    /// The program that carries it out.
    package var program: Program {
        for option in command.options where has(option.name) {
            if let program = option.movesTo { return program }
        }
        return command.program
    }
}

/// What is wrong with a command line, and what to do.
package struct UsageError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

package enum CommandLineParser {
    /// `words` without the program's own name.
    package static func parse(_ words: [String]) throws(UsageError) -> ParsedCommand {
        guard let name = words.first else {
            throw UsageError("no command given; 'bailiff help' lists them")
        }
        // A name of two words goes before one of its first word alone.
        if words.count > 1, let command = CommandTable.command(named: name + " " + words[1]) {
            return try parse(command, Array(words.dropFirst(2)))
        }
        let wanted = ["-h", "--help"].contains(name) ? "help" : name
        guard let command = CommandTable.command(named: wanted == "--version" ? "version" : wanted)
        else {
            throw UsageError(
                unknown("command", name, CommandTable.all.map(\.name), listedBy: "bailiff help"))
        }
        return try parse(command, Array(words.dropFirst()))
    }

    private static func parse(
        _ command: Command, _ words: [String]
    ) throws(UsageError) -> ParsedCommand {
        if words.contains("--help") || words.contains("-h"),
            let help = CommandTable.command(named: "help")
        {
            return ParsedCommand(command: help, arguments: [command.name], values: [:])
        }
        var arguments: [String] = []
        var values: [String: [String]] = [:]
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--"), word.count > 2 else {
                arguments.append(word)
                continue
            }
            let (name, value) = try option(word, of: command, &rest)
            if values[name] != nil, command.option(name)?.mayRepeat != true {
                throw UsageError("--\(name) is given twice; it can be given once")
            }
            values[name, default: []].append(value)
        }
        try check(arguments, against: command)
        return ParsedCommand(command: command, arguments: arguments, values: values)
    }

    private static func option(
        _ word: String, of command: Command, _ rest: inout ArraySlice<String>
    ) throws(UsageError) -> (name: String, value: String) {
        let parts = word.dropFirst(2).split(
            separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard let option = command.option(name) else {
            throw UsageError(
                unknown(
                    "option of '\(command.name)'", "--" + name,
                    command.options.map { "--" + $0.name },
                    listedBy: "bailiff help \(command.name)"))
        }
        guard let value = option.value else {
            guard parts.count == 1 else { throw UsageError("--\(name) takes no value") }
            return (name, "")
        }
        if parts.count == 2 { return (name, String(parts[1])) }
        guard let next = rest.popFirst(), !next.hasPrefix("--") else {
            throw UsageError("--\(name) needs a value: \(value)")
        }
        return (name, next)
    }

    private static func check(
        _ arguments: [String], against command: Command
    ) throws(UsageError) {
        if let missing = command.arguments.dropFirst(arguments.count).first(where: \.isRequired) {
            throw UsageError("'\(command.name)' needs \(missing.name): \(missing.meaning)")
        }
        if arguments.count > command.arguments.count, command.arguments.last?.mayRepeat != true {
            throw UsageError(
                "'\(command.name)' does not know what to do with "
                    + "'\(arguments[command.arguments.count])'")
        }
    }

    private static func unknown(
        _ kind: String, _ name: String, _ known: [String], listedBy page: String
    ) -> String {
        let hint = nearestName(to: name, of: known).map { "did you mean '\($0)'?" }
        return "unknown \(kind) '\(name)'; \(hint ?? "'\(page)' lists them")"
    }
}
