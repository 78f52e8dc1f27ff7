import KeeperCodec

/// One value of a configuration, by its key.
package struct ConfigLeaf: Sendable {
    let path: JSONPath
    /// As JSON, without what may be a secret.
    package let shown: String

    /// `limits.notionalPerClose`, `avoid[0].account`.
    package var key: String { path.description }

    /// In the order in which they stand.
    package static func all(in config: Config) -> [ConfigLeaf] {
        // It was read from this text; what could be read once can be read again.
        guard
            let value = try? JSONValue.parse(
                Array(config.text.utf8), limits: .configuration, dialect: .withComments)
        else { return [] }
        return all(in: value, at: .root)
    }

    private static func all(in value: JSONValue, at path: JSONPath) -> [ConfigLeaf] {
        switch value {
        case .object(let members):
            return members.flatMap { all(in: $0.value, at: path.key($0.key)) }
        case .array(let elements) where elements.contains(where: \.isContainer):
            return elements.enumerated().flatMap { all(in: $0.element, at: path.index($0.offset)) }
        default:
            return [ConfigLeaf(path: path, shown: shown(value, at: path))]
        }
    }

    /// A URL may carry a token in its path: only the host is shown.
    private static func shown(_ value: JSONValue, at path: JSONPath) -> String {
        var json = JSONWriter()
        switch (value, path.steps.last) {
        case (.string(let text), .key("url")): json.string(withoutPath(text))
        case (.array(let elements), .key("mirrors")):
            json.value(
                .array(
                    elements.map { element in
                        guard case .string(let text) = element else { return element }
                        return .string(withoutPath(text))
                    }))
        default: json.value(value)
        }
        return String(decoding: json.finish(), as: UTF8.self)
    }

    private static func withoutPath(_ url: String) -> String {
        let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        let isBare = parts.count < 4 || parts[3].isEmpty
        return isBare ? url : parts.prefix(3).joined(separator: "/") + "/(hidden)"
    }
}

extension JSONValue {
    fileprivate var isContainer: Bool {
        switch self {
        case .object, .array: true
        default: false
        }
    }
}
