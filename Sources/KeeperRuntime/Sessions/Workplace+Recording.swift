import KeeperCommands
package import KeeperFeeds
package import KeeperModel
import KeeperStrategy

/// A recording pins what it was made with, so that a replay needs nothing but the recording.
extension Workplace {
    package static let build = "bailiff 0.1.0"

    package func recording(
        _ path: String, keyPrefix: String?, at now: Instant
    ) throws(StartProblem) -> RecordingStore {
        let header = RecordingHeader(
            createdAt: now, build: Self.build, domains: config.venues.map(\.domain),
            config: PinnedText(name: "config.json", text: config.text),
            strategies: strategyTexts.map { PinnedText(name: $0.name, text: $0.text) },
            protocolParameters: keyPrefix.map {
                [PinnedText(name: RecordingHeader.keyPrefixName, text: $0)]
            } ?? [])
        do {
            return RecordingStore(
                try RecordingWriter(path: path, header: header),
                checkpoints: config.checkpoints)
        } catch {
            throw StartProblem(.cannotCreate, "\(path): \(error)")
        }
    }

    /// The workplace as it was when the recording was made, and the prefix of its client ids.
    package init(
        pinnedIn header: RecordingHeader, path: String
    ) throws(ConfigError) {
        let config = try ConfigFile.read(
            Array(header.config.text.utf8), file: "\(path), its config")
        try self.init(
            config: config, texts: header.strategies.map { ($0.name, $0.text) }, of: path)
    }

    /// Strategies whose texts are held by something else than their files.
    init(
        config: Config, texts: [(name: String, text: String)], of holder: String
    ) throws(ConfigError) {
        var strategies: [Strategy] = []
        for pinned in texts {
            do {
                strategies.append(
                    try StrategyFile.read(
                        Array(pinned.text.utf8), file: "\(holder), its strategy \(pinned.name)"))
            } catch {
                throw ConfigError(error.description)
            }
        }
        self.init(config: config, strategies: strategies, texts: texts)
    }

    package static func keyPrefix(pinnedIn header: RecordingHeader) -> String? {
        header.protocolParameters.first { $0.name == RecordingHeader.keyPrefixName }?.text
    }
}
