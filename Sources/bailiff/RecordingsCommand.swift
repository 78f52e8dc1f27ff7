import KeeperCodec
import KeeperCommands
import KeeperFeeds
import KeeperModel
import KeeperRuntime

/// `recordings ...`: what is in a file, whether it is in order, and copies of it. No original is
/// ever changed.
struct RecordingsCommand {
    private let parsed: ParsedCommand

    init(_ parsed: ParsedCommand) {
        self.parsed = parsed
    }

    func run() throws -> ExitCode {
        switch parsed.command.name {
        case "recordings info": try RecordingInfoPrinting(parsed).run()
        case "recordings verify": try RecordingVerifying(parsed).run()
        case "recordings trim": try trim()
        case "recordings merge": try merge()
        case "recordings repair": try repair()
        case "recordings export": try export()
        default: preconditionFailure("The table names no other")
        }
    }

    private func out() throws(UsageError) -> String {
        guard let out = parsed.value("out") else {
            throw UsageError("'\(parsed.command.name)' needs --out: the file to write")
        }
        return out
    }

    // MARK: Copies

    private func trim() throws -> ExitCode {
        let (path, out) = (parsed.arguments[0], try out())
        let (from, end) = (try parsed.instant("from"), try parsed.instant("to"))
        guard from != nil || end != nil else {
            throw UsageError("'recordings trim' needs --from or --to, or both")
        }
        if let from, let end, from >= end {
            throw UsageError(
                "--from \(UTCText.text(from)) is not before --to \(UTCText.text(end))")
        }
        let reader = try RecordingFileOpening.open(path)
        let trim = RecordingTrim(
            reader, from: from, before: end,
            checkpoint: try from.flatMap { try Self.checkpoint(reader, path, before: $0) })
        let report = try Self.working(path, out) { () throws(RecordingError) in
            try trim.write(to: out)
        }
        let opening =
            report.openingEventCount == 0
            ? "" : ", behind \(report.openingEventCount) events that say what was known by then"
        StandardStream.output.line("\(out): \(report.rowCount) rows\(opening)")
        return .done
    }

    /// What the keeper knew before the first moment that is kept, found by replaying the run up to
    /// there. Nil for feeds alone, of which nobody knew anything.
    private static func checkpoint(
        _ reader: RecordingReader, _ path: String, before instant: Instant
    ) throws -> RecordingRow? {
        guard let prefix = Workplace.keyPrefix(pinnedIn: reader.header) else { return nil }
        let workplace = try Workplace(pinnedIn: reader.header, path: path)
        let replayed = try ReplayedEngine(
            reader, path: path, settings: workplace.settings(keyPrefix: prefix),
            until: .before(instant))
        guard replayed.hasHeardAny else { return nil }
        guard let row = replayed.checkpoint else {
            throw StartProblem(
                .badInput,
                "\(path): a set of accounts is half in at \(UTCText.text(instant)); cut it a "
                    + "moment later")
        }
        return row
    }

    private func merge() throws -> ExitCode {
        let out = try out()
        guard parsed.arguments.count > 1 else {
            throw UsageError("'recordings merge' needs two recordings or more")
        }
        var files: [(path: String, reader: RecordingReader)] = []
        for path in parsed.arguments { files.append((path, try RecordingFileOpening.open(path))) }
        do {
            let report = try RecordingMerge(files).write(to: out)
            StandardStream.output.line(
                "\(out): \(report.eventCount) events and \(report.exchangeCount) exchanges of "
                    + "\(files.count) files; \(report.duplicateCount) events were in more than one")
        } catch {
            throw Self.problem(error.error, error.path, out)
        }
        return .done
    }

    private func repair() throws -> ExitCode {
        let (path, out) = (parsed.arguments[0], try out())
        let report = try Self.working(path, out) { () throws(RecordingError) in
            try RecordingRepair.repair(path: path, to: out)
        }
        StandardStream.output.line(
            "\(out): \(report.keptFrameCount) whole frames; "
                + "\(report.removedByteCount) bytes behind them are lost")
        return .done
    }

    private func export() throws -> ExitCode {
        let (path, out) = (parsed.arguments[0], try out())
        let kinds = try parsed.value("kind").map { word throws(UsageError) in
            guard let kind = RowKind.allCases.first(where: { $0.name == word }) else {
                let names = RowKind.allCases.map(\.name).joined(separator: ", ")
                throw UsageError("--kind is one of \(names); found '\(word)'")
            }
            return Set([kind])
        }
        let reader = try RecordingFileOpening.open(path)
        var lines = reader.lines(of: kinds ?? Set(RowKind.allCases))
        let file = try LineFile(out, isNew: true)
        var count: UInt64 = 0
        while let line = try Self.working(
            path, out, { () throws(RecordingError) in try lines.next() })
        {
            try file.append(line)
            count += 1
        }
        try file.close()
        StandardStream.output.line("\(out): \(count) lines")
        return .done
    }

    private static func working<Result>(
        _ path: String, _ out: String, _ body: () throws(RecordingError) -> Result
    ) throws(StartProblem) -> Result {
        do {
            return try body()
        } catch {
            throw problem(error, path, out)
        }
    }

    private static func problem(
        _ error: RecordingError, _ path: String, _ out: String
    ) -> StartProblem {
        switch error {
        case .alreadyExists: StartProblem(.cannotCreate, "\(out): \(error)")
        case .failed(_, _, let failed) where failed != path:
            StartProblem(.cannotCreate, "\(out): \(error)")
        default:
            StartProblem(error.isAbsence ? .inputMissing : .badInput, "\(path): \(error)")
        }
    }
}

extension ParsedCommand {
    /// A moment, such as 2026-01-31T00:00:00Z.
    func instant(_ name: String) throws(UsageError) -> Instant? {
        guard let text = value(name) else { return nil }
        guard let instant = UTCText.instant(text) else {
            throw UsageError("--\(name) is a time such as 2026-12-31T00:00:00Z; found '\(text)'")
        }
        return instant
    }
}
