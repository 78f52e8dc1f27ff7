package import KeeperCommands
import KeeperConsole
import KeeperModel
import KeeperRuntime
import KeeperSigner
import VenueWriters

/// The program for every command that signs or writes. `bailiff` executes it; nothing else is
/// linked with a signer and a write door.
package enum LiveProgram {
    package static func run(_ words: [String], environment: [String: String]) -> ExitCode {
        do {
            let parsed = try CommandLineParser.parse(words)
            switch parsed.command.name {
            case "run" where parsed.has("live"): return try live(parsed, environment)
            case "keys": return try KeysCommand.run(parsed)
            case "venue-conformance": return try ConformanceCommand.run(parsed)
            default:
                throw UsageError(
                    "bailiff-live carries out only what signs or writes; use 'bailiff'")
            }
        } catch let error as UsageError {
            return fail(.usage, error.description)
        } catch let error as StartProblem {
            return fail(error.code, error.description)
        } catch let error as ConfigError {
            return fail(.configuration, error.description)
        } catch let error as KeeperStop {
            return fail(error.exitCode, error.description)
        } catch {
            return fail(.failed, "\(error)")
        }
    }

    private static func live(
        _ parsed: ParsedCommand, _ environment: [String: String]
    ) throws -> ExitCode {
        if parsed.has("replay") || parsed.has("dry-run") {
            throw UsageError("--live excludes --replay and --dry-run")
        }
        let workplace = try Workplace(parsed, environment)
        guard workplace.config.live.isEnabled else {
            throw ConfigError("live.enabled is false; set it to true to sign and send")
        }
        // A second keeper of the same books is turned away before it has a key in its hands.
        let station = try Station(parsed, workplace, mode: .live)
        var signers: [DomainID: RequestSigner] = [:]
        for venue in workplace.config.venues {
            signers[venue.domain] = try signer(venue, environment)
        }
        let daemon = try Daemon(station, parsed, environment: environment)
        try daemon.run(desk: { context in
            guard let signer = signers[context.domain] else {
                preconditionFailure("Every venue of the configuration has its signer")
            }
            return chosenDesk(context, signer)
        })
        return .done
    }

    private static func signer(
        _ venue: VenueConfig, _ environment: [String: String]
    ) throws -> RequestSigner {
        guard let path = venue.key.path(environment) else {
            throw ConfigError(
                "live.key.credential: there are no credentials here; a service has them by "
                    + "LoadCredential=, everybody else names a file with live.key.file")
        }
        let signer: RequestSigner?
        do {
            signer = try RequestSigner(
                venue.key.scheme, file: path, isCredential: venue.key.isCredential,
                keyID: venue.keyID)
        } catch {
            throw StartProblem(.permission, error.description)
        }
        guard let signer else {
            throw ConfigError("live.keyId: '\(venue.keyID)' is no name for a key")
        }
        return signer
    }

    /// Closes go to the venue, signed; what it says comes back as letters.
    private static func chosenDesk(
        _ context: DeskContext, _ signer: RequestSigner
    ) -> ChosenDesk {
        let timetable = context.timetable
        let desk = RESTCloseDesk(
            endpoint: context.endpoint, reactor: context.reactor, signer: signer,
            trust: .undescribed,
            willSend: { attempt, bytes, send in
                CrashPoint.reached(.attemptMade)
                try context.journal.persist(attempt, bytes: bytes, at: timetable.now) { _ in
                    CrashPoint.reached(.attemptDurable)
                    send()
                    CrashPoint.reached(.closeHandedOver)
                }
            },
            sink: { domain, clientID, answer, height in
                CrashPoint.reached(.answerArrived)
                context.post(
                    FeedLetter(
                        domain: domain, receivedAt: timetable.now, height: height,
                        body: .closeAnswered(clientID, answer)))
            })
        let pass: (FeedLetter) -> Void = { letter in
            if case .venueDescribed(let venue) = letter.body { desk.trust = SettlementTrust(venue) }
            context.post(letter)
        }
        return ChosenDesk(desk: LiveDesk(desk), pass: pass, sign: signer.headers)
    }

    static func fail(_ code: ExitCode, _ problem: String) -> ExitCode {
        StandardStream.error.line("bailiff: \(problem)")
        return code
    }
}

extension KeeperStop {
    fileprivate var exitCode: ExitCode {
        switch kind {
        case .journal, .recording: .inputOutput
        case .invariant: .invariantBroken
        }
    }
}
