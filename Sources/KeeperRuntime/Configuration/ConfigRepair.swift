import KeeperCodec

/// What takes one problem out of a configuration so that the next can be found: the value that is
/// wrong, or that is missing, is taken from the configuration that `init` writes. What comes of it
/// is never used for anything else.
struct ConfigRepair {
    private let error: JSONReadError

    init(_ error: JSONReadError) {
        self.error = error
    }

    /// Nil where the problem is in nothing that can be put aside.
    func applied(to value: JSONValue) -> JSONValue? {
        guard !error.path.steps.isEmpty else { return nil }
        let steps = error.path.steps[...]
        if case .unknownKey = error.problem { return replacing(value, steps, with: nil) }
        guard let template = ConfigTemplate().value else { return nil }
        return replacing(value, steps, with: Self.member(template, Self.ofOne(steps)))
    }

    /// The configuration that `init` writes has one venue, in the short form.
    private static func ofOne(_ steps: ArraySlice<JSONPath.Step>) -> ArraySlice<JSONPath.Step> {
        guard steps.count > 2, case .key("venues") = steps[steps.startIndex] else { return steps }
        return [.key("venue")] + steps.dropFirst(2)
    }

    private static func member(
        _ value: JSONValue, _ steps: ArraySlice<JSONPath.Step>
    ) -> JSONValue? {
        guard let step = steps.first else { return value }
        guard case .key(let key) = step, let inner = value[key] else { return nil }
        return member(inner, steps.dropFirst())
    }

    /// Without a new value what stands there goes.
    private func replacing(
        _ value: JSONValue, _ steps: ArraySlice<JSONPath.Step>, with new: JSONValue?
    ) -> JSONValue? {
        guard let step = steps.first else { return new }
        let rest = steps.dropFirst()
        switch (step, value) {
        case (.key(let key), .object(var members)):
            guard let index = members.firstIndex(where: { $0.key == key }) else {
                guard rest.isEmpty, let new else { return nil }
                return .object(members + [JSONMember(key, new)])
            }
            if let inner = replacing(members[index].value, rest, with: new) {
                members[index] = JSONMember(key, inner)
            } else {
                members.remove(at: index)
            }
            return .object(members)
        case (.index(let index), .array(var elements)) where elements.indices.contains(index):
            if let inner = replacing(elements[index], rest, with: new) {
                elements[index] = inner
            } else {
                elements.remove(at: index)
            }
            return .array(elements)
        default: return nil
        }
    }
}
