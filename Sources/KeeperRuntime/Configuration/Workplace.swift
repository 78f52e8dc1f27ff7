import FoundationEssentials
package import KeeperCommands
package import KeeperEngine
import KeeperFeeds
package import KeeperModel
package import KeeperStrategy

/// The configuration with everything it names read in: strategies, and where things lie.
package struct Workplace: Sendable {
    package let config: Config
    package let strategies: [Strategy]
    /// The strategies' texts, to be pinned in recordings.
    package let strategyTexts: [(name: String, text: String)]

    /// As the command line says, with the environment's overrides.
    package init(
        _ parsed: ParsedCommand, _ environment: [String: String]
    ) throws(ConfigError) {
        try self.init(
            configPath: parsed.value("config") ?? "config.json", environment: environment)
    }

    package init(
        configPath: String, environment: [String: String]
    ) throws(ConfigError) {
        try self.init(config: try Self.config(configPath, environment))
    }

    /// The configuration alone, for whoever decides nothing.
    package static func config(
        _ parsed: ParsedCommand, _ environment: [String: String]
    ) throws(ConfigError) -> Config {
        try config(parsed.value("config") ?? "config.json", environment)
    }

    private static func config(
        _ path: String, _ environment: [String: String]
    ) throws(ConfigError) -> Config {
        try ConfigFile.read(
            try contents(of: path), file: path, overrides: ConfigOverride.all(in: environment))
    }

    /// The configuration's values with where each came from.
    package static func origins(
        _ parsed: ParsedCommand, _ environment: [String: String]
    ) throws(ConfigError) -> ConfigOrigins {
        let path = parsed.value("config") ?? "config.json"
        let state = parsed.value("state").map { (key: "state", shown: $0, flag: "--state") }
        return ConfigOrigins(
            try config(path, environment), fileBytes: try contents(of: path), file: path,
            variables: ConfigOverride.all(in: environment).map(\.name),
            flags: state.map { [$0] } ?? [])
    }

    static func strategy(
        named name: StrategyName, in folder: String
    ) throws(ConfigError) -> (strategy: Strategy, bytes: [UInt8]) {
        let path = "\(folder)/\(name.text).json"
        let bytes = try contents(of: path)
        return (try strategy(bytes, path: path, name: name), bytes)
    }

    package init(
        config: Config, strategies: [Strategy], texts: [(name: String, text: String)]
    ) {
        self.config = config
        self.strategies = strategies
        strategyTexts = texts
    }

    package init(config: Config) throws(ConfigError) {
        var strategies: [Strategy] = []
        var texts: [(name: String, text: String)] = []
        for name in config.strategies.names {
            let read = try Self.strategy(named: name, in: config.strategies.folder)
            strategies.append(read.strategy)
            texts.append((name.text, String(decoding: read.bytes, as: UTF8.self)))
        }
        self.config = config
        self.strategies = strategies
        strategyTexts = texts
    }

    package func settings(keyPrefix: String, only names: [StrategyName] = []) -> EngineSettings {
        EngineSettings(
            limits: config.limits,
            strategies: names.isEmpty
                ? strategies : strategies.filter { names.contains($0.name) },
            guards: config.guards, avoided: config.avoided, lines: config.lines,
            marketPriceNeeded: config.hasSeveralVenues
                ? [] : Set(config.venues.flatMap(\.assetsNeeded)),
            marketPriceNeededIn: config.hasSeveralVenues ? config.assetsNeeded : [:],
            keyPrefix: keyPrefix)
    }

    private static func strategy(
        _ bytes: [UInt8], path: String, name: StrategyName
    ) throws(ConfigError) -> Strategy {
        let strategy: Strategy
        do {
            strategy = try StrategyFile.read(bytes, file: path)
        } catch {
            throw ConfigError(error.description)
        }
        guard strategy.name == name else {
            throw ConfigError(
                "\(path): says it is '\(strategy.name)'; the file's name and its strategy agree")
        }
        return strategy
    }

    private static func contents(of path: String) throws(ConfigError) -> [UInt8] {
        do {
            return [UInt8](try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw ConfigError("\(path): cannot be read; is it there, and is it readable?")
        }
    }
}
