import KeeperBacktest
import KeeperCodec
import KeeperCommands
import KeeperConsole
import KeeperEngine
import KeeperFeeds
import KeeperModel
import KeeperRuntime
import KeeperStrategy
import KeeperTransport
import VenueSimulator
import WideMath

/// `run`: dry over the network, replay of a recording, or dry on a recording. Live is another
/// program.
struct RunCommand {
    private let parsed: ParsedCommand
    private let environment: [String: String]

    init(_ parsed: ParsedCommand, _ environment: [String: String]) {
        self.parsed = parsed
        self.environment = environment
    }

    func run() throws -> ExitCode {
        let isExact = parsed.has("replay") && !parsed.has("dry-run")
        for option in ["from", "speed"] where parsed.has(option) && !isExact {
            throw UsageError(
                "--\(option) goes with --replay alone; for a dry run, 'bailiff recordings trim' "
                    + "makes a recording that begins later")
        }
        guard let path = parsed.value("replay") else { return try dry() }
        guard !parsed.has("shadow") else {
            throw UsageError("--shadow stands beside a run over the network, not a replay")
        }
        return parsed.has("dry-run") ? try dryOnRecording(path) : try replay(path)
    }

    private func workplace() throws(ConfigError) -> Workplace {
        try Workplace(parsed, environment)
    }

    // MARK: Dry run over the network

    private func dry() throws -> ExitCode {
        let workplace = try workplace()
        let station = try Station(parsed, workplace, mode: .dry)
        let config = workplace.config
        let daemon = try Daemon(station, parsed, environment: environment)
        try daemon.run(desk: { context in
            guard let venue = config.venue(of: context.domain) else {
                preconditionFailure("A desk is asked for by a venue of the configuration")
            }
            let desk = VirtualDesk(
                venue, of: "dry", timetable: context.timetable, post: context.post)
            return ChosenDesk(desk: desk, pass: desk.pass, sign: nil)
        })
        return .done
    }

    // MARK: On a recording

    /// `--record`: what the engine handled, in a recording of its own.
    private func recording(
        _ workplace: Workplace, keyPrefix: String
    ) throws(StartProblem) -> RecordingStore? {
        guard let path = parsed.value("record") else { return nil }
        return try workplace.recording(path, keyPrefix: keyPrefix, at: SystemClock.machineTime())
    }

    /// Everything from the recording, outcomes included, with what it pins: the same decisions.
    private func replay(_ path: String) throws -> ExitCode {
        let from = try parsed.instant("from")
        var pace = try ReplayPace(parsed)
        let reader = try RecordingFileOpening.open(path)
        let workplace = try Workplace(pinnedIn: reader.header, path: path)
        guard let prefix = Workplace.keyPrefix(pinnedIn: reader.header) else {
            throw StartProblem(
                .badInput, "\(path): was made by 'record' and has no decisions; use --dry-run too")
        }
        let lines = try parsed.value("decisions").map { try LineFile($0) }
        let decisions = DecisionStore(nil, writeLine: lines?.append)
        let recording = try recording(workplace, keyPrefix: prefix)
        let start = try ReplayStart(
            reader, path: path, settings: workplace.settings(keyPrefix: prefix), before: from)
        var session = ReplaySession(start, decisions: decisions, events: recording)
        let tally = try session.run(tellingFrom: from) { (event) throws(KeeperStop) in
            guard pace != nil else { return }
            try lines?.flush()
            pace?.wait(for: event)
        }
        try recording?.close()
        try lines?.close()
        if let at = start.checkpointAt {
            StandardStream.output.line("began at the checkpoint of \(UTCText.text(at))")
        }
        StandardStream.output.line(
            "replayed \(tally.eventCount) events: \(tally.decisionCount) decisions, "
                + "\(tally.wonCount) closes won, \(tally.notWonCount) not won")
        return .done
    }

    /// Feeds from the recording, outcomes from the simulator.
    private func dryOnRecording(_ path: String) throws -> ExitCode {
        let workplace = try workplace()
        let lines = try parsed.value("decisions").map { try LineFile($0) }
        let recording = try recording(workplace, keyPrefix: Backtest.keyPrefix)
        let result = try Backtest(workplace, recording: path).run(
            workplace.strategies.map(\.name),
            decisions: DecisionStore(nil, writeLine: lines?.append), events: recording)
        try recording?.close()
        try lines?.close()
        return VirtualRunPrinting(parsed, workplace).show(
            [(workplace.strategies.map(\.name.text).joined(separator: "+"), result)])
    }
}

/// Opens a recording, or says why not with the right code.
enum RecordingFileOpening {
    /// Whoever plays one venue would take the others' accounts for its own.
    static func requireOneVenue(_ path: String) throws(StartProblem) {
        let domains = try open(path).header.domains
        guard domains.count > 1 else { return }
        throw StartProblem(
            .badInput,
            "\(path): is of \(domains.count) venues, "
                + domains.map(\.text).joined(separator: ", ")
                + ", and the simulator plays one; '--replay' alone replays them all")
    }

    static func open(_ path: String) throws(StartProblem) -> RecordingReader {
        do {
            return try RecordingReader(path: path)
        } catch {
            throw StartProblem(error.isAbsence ? .inputMissing : .badInput, "\(path): \(error)")
        }
    }
}
