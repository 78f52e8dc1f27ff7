// The command line of the venue, read and checked before anything is opened.

import FoundationEssentials
import KeeperCodec
import KeeperCommands
import KeeperModel
import KeeperSigner
import KeeperTransport
import VenueServing
import VenueSimulator

struct VenueOptions {
    let scenario: Scenario
    let clock: VenueServer.Clock
    /// Height 0 begins at the clock's origin, so that two starts with one origin are one run.
    let openedAt: Instant
    let settings: VenueServerSettings
    let portFile: String?
    let reportFile: String?
    /// Nil where one is to be drawn.
    let settlementKey: SigningKey?

    init(_ parsed: ParsedCommand) throws {
        guard let path = parsed.value("scenario") else {
            throw UsageError("'venue' needs --scenario FILE, such as scenarios/crash.json")
        }
        do {
            scenario = try ScenarioFile.read(try Self.bytes(of: path))
        } catch let error as ScenarioFileError {
            throw VenueStop(.badInput, "\(path): \(error)")
        }
        let real = SystemClock()
        let nowMilliseconds = real.now().nanoseconds / 1_000_000
        let setting = try parsed.value("clock").map {
            try ClockSetting(parsing: $0, nowMilliseconds: nowMilliseconds)
        }
        openedAt = Instant(milliseconds: setting?.originMilliseconds ?? nowMilliseconds)
        clock = ScaledClock(
            origin: openedAt, factor: setting?.factor ?? 1, startedAt: openedAt, real: real)
        settings = try Self.settings(parsed)
        portFile = parsed.value("port-file")
        reportFile = parsed.value("report")
        do {
            settlementKey = try parsed.value("settlement-key").map {
                (path) throws(KeyFileProblem) in try KeyFile.read(path)
            }
        } catch {
            throw VenueStop(.permission, error.description)
        }
    }

    private static func settings(_ parsed: ParsedCommand) throws -> VenueServerSettings {
        var settings = VenueServerSettings()
        if let text = parsed.value("port") {
            guard let port = UInt16(text) else {
                throw UsageError("--port is a number from 0 to 65535; found '\(text)'")
            }
            settings.port = port
        }
        for path in parsed.all("keys") {
            guard let text = String(validating: try bytes(of: path), as: UTF8.self) else {
                throw VenueStop(.badInput, "\(path): is not text")
            }
            do {
                try settings.keys.add(linesOf: text)
            } catch {
                throw VenueStop(.badInput, "\(path): \(error)")
            }
        }
        if let text = parsed.value("longest-wait") {
            guard let longest = UInt64(text), longest <= settings.waitMillisecondsMax else {
                let most = settings.waitMillisecondsMax
                throw UsageError("--longest-wait is from 0 to \(most) ms; found '\(text)'")
            }
            settings.waitMillisecondsMax = longest
        }
        settings.hasTestSwitches = parsed.has("test-switches")
        settings.keepsClosableSpans = parsed.has("closable-spans")
        settings.retirement = try retirement(parsed)
        return settings
    }

    private static func retirement(_ parsed: ParsedCommand) throws -> VenueRetirement? {
        let words = ["deprecated", "sunset"].map { (name: $0, text: parsed.value($0)) }
        guard words.contains(where: { $0.text != nil }) else { return nil }
        let times = try words.map { word in
            guard let text = word.text, let time = UTCText.instant(text) else {
                throw UsageError(
                    "--\(word.name) is a time such as 2026-12-31T00:00:00Z, and --deprecated and "
                        + "--sunset come together")
            }
            return time
        }
        guard times[0] <= times[1] else {
            throw UsageError("--sunset lies before --deprecated")
        }
        return VenueRetirement(deprecatedAt: times[0], sunsetAt: times[1])
    }

    private static func bytes(of path: String) throws -> [UInt8] {
        do {
            return try [UInt8](Data(contentsOf: URL(filePath: path)))
        } catch {
            throw VenueStop(.inputMissing, "\(path): cannot be read; is there such a file?")
        }
    }
}

/// Why the program ends without serving, and with which code.
struct VenueStop: Error, CustomStringConvertible {
    let code: ExitCode
    let description: String

    init(_ code: ExitCode, _ description: String) {
        self.code = code
        self.description = description
    }
}
