import KeeperCodec

/// Every value of a configuration with where it came from: what answers "who set this?".
package struct ConfigOrigins: Sendable {
    package struct Line: Hashable, Sendable {
        package let key: String
        package let shown: String
        /// `config.json:7:5`, `environment BAILIFF__STATE`, `--state`, `default`.
        package let origin: String
    }

    package let lines: [Line]

    package init(
        _ config: Config, fileBytes: [UInt8], file: String, variables: [String],
        flags: [(key: String, shown: String, flag: String)]
    ) {
        let places = variables.sorted().map { name in
            (name, name.dropFirst(ConfigOverride.prefix.count).lowercased().split(separator: "__"))
        }
        var lines = ConfigLeaf.all(in: config).map { leaf in
            let keys = leaf.path.steps.map { step in
                switch step {
                case .key(let key): key.lowercased()
                case .index(let index): "\(index)"
                }
            }
            if let flag = flags.first(where: { $0.key == leaf.key }) {
                return Line(key: leaf.key, shown: flag.shown, origin: flag.flag)
            }
            // The variable that was applied last, which is the last by name.
            if let place = places.last(where: { keys.starts(with: $0.1.map(String.init)) }) {
                return Line(key: leaf.key, shown: leaf.shown, origin: "environment " + place.0)
            }
            let location = leaf.path.location(
                in: fileBytes, limits: .configuration, dialect: .withComments)
            return Line(
                key: leaf.key, shown: leaf.shown,
                origin: file + (location.map { ":\($0.line):\($0.column)" } ?? ""))
        }
        let said = lines.map(\.key)
        lines += (Self.defaults(config) + Self.common).filter { value in
            !said.contains {
                $0 == value.key || $0.hasPrefix(value.key + ".") || $0.hasPrefix(value.key + "[")
            }
        }
        self.lines = lines
    }

    /// What holds where nothing is said of a venue.
    private static func defaults(_ config: Config) -> [Line] {
        let said = ConfigLeaf.all(in: config).contains { $0.key.hasPrefix("venues[") }
        guard said else {
            return [Line(key: "venue.mirrors", shown: "[]", origin: "default")]
        }
        return config.venues.indices.flatMap { index in
            [
                ("mirrors", "[]"), ("feeds", "[]: the venue's own prices stand alone"),
                ("keyId", "live.keyId"), ("key", "live.key"), ("wallet", "dryRun.wallet"),
                ("latency", "dryRun.latency"),
            ].map { Line(key: "venues[\(index)].\($0.0)", shown: $0.1, origin: "default") }
        }
    }

    private static var common: [Line] {
        let history = HistoryConfig.usual
        let recording = CheckpointConfig.usual
        return [
            ("avoid", "[]"), ("control.socket", #""(state)/control.sock""#),
            ("feeds", "[]: the venue's own prices stand alone"),
            ("guards.parting", "nothing: no market prices are followed"),
            ("live.spin", "false"),
            ("history.checkpoints", "\(history.checkpointsMax)"),
            ("history.eventsPerCheckpoint", "\(history.eventsPerCheckpoint)"),
            ("recording.checkpointEveryEvents", "\(recording.everyEvents)"),
            ("recording.accountsMax", "\(recording.accountsMax)"),
        ].map { Line(key: $0.0, shown: $0.1, origin: "default") }
    }

    package var textLines: [String] {
        lines.map { "\($0.key) = \($0.shown)   (\($0.origin))" }
    }

    package var jsonText: String {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.key("values")
        json.beginArray()
        for line in lines {
            json.beginObject()
            json.member("key", line.key)
            json.member("value", line.shown)
            json.member("origin", line.origin)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }
}
