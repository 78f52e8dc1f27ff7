import FoundationEssentials
import KeeperCommands
import KeeperJournal
import KeeperModel
import KeeperRuntime

/// `db ACTION`: the journal as a file. Every action opens it alone, so a keeper that runs is
/// stopped first.
struct DatabaseCommand {
    private let parsed: ParsedCommand
    private let environment: [String: String]

    init(_ parsed: ParsedCommand, _ environment: [String: String]) {
        self.parsed = parsed
        self.environment = environment
    }

    func run() throws -> ExitCode {
        let action = parsed.arguments[0]
        let file = parsed.arguments.dropFirst().first
        let workplace = try Workplace(parsed, environment)
        let folder = BooksFolder.path(parsed, workplace)
        switch (action, file) {
        case ("check", nil): return try check(folder)
        case ("backup", let file?): return try backUp(folder, file)
        case ("export", let file?): return try export(folder, file)
        case ("import", let file?): return try restore(folder, file)
        case ("reconcile", let file?): return try reconcile(folder, file, workplace)
        default:
            throw UsageError(
                "'db' knows 'check', and with a file 'backup', 'export', 'import', 'reconcile'")
        }
    }

    // MARK: Looking

    private func check(_ folder: String) throws -> ExitCode {
        let (journal, decisions) = try Station.existingBooks(in: folder)
        let problems = try of(folder) { () throws(JournalError) in
            try BooksCheck(journal, decisions).problems
        }
        if problems.isEmpty { say("\(folder): sound, schema \(Journal.schemaVersion)") }
        for problem in problems { say("\(folder): \(problem)") }
        return problems.isEmpty ? .done : .difference
    }

    /// The report of the venue beside the books: what was settled in our name and is not in them
    /// shows that they are an older copy.
    private func reconcile(
        _ folder: String, _ file: String, _ workplace: Workplace
    ) throws -> ExitCode {
        let (journal, _) = try Station.existingBooks(in: folder)
        let config = workplace.config
        let venue = try venue(of: config)
        let statement: VenueStatement
        do {
            statement = try VenueReportFile.statement(
                in: Array(try BookFile.contents(of: file)), domain: venue.domain,
                keeper: venue.keyID)
        } catch let problem as StartProblem {
            throw problem
        } catch {
            throw StartProblem(.badInput, "\(file): is no venue's report: \(error)")
        }
        let report = try of(folder) { () throws(JournalError) in
            ReconciliationReport(
                try journal.reconcile(against: statement), unit: config.unitOfAccount)
        }
        for line in report.lines { say(line) }
        return report.isClean ? .done : .difference
    }

    /// Whose report it is: one that is held against another venue's books differs in everything.
    private func venue(of config: Config) throws -> VenueConfig {
        guard let name = parsed.value("domain") else {
            guard !config.hasSeveralVenues else {
                throw UsageError(
                    "whose report is it? Name the venue with --domain: \(config.venueNames)")
            }
            return config.venue
        }
        guard let venue = config.venues.first(where: { $0.domain.text == name }) else {
            throw UsageError("--domain is one of \(config.venueNames); found '\(name)'")
        }
        return venue
    }

    // MARK: Carrying

    private func backUp(_ folder: String, _ file: String) throws -> ExitCode {
        let (journal, _) = try Station.existingBooks(in: folder)
        try BookFile.make(file) { () throws(JournalError) in try journal.backUp(to: file) }
        say("\(file): a whole copy of \(folder), looked through")
        return .done
    }

    private func export(_ folder: String, _ file: String) throws -> ExitCode {
        let version = try schemaVersion()
        let (journal, _) = try Station.existingBooks(in: folder)
        try BookFile.requireAbsent(file)
        let lines = try LineFile(file)
        var failure: KeeperStop?
        try of(folder) { () throws(JournalError) in
            try journal.export(asOfSchema: version) { line in
                guard failure == nil else { return }
                do throws(KeeperStop) {
                    try lines.append(line)
                } catch {
                    failure = error
                }
            }
        }
        if let failure { throw failure }
        try lines.close()
        say("\(file): everything in \(folder), as of schema \(version)")
        return .done
    }

    private func schemaVersion() throws(UsageError) -> Int64 {
        let known = Journal.schemaVersion
        guard let text = parsed.value("schema") else { return known }
        guard let version = Int64(text), version >= 1, version <= known else {
            throw UsageError("--schema is a number from 1 to \(known); found '\(text)'")
        }
        return version
    }

    private func restore(_ folder: String, _ file: String) throws -> ExitCode {
        let text = try BookFile.contents(of: file)
        let path = try Station.emptyJournalPath(in: folder)
        try BookFile.make(path, from: file) { () throws(JournalError) in
            try JournalImport.make(path, from: Array(text))
        }
        say("\(path): made from \(file), looked through")
        return .done
    }

    private func of<Result>(
        _ folder: String, _ work: () throws(JournalError) -> Result
    ) throws(StartProblem) -> Result {
        do {
            return try work()
        } catch {
            throw StartProblem(.badInput, "\(folder): \(error)")
        }
    }

    private func say(_ line: String) { StandardStream.output.line(line) }
}

/// Files that a person named.
private enum BookFile {
    static func contents(of path: String) throws(StartProblem) -> Data {
        do {
            return try Data(contentsOf: URL(filePath: path))
        } catch {
            throw StartProblem(
                .inputMissing, "\(path): cannot be read; is it there, and is it readable?")
        }
    }

    static func requireAbsent(_ path: String) throws(StartProblem) {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw StartProblem(.cannotCreate, "\(path): is there already; name another file")
        }
    }

    /// Makes a database where there is none; of one that was not finished nothing stays.
    static func make(
        _ path: String, from source: String? = nil, _ work: () throws(JournalError) -> Void
    ) throws(StartProblem) {
        try requireAbsent(path)
        do {
            try work()
        } catch {
            for suffix in ["", "-wal", "-journal"] {
                // What is not there needs no removing.
                try? FileManager.default.removeItem(atPath: path + suffix)
            }
            if let source { throw StartProblem(.badInput, "\(source): \(error)") }
            throw StartProblem(.cannotCreate, "\(path): \(error)")
        }
    }
}
