import KeeperCommands
import KeeperRuntime
import KeeperSigner

/// `keys new FILE` and `keys public FILE`. The private half never leaves its file.
enum KeysCommand {
    static func run(_ parsed: ParsedCommand) throws -> ExitCode {
        let file = parsed.arguments[1]
        do {
            switch parsed.arguments[0] {
            case "new": StandardStream.output.line("\(try KeyFile.generate(file).publicKey)")
            case "public": StandardStream.output.line("\(try KeyFile.read(file).publicKey)")
            default:
                throw UsageError(
                    "'keys' knows new and public; found '\(parsed.arguments[0])'")
            }
            return .done
        } catch let problem as KeyFileProblem {
            throw StartProblem(.permission, problem.description)
        }
    }
}
