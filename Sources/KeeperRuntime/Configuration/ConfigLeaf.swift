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
        if case .string(let text) = value, path.steps.last == .key("url") {
            let parts = text.split(
                separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
            let isBare = parts.count < 4 || parts[3].isEmpty
            json.string(isBare ? text : parts.prefix(3).joined(separator: "/") + "/(hidden)")
        } else {
            json.value(value)
        }
        return String(decoding: json.finish(), as: UTF8.self)
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
