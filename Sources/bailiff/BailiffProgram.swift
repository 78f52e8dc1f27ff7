import KeeperCommands
import KeeperRuntime

/// From a command line to an exit code.
enum BailiffProgram {
    static func run(_ words: [String], environment: [String: String]) -> ExitCode {
        do {
            let parsed = try CommandLineParser.parse(words)
            guard parsed.program == .bailiff else {
                throw try SisterProgram(parsed.program).execute(words)
            }
            return try run(parsed, environment)
        } catch let error as UsageError {
            return fail(.usage, error.description)
        } catch let error as StartProblem {
            return fail(error.code, error.description)
        } catch let error as ConfigError {
            return fail(.configuration, error.description)
        } catch let error as KeeperStop {
            return fail(error.kind == .recording ? .badInput : .inputOutput, error.description)
        } catch {
            return fail(.failed, "\(error)")
        }
    }

    private static func run(
        _ parsed: ParsedCommand, _ environment: [String: String]
    ) throws -> ExitCode {
        switch parsed.command.name {
        case "init", "check", "show-config", "schema":
            try SetUpCommand(parsed, environment).run()
        case "doctor": try DoctorCommand(parsed, environment).run()
        case "run": try RunCommand(parsed, environment).run()
        case "import": try ImportCommand(parsed).run()
        case "missed": try MissedCommand(parsed, environment).run()
        case "record": try RecordCommand(parsed, environment).run()
        case let name where name.hasPrefix("recordings "): try RecordingsCommand(parsed).run()
        case "backtest": try BacktestCommand(parsed, environment).run()
        case "stress": try StressCommand(parsed, environment).run()
        case "venue compare": try PolicyCompareCommand(parsed, environment).run()
        case "calibrate": try CalibrateCommand(parsed, environment).run()
        case "rivals": try RivalsCommand(parsed, environment).run()
        case "compare": try CompareCommand(parsed, environment).run()
        case "customers fit": try CustomersCommand(parsed).run()
        case "study": try StudyCommand(parsed, environment).run()
        case "sweep": try SweepCommand(parsed, environment).run()
        case "parity": try ParityCommand(parsed, environment).run()
        case "lookahead-check": try LookaheadCommand(parsed, environment).run()
        case "demo": try DemoCommand(environment).run()
        case "db": try DatabaseCommand(parsed, environment).run()
        case "period": try PeriodCommand(parsed, environment).run()
        case "revenue", "closes", "lots", "explain", "decisions":
            try BooksCommand(parsed, environment).run()
        case "status", "balance", "positions", "pause", "resume", "drain", "approve", "reload":
            try ControlCommand(parsed, environment).run()
        case "treasury":
            // What was moved stands in the books, whether a keeper runs or not.
            parsed.arguments.first == "list"
                ? try BooksCommand(parsed, environment).run()
                : try ControlCommand(parsed, environment).run()
        case "audit": try AuditCommand(parsed, environment).run()
        case "version": version(parsed)
        case "help": try help(parsed)
        default: throw UsageError("'\(parsed.command.name)' is carried out by another program")
        }
    }

    private static func version(_ parsed: ParsedCommand) -> ExitCode {
        StandardStream.output.line(
            parsed.has("json")
                ? #"{"schemaVersion":1,"version":"\#(Workplace.build)"}"# : Workplace.build)
        return .done
    }

    private static func help(_ parsed: ParsedCommand) throws -> ExitCode {
        guard !parsed.arguments.isEmpty else {
            StandardStream.output.line(CommandHelp.overview())
            return .done
        }
        let name = parsed.arguments.joined(separator: " ")
        guard let command = CommandTable.command(named: name) else {
            throw UsageError("there is no command '\(name)'; 'bailiff help' lists them")
        }
        StandardStream.output.line(CommandHelp.page(of: command))
        return .done
    }

    private static func fail(_ code: ExitCode, _ problem: String) -> ExitCode {
        StandardStream.error.line("bailiff: \(problem)")
        return code
    }
}
