import KeeperBacktest
import KeeperCodec
import KeeperCommands
import KeeperModel
import KeeperRuntime
import VenueSimulator

/// `--on` and `--oracle`, each said once where there is one venue, and as `VENUE=VALUE` for each of
/// several. A law without a venue is that of all that have none of their own.
struct VenueOptions {
    private let parsed: ParsedCommand
    private let config: Config

    init(_ parsed: ParsedCommand, _ config: Config) {
        self.parsed = parsed
        self.config = config
    }

    /// In the order of the configuration; empty where none is named.
    func stages() throws -> [StageWish] {
        let scenarios = try byVenue("on") { (path, _) throws(StartProblem) in
            try InputFile.scenario(path)
        }
        if let said = scenarios.ofAll, config.hasSeveralVenues {
            throw UsageError(
                "--on \(said.text): which of \(config.venueNames) happens there? "
                    + "say \(config.venues[0].domain)=\(said.text)")
        }
        let oracles = try byVenue("oracle") { (text, _) throws(UsageError) in
            try Self.oracle(text)
        }
        return config.venues.compactMap { venue in
            guard let scenario = scenarios.own[venue.domain] ?? scenarios.ofAll?.value else {
                return nil
            }
            return StageWish(
                domain: venue.domain, scenario: scenario,
                oracle: oracles.own[venue.domain] ?? oracles.ofAll?.value ?? .standard)
        }
    }

    private struct Said<Value> {
        var own: [DomainID: Value] = [:]
        var ofAll: (text: String, value: Value)?
    }

    private func byVenue<Value>(
        _ option: String, _ read: (String, DomainID?) throws -> Value
    ) throws -> Said<Value> {
        var said = Said<Value>()
        for text in parsed.all(option) {
            let (domain, value) = try split(text, option)
            let read = try read(value, domain)
            if let domain {
                guard said.own.updateValue(read, forKey: domain) == nil else {
                    throw UsageError("--\(option) is said twice of '\(domain)'")
                }
            } else {
                guard said.ofAll == nil else {
                    throw UsageError(
                        "--\(option) is said twice; with several venues say VENUE=VALUE")
                }
                said.ofAll = (value, read)
            }
        }
        return said
    }

    /// A name before the first '=' is a venue's, unless there is but one and it is called
    /// otherwise: then it may be part of a file's name.
    private func split(
        _ text: String, _ option: String
    ) throws(UsageError) -> (domain: DomainID?, value: String) {
        guard let sign = text.firstIndex(of: "=") else { return (nil, text) }
        let name = String(text[..<sign])
        if let domain = DomainID(checking: name), config.venue(of: domain) != nil {
            return (domain, String(text[text.index(after: sign)...]))
        }
        guard config.hasSeveralVenues else { return (nil, text) }
        throw UsageError(
            "--\(option) \(text): the configuration has no venue '\(name)'; there are "
                + config.venueNames)
    }

    private static func oracle(_ text: String) throws(UsageError) -> OracleLaw {
        let words = text.split(separator: ",").map(String.init)
        guard words.count == 3,
            // Whatever is wrong with a word, the sentence below says what all three should be.
            let deviationPpm = try? JSONReader(.string(spaced(words[0]))).sharePpm(),
            let heartbeat = span(words[1]), let delay = span(words[2]), deviationPpm > 0
        else {
            throw UsageError(
                "--oracle is deviation, heartbeat and delay such as 50bps,1h,24s; found '\(text)'")
        }
        return OracleLaw(deviationPpm: deviationPpm, heartbeat: heartbeat, delay: delay)
    }

    /// A word of a command line has no space before its unit; an amount elsewhere has.
    private static func spaced(_ word: String) -> String {
        let digits = word.prefix { $0.isNumber || $0 == "." }
        let unit = word.dropFirst(digits.count)
        return unit == "%" ? word : digits + " " + unit
    }

    /// Nil for what is no time; the caller says what was wanted.
    private static func span(_ word: String) -> TimeSpan? {
        try? JSONReader(.string(spaced(word))).timeSpan(in: .zero ... .seconds(7 * 86_400))
    }
}
