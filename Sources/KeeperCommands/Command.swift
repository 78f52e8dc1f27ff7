/// One command of the command line. The table of these drives parsing, help and the list in
/// `docs/commands.md`; nothing about a command is written twice.
package struct Command: Sendable {
    package let name: String
    package let summary: String
    package let program: Program
    package let arguments: [Argument]
    package let options: [Option]
    package let examples: [String]

    package init(
        _ name: String, _ summary: String, program: Program = .bailiff,
        arguments: [Argument] = [], options: [Option] = [], examples: [String] = []
    ) {
        self.name = name
        self.summary = summary
        self.program = program
        self.arguments = arguments
        self.options = options
        self.examples = examples
    }

    package func option(_ name: String) -> Option? {
        options.first { $0.name == name }
    }
}

/// Which program carries a command out. `bailiff` executes the others, which lie beside it.
package enum Program: String, Sendable, Hashable {
    case bailiff
    /// Whatever signs or writes: the only program that is linked with a signer and a write door.
    case live = "bailiff-live"
    case venue = "bailiff-venue"
}

package struct Argument: Sendable, Hashable {
    package let name: String
    package let meaning: String
    package let isRequired: Bool
    /// The last one of a command may stand for many.
    package let mayRepeat: Bool

    package init(
        _ name: String, _ meaning: String, isRequired: Bool = true, mayRepeat: Bool = false
    ) {
        self.name = name
        self.meaning = meaning
        self.isRequired = isRequired
        self.mayRepeat = mayRepeat
    }

    /// As a usage line has it.
    var usage: String {
        let name = mayRepeat ? self.name + "..." : self.name
        return isRequired ? name : "[\(name)]"
    }
}

package struct Option: Sendable, Hashable {
    package let name: String
    /// How the value is called in help; nil for a switch.
    package let value: String?
    package let meaning: String
    package let mayRepeat: Bool
    /// A switch whose presence moves the command to another program.
    package let movesTo: Program?

    package init(
        _ name: String, value: String? = nil, _ meaning: String, mayRepeat: Bool = false,
        movesTo: Program? = nil
    ) {
        self.name = name
        self.value = value
        self.meaning = meaning
        self.mayRepeat = mayRepeat
        self.movesTo = movesTo
    }
}

/// How a program ends, and what that tells whoever started it (`operations.md` A2).
package enum ExitCode: Int32, Sendable, CaseIterable {
    case done = 0
    case failed = 1
    /// It ran, and found a difference.
    case difference = 2
    case usage = 64
    case badInput = 65
    case inputMissing = 66
    case unavailable = 69
    case invariantBroken = 70
    case cannotCreate = 73
    case inputOutput = 74
    case tryLater = 75
    case permission = 77
    case configuration = 78
}
