import KeeperCodec

/// One value of the configuration replaced from the environment: `BAILIFF__SECTION__KEY`.
struct ConfigOverride {
    static let prefix = "BAILIFF__"

    /// Those of an environment; every other variable is none of ours.
    static func all(in environment: [String: String]) -> [(name: String, value: String)] {
        environment.filter { $0.key.hasPrefix(prefix) }.sorted { $0.key < $1.key }
            .map { (name: $0.key, value: $0.value) }
    }

    private let name: String
    private let keys: [String]
    private let value: JSONValue

    init(_ name: String, _ text: String) throws(ConfigError) {
        self.name = name
        keys = name.dropFirst(Self.prefix.count).split(separator: "__").map(String.init)
        guard !keys.isEmpty else { throw ConfigError("\(name): names no key") }
        // What is JSON by itself is meant as it is; everything else is a text.
        let bytes = Array(text.utf8)
        value = (try? JSONValue.parse(bytes, limits: .configuration)) ?? .string(text)
    }

    /// Keys match whatever their case, because variables are written in capitals; elements of a
    /// list are named by their number, from 0.
    func apply(to config: inout JSONValue) throws(ConfigError) {
        config = try replaced(config, keys[...])
    }

    private func replaced(
        _ old: JSONValue, _ path: ArraySlice<String>
    ) throws(ConfigError) -> JSONValue {
        guard let key = path.first else { return value }
        if case .array(var elements) = old, let index = Int(key), elements.indices.contains(index) {
            elements[index] = try replaced(elements[index], path.dropFirst())
            return .array(elements)
        }
        guard case .object(var members) = old,
            let index = members.firstIndex(where: {
                $0.key.lowercased() == key.lowercased()
            })
        else {
            throw ConfigError("\(name): the configuration has no key '\(key.lowercased())'")
        }
        let inner = try replaced(members[index].value, path.dropFirst())
        members[index] = JSONMember(members[index].key, inner)
        return .object(members)
    }
}
