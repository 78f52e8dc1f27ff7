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
    private let lane: String
    private let decisions: DecisionStore
    private let decisionLog: DecisionLog
    private let recording: RecordingStore?
    private let lines: LineFile?
    private let untilHeight: UInt64?
    private let clock: HouseClock
    private let endpoint: Endpoint

    package init(_ parsed: ParsedCommand, _ workplace: Workplace, lane: String) throws(StartProblem)
    {
        self.workplace = workplace
        clock = try Self.clock(parsed)
        untilHeight = try Self.height(parsed)
        endpoint = try Self.endpoint(workplace.config)
        let state = parsed.value("state") ?? workplace.config.stateFolder
        (journal, decisionLog) = try Self.books(in: state)
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
        self.lane = lane
    }

    package func session(
        observe: ((NetworkSession) -> Void)?, desk: (DeskContext) -> ChosenDesk
    ) -> NetworkSession {
        let reactor = Reactor(clock: clock)
        let session = NetworkSession(
            reactor: reactor, clock: clock, endpoint: endpoint,
            domain: workplace.config.venue.domain,
            engine: Engine(settings: workplace.settings(keyPrefix: keyPrefix)),
            books: SessionBooks(
                journal: JournalStore(journal, lane: lane), decisions: decisions,
                events: recording),
            settings: NetworkSettings(
                untilHeight: untilHeight, recordExchange: exchangeRecording, observe: observe),
            desk: desk)
        reactor.onSignals([SIGTERM, SIGINT]) { [weak session] _ in
            session?.askToStop()
        }
        return session
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

    /// Everything that waited in memory goes to disk.
    package func close() throws(KeeperStop) {
        try decisions.flush()
        try recording?.close()
        try lines?.close()
    }
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

    static func endpoint(_ config: Config) throws(StartProblem) -> Endpoint {
        do {
            return try Endpoint(name: EndpointName("venue"), baseURL: config.venue.url)
        } catch {
            throw StartProblem(.configuration, "venue.url: \(error)")
        }
    }

    /// Books that are there already: a report makes none.
    package static func existingBooks(
        in folder: String
    ) throws(StartProblem) -> (Journal, DecisionLog) {
        guard FileManager.default.fileExists(atPath: folder + "/journal.sqlite") else {
            throw StartProblem(
                .inputMissing, "\(folder): has no journal; has a keeper run with this state?")
        }
        return try books(in: folder)
    }

    /// The journal and the decisions of a state folder, which is made where it is missing.
    package static func books(in folder: String) throws(StartProblem) -> (Journal, DecisionLog) {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw StartProblem(.cannotCreate, "\(folder): cannot be made: \(error)")
        }
        do {
            return (
                try Journal(path: folder + "/journal.sqlite"),
                try DecisionLog(path: folder + "/decisions.sqlite")
            )
        } catch .lockedElsewhere(let path) {
            throw StartProblem(
                .tryLater, "\(path): another keeper has it open; stop that one first")
        } catch {
            throw StartProblem(.inputOutput, "\(folder): \(error)")
        }
    }
}
