import KeeperBacktest
import KeeperCodec
import KeeperCommands
import KeeperModel
import KeeperRuntime

/// `calibrate FILE`: the simulator's outcomes beside those that were recorded.
struct CalibrateCommand {
    private let parsed: ParsedCommand
    private let environment: [String: String]

    init(_ parsed: ParsedCommand, _ environment: [String: String]) {
        self.parsed = parsed
        self.environment = environment
    }

    func run() throws -> ExitCode {
        let workplace = try Workplace(parsed, environment)
        let path = parsed.arguments[0]
        let names = try StrategyChoosing(parsed, workplace).names
        let reader = try RecordingFileOpening.open(path)
        let venues = try Calibration.byVenue(
            workplace, strategies: names,
            againstCount: try parsed.number("against", 0...1_000) ?? 0,
            seed: UInt64(try parsed.number("seed", 0...Int.max) ?? 1)
        ) { () throws(KeeperStop) in
            .recorded(try RecordedFeed.open([(path, reader)], workplace.config))
        }
        if parsed.has("json") {
            StandardStream.output.line(Self.jsonText(venues))
        } else {
            for venue in venues {
                if venues.count > 1 { StandardStream.output.line("at \(venue.domain)") }
                for line in venue.calibration.lines { StandardStream.output.line(line) }
            }
        }
        return venues.contains { $0.calibration.hasDifference } ? .difference : .done
    }

    /// Of one venue as ever; of several each in a list.
    private static func jsonText(_ venues: [Calibration.AtVenue]) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        guard venues.count > 1 else {
            venues[0].calibration.write(to: &json)
            json.endObject()
            return String(decoding: json.finish(), as: UTF8.self)
        }
        json.member("hasDifference", venues.contains { $0.calibration.hasDifference })
        json.key("venues")
        json.beginArray()
        for venue in venues {
            json.beginObject()
            json.member("venue", venue.domain.text)
            venue.calibration.write(to: &json)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }
}
