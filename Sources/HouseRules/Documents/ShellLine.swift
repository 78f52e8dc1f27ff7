/// The commands of one line of an example: what runs, with which words.
struct ShellLine {
    /// Program and words, without the folders before the program's name.
    let commands: [[String]]

    private static let separators: Set<String> = ["&&", "||", "|", ";", "&"]

    init(_ text: String) {
        var commands: [[String]] = [[]]
        for word in Self.words(text) {
            if Self.separators.contains(word) {
                commands.append([])
            } else {
                commands[commands.count - 1].append(word)
            }
        }
        self.commands = commands.map(Self.program).filter { !$0.isEmpty }
    }

    /// Split at spaces outside of quotes; a comment ends the line.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var quote: Character?
        for letter in text {
            if let open = quote {
                if letter == open { quote = nil } else { word.append(letter) }
            } else if letter == "'" || letter == "\"" {
                quote = letter
            } else if letter == "#" && word.isEmpty {
                break
            } else if letter == " " {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(letter)
            }
        }
        return word.isEmpty ? words : words + [word]
    }

    /// Takes off what stands before a program (`NAME=value`, `swift run`) and what redirects it.
    private static func program(_ words: [String]) -> [String] {
        var rest = words[...]
        while let first = rest.first, first.contains("="), !first.hasPrefix("-") {
            rest.removeFirst()
        }
        if rest.starts(with: ["swift", "run"]) {
            rest = rest.dropFirst(2)
            if rest.first == "-c" { rest = rest.dropFirst(2) }
        }
        let end = rest.firstIndex { $0.hasPrefix(">") || $0.hasPrefix("2>") || $0 == "<" }
        guard let program = rest.first else { return [] }
        let name = program.split(separator: "/").last.map(String.init) ?? program
        return [name] + rest[..<(end ?? rest.endIndex)].dropFirst()
    }
}
