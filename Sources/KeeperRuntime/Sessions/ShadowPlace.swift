import KeeperCommands
import KeeperJournal
import KeeperModel

/// What a shadow is made of: read and checked before anything starts.
struct ShadowPlace {
    private let workplace: Workplace
    private let lines: LineFile
    static let fileName = "shadow.decisions"

    /// Nil where nobody asked for one. Its decisions go beside the journal, anew with each run.
    init?(
        _ parsed: ParsedCommand, beside own: Workplace, folder: String
    ) throws(StartProblem) {
        guard let path = parsed.value("shadow") else { return nil }
        do {
            workplace = try Workplace(configPath: path, environment: ProcessEnvironment.all())
        } catch {
            throw StartProblem(.configuration, "--shadow: \(error)")
        }
        let (theirs, ours) = (workplace.config, own.config)
        guard Set(theirs.venues.map(\.domain)) == Set(ours.venues.map(\.domain)) else {
            throw StartProblem(
                .configuration,
                "--shadow \(path): is of \(theirs.venueNames), and the keeper of "
                    + "\(ours.venueNames); both hear the same feeds")
        }
        lines = try LineFile(folder + "/" + Self.fileName)
    }

    struct Prepared {
        fileprivate let comparison: ShadowComparison
        let make: (any Timetable) -> Shadow

        func comparing(_ decisions: any DecisionSink) -> any DecisionSink {
            ComparedDecisions(decisions, comparison, .live)
        }
    }

    func prepare() throws(KeeperStop) -> Prepared {
        let comparison = ShadowComparison()
        let journal = try stopping("books of the shadow") { () throws(JournalError) in
            try Journal(path: ":memory:")
        }
        let (workplace, lines) = (workplace, lines)
        return Prepared(comparison: comparison) { timetable in
            Shadow(
                workplace, journal: journal, decisions: lines, comparison: comparison,
                timetable: timetable)
        }
    }
}
