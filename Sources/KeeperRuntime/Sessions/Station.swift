import FoundationEssentials
import Glibc
package import KeeperCommands
import KeeperEngine
package import KeeperJournal
import KeeperModel
import KeeperTransport
import VenueREST

/// Everything that a run over the network opens before it starts, and closes after it: books, a
/// recording where one is asked for, the way to the venue.
package final class Station {
    package let workplace: Workplace
    package let journal: Journal
    package let keyPrefix: String
    package let decisionLog: DecisionLog
    package let mode: StationMode
    /// Where the books of this run are.
    package let folder: String
    package let decisions: DecisionStore
    private let recording: RecordingStore?
    private let lines: LineFile?
    private let shadow: ShadowPlace?
    private let untilHeight: UInt64?
    private let clock: HouseClock
    private let ways: [VenueWay]

    package init(
        _ parsed: ParsedCommand, _ workplace: Workplace, mode: StationMode
    ) throws(StartProblem) {
        self.workplace = workplace
        self.mode = mode
        try ProgramDate.requireClockBehind()
        clock = try Self.clock(parsed)
        untilHeight = try Self.height(parsed)
        ways = try Self.ways(workplace.config)
        if untilHeight != nil { try workplace.requireOneVenue(for: "--until-height") }
        let state = parsed.value("state") ?? workplace.config.stateFolder
        folder = mode == .live ? state : Self.dryFolder(of: state)
        (journal, decisionLog) =
            switch mode {
            case .live: try Self.soundBooks(in: folder)
            case .dry: try Self.newDryBooks(in: folder)
            }
        try Self.requireVenues(ofOpenIntentsIn: journal, workplace.config)
        CrashPoint.reached(.booksOpened)
        let now = SystemClock.machineTime()
        let keyPrefix = "k\(now.nanoseconds / 1_000_000)"
        self.keyPrefix = keyPrefix
        lines = try parsed.value("decisions").map { path throws(StartProblem) in
            try LineFile(path)
        }
        recording = try parsed.value("record").map { path throws(StartProblem) in
            try workplace.recording(path, keyPrefix: keyPrefix, at: now)
        }
        decisions = DecisionStore(decisionLog, writeLine: lines?.append)
        shadow = try ShadowPlace(parsed, beside: workplace, folder: folder)
    }

    /// Signals other than those that end it are the caller's.
    package func session(
        observe: ((NetworkSession) -> Void)?, pauses: StandingPauses = StandingPauses(),
        onSignal: @escaping (Int32) -> Void = { _ in }, desk: (DeskContext) -> ChosenDesk
    ) throws(KeeperStop) -> NetworkSession {
        // A file at its size limit is an error that is told, not a death.
        signal(SIGXFSZ, SIG_IGN)
        let reactor = Reactor(clock: clock, venueCount: ways.count)
        reactor.spinsWhileWriting = mode == .live && workplace.config.live.spins
        let shadow = try shadow?.prepare()
        let session = NetworkSession(
            reactor: reactor, clock: clock, ways: ways,
            engine: Engine(settings: workplace.settings(keyPrefix: keyPrefix)),
            books: SessionBooks(
                journal: JournalStore(journal, disk: try diskQueue(reactor)),
                decisions: shadow.map { $0.comparing(decisions) } ?? decisions,
                events: recording),
            settings: NetworkSettings(
                untilHeight: untilHeight, pauses: pauses, history: history,
                recordExchange: exchangeRecording, shadow: shadow?.make, observe: observe,
                save: { [weak self] () throws(KeeperStop) in try self?.save() }),
            desk: desk)
        reactor.onSignals([SIGTERM, SIGINT, SIGHUP, SIGUSR1]) { [weak session] number in
            if [SIGTERM, SIGINT].contains(number) {
                session?.askToStop()
            } else {
                onSignal(number)
            }
        }
        return session
    }

    /// Who survives the power waits for the disk, on another thread; nothing depends on what a dry
    /// run has written.
    private func diskQueue(_ reactor: Reactor) throws(KeeperStop) -> DiskQueue? {
        guard mode == .live, workplace.config.books.durability == .power else { return nil }
        let wakeup = reactor.wakeup
        return try stopping("preparing to sync") { () throws(JournalError) in
            DiskQueue(try SyncThread(journal, whenDone: { wakeup.ring() }))
        }
    }

    private var history: EngineHistory? {
        let kept = workplace.config.history
        guard kept.checkpointsMax > 0 else { return nil }
        return EngineHistory(
            eventsPerCheckpoint: kept.eventsPerCheckpoint, checkpointsMax: kept.checkpointsMax)
    }

    /// Keeps what was said on the wire. A failure is told at the next event, which meets it too.
    private var exchangeRecording: ExchangeRecording? {
        recording.map { store in
            { exchange, startedAt, endedAt in
                // The event that follows is written to the same file and stops the keeper there.
                try? store.append(exchange, startedAt: startedAt, endedAt: endedAt)
            }
        }
    }

    /// What waits in memory goes to its files: a process that dies takes no more than this along.
    package func save() throws(KeeperStop) {
        try decisions.flush()
        let books = workplace.config.books
        try decisions.trim(
            keeping: books.decisionsKept, byteCountMax: books.decisionsByteCountMax,
            at: clock.now())
        try recording?.flush()
        try lines?.flush()
    }

    /// Everything that waited in memory goes to disk, and what is left open is said.
    package func close(after session: NetworkSession) throws(KeeperStop) {
        try decisions.flush()
        try recording?.close()
        try lines?.close()
        if let shadow = session.shadow {
            shadow.close()
            StandardStream.error.line("bailiff: shadow: \(shadow.summary)")
        }
        let openCount = session.keeper.engine.openIntentCount
        guard openCount > 0 else { return }
        StandardStream.error.line(
            "bailiff: left with \(openCount) closes whose end is not known; "
                + "the next start finds out")
    }
}

/// What becomes of closes, which is also the name of the way that they leave by.
package enum StationMode: String, Sendable {
    case live = "rest"
    case dry = "simulated"

    fileprivate var other: StationMode { self == .live ? .dry : .live }
    fileprivate var people: String { self == .live ? "live runs" : "dry runs" }
}

/// Why nothing was started, and with which code the program ends.
package struct StartProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package let code: ExitCode
    package let description: String

    package init(_ code: ExitCode, _ description: String) {
        self.code = code
        self.description = description
    }
}

extension Station {
    package static func clock(_ parsed: ParsedCommand) throws(StartProblem) -> HouseClock {
        guard let text = parsed.value("clock") else { return HouseClock(nil) }
        do {
            let now = SystemClock.machineTime().nanoseconds / 1_000_000
            return HouseClock(try ClockSetting(parsing: text, nowMilliseconds: now))
        } catch {
            throw StartProblem(.usage, error.description)
        }
    }

    static func height(_ parsed: ParsedCommand) throws(StartProblem) -> UInt64? {
        guard let text = parsed.value("until-height") else { return nil }
        guard let height = UInt64(text) else {
            throw StartProblem(.usage, "--until-height is a whole number; found '\(text)'")
        }
        return height
    }

    /// Closes that never happened are kept apart from those that did.
    package static func dryFolder(of state: String) -> String { state + "/dry" }

    /// Books that are there already: a report makes none.
    package static func existingBooks(
        in folder: String, durability: Durability = .process
    ) throws(StartProblem) -> (Journal, DecisionLog) {
        let files = FileManager.default
        guard files.fileExists(atPath: folder + "/" + journalName) else {
            let hasDryBooks = files.fileExists(atPath: dryFolder(of: folder) + "/" + journalName)
            throw StartProblem(
                .inputMissing,
                "\(folder): has no journal; "
                    + (hasDryBooks
                        ? "to see those of the last dry run, add --dry-run"
                        : "has a keeper run with this state?"))
        }
        return try books(in: folder, durability: durability)
    }

    /// Where a journal may be made, because there is none yet.
    package static func emptyJournalPath(in folder: String) throws(StartProblem) -> String {
        let path = folder + "/" + journalName
        guard !FileManager.default.fileExists(atPath: path) else {
            throw StartProblem(
                .cannotCreate, "\(path): is there already; name another folder with --state")
        }
        try makeFolder(folder)
        return path
    }

    /// A dry run starts with its wallet whole, and so with empty books: those of the dry run before
    /// it make room, unless a keeper has them open or they are of closes that happened.
    private static func newDryBooks(
        in folder: String
    ) throws(StartProblem) -> (Journal, DecisionLog) {
        _ = try books(in: folder, claimedBy: .dry)
        do {
            for name in [journalName, decisionsName] {
                try FileManager.default.removeItem(atPath: folder + "/" + name)
            }
        } catch {
            throw StartProblem(
                .inputOutput, "\(folder): cannot be emptied; may this user write there?")
        }
        return try books(in: folder, claimedBy: .dry)
    }

    /// Nothing is signed over books that are damaged, or that have forgotten what the decisions
    /// beside them remember: then an older copy was put back, or the end of the log is gone.
    private static func soundBooks(
        in folder: String
    ) throws(StartProblem) -> (Journal, DecisionLog) {
        let (journal, decisions) = try books(in: folder, claimedBy: .live)
        let problems: [String]
        do {
            problems = try BooksCheck(journal, decisions).problems
        } catch {
            throw StartProblem(.badInput, "\(folder): \(error)")
        }
        guard let first = problems.first else { return (journal, decisions) }
        throw StartProblem(
            .badInput, "\(folder): \(first); 'bailiff db check' says all of it")
    }

    /// Books belong for good to the first mode that opened them.
    private static func books(
        in folder: String, claimedBy mode: StationMode
    ) throws(StartProblem) -> (Journal, DecisionLog) {
        let (journal, decisions) = try books(in: folder)
        do {
            let owner = try journal.metaValue(modeKey) ?? mode.rawValue
            guard owner == mode.rawValue else {
                throw StartProblem(
                    .configuration,
                    "\(folder): holds the books of \(mode.other.people); "
                        + "name another folder with --state")
            }
            try journal.setMetaValue(modeKey, owner)
        } catch let problem as StartProblem {
            throw problem
        } catch {
            throw StartProblem(.inputOutput, "\(folder): \(error)")
        }
        return (journal, decisions)
    }

    private static let modeKey = "mode"
    private static let journalName = "journal.sqlite"
    private static let decisionsName = "decisions.sqlite"

    /// The journal and the decisions of a state folder, which is made where it is missing. A keeper
    /// that needs more than `process` waits for the disk by itself.
    package static func books(
        in folder: String, durability: Durability = .process
    ) throws(StartProblem) -> (Journal, DecisionLog) {
        try makeFolder(folder)
        do {
            return (
                try Journal(path: folder + "/" + journalName, durability: durability),
                try DecisionLog(path: folder + "/" + decisionsName)
            )
        } catch .lockedElsewhere(let path) {
            throw StartProblem(
                .tryLater, "\(path): another keeper has it open; stop that one first")
        } catch .newerSchema(let found, let known) {
            let error = JournalError.newerSchema(found: found, known: known)
            throw StartProblem(.configuration, "\(folder): the journal \(error)")
        } catch .damaged(let path) {
            throw StartProblem(.badInput, "\(JournalError.damaged(path: path))")
        } catch {
            throw StartProblem(.inputOutput, "\(folder): \(error)")
        }
    }

    private static func makeFolder(_ folder: String) throws(StartProblem) {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw StartProblem(
                .cannotCreate, "\(folder): cannot be made; may this user write there?")
        }
    }
}
