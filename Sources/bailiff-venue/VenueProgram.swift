// Start, serve until a signal comes, write the report.

import FoundationEssentials
import Glibc
import HTTPServing
import KeeperCommands
import KeeperModel
import KeeperTransport
import VenueServing
import VenueSimulator

enum VenueProgram {
    static func run(_ words: [String]) -> ExitCode {
        do {
            // Executed by `bailiff` the command's name comes first; alone it may be left out.
            let line = words.first == "venue" || words.first == "--help" ? words : ["venue"] + words
            let parsed = try CommandLineParser.parse(line)
            guard parsed.command.name == "venue" else {
                if let venue = CommandTable.command(named: "venue") {
                    say(CommandHelp.page(of: venue), STDOUT_FILENO)
                }
                return .done
            }
            return try serve(VenueOptions(parsed))
        } catch let stop as VenueStop {
            return fail(stop.code, stop.description)
        } catch let error as UsageError {
            return fail(.usage, error.description)
        } catch {
            return fail(.failed, "\(error)")
        }
    }

    private static func serve(_ options: VenueOptions) throws -> ExitCode {
        let reactor = Reactor(clock: options.clock)
        var isAsked = false
        reactor.onSignals([SIGTERM, SIGINT]) { _ in isAsked = true }
        let venue = ReferenceVenue(scenario: options.scenario, openedAt: options.openedAt)
        let server = try listen(venue, options, reactor)
        // The file is the sign that the venue answers: it is whole or it is not there.
        if let file = options.portFile { try write(Data("\(server.port)\n".utf8), to: file) }
        say("venue '\(options.scenario.name)' on http://127.0.0.1:\(server.port)", STDOUT_FILENO)
        reactor.run(until: { isAsked })
        server.stop()
        if let file = options.reportFile { try write(Data(server.report()), to: file) }
        return .done
    }

    private static func listen(
        _ venue: ReferenceVenue, _ options: VenueOptions, _ reactor: Reactor
    ) throws -> VenueServer {
        do {
            return try VenueServer(
                venue: venue, clock: options.clock, settings: options.settings, reactor: reactor,
                settlementKey: options.settlementKey)
        } catch {
            throw VenueStop(.unavailable, error.description)
        }
    }

    private static func write(_ data: Data, to path: String) throws {
        do {
            try data.write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw VenueStop(.cannotCreate, "\(path): cannot be written; may this user write there?")
        }
    }

    private static func fail(_ code: ExitCode, _ problem: String) -> ExitCode {
        say("bailiff-venue: \(problem)", STDERR_FILENO)
        return code
    }

    /// Unbuffered: whoever started the venue may wait for this line.
    private static func say(_ line: String, _ descriptor: Int32) {
        let bytes = Array((line + "\n").utf8)
        _ = Glibc.write(descriptor, bytes, bytes.count)
    }
}
