/// The members of one object, each asked for by name. Whoever is done calls `finish`, which
/// refuses every member nobody asked for.
package struct ObjectReader {
    package let path: JSONPath
    private let members: [JSONMember]
    private var isRead: [Bool]
    private var asked: [String] = []

    init(_ members: [JSONMember], path: JSONPath) {
        self.members = members
        self.path = path
        isRead = Array(repeating: false, count: members.count)
    }

    package mutating func required(_ key: String) throws(JSONReadError) -> JSONReader {
        if let reader = optional(key) { return reader }
        // What is missing is most often there, with a slip of the finger in it.
        for (member, isRead) in zip(members, isRead) where !isRead {
            guard let nearest = nearestName(to: member.key, of: [key]) else { continue }
            throw JSONReadError(.unknownKey(nearest: nearest), at: path.key(member.key))
        }
        throw JSONReadError(.missing, at: path.key(key))
    }

    /// Nil where the member is absent. A null that is present is a value.
    package mutating func optional(_ key: String) -> JSONReader? {
        asked.append(key)
        guard let index = members.firstIndex(where: { $0.key == key }) else { return nil }
        isRead[index] = true
        return JSONReader(members[index].value, path: path.key(key))
    }

    /// Every member in the order of the text: for objects whose keys are data.
    package mutating func entries() -> [(key: String, value: JSONReader)] {
        isRead = Array(repeating: true, count: members.count)
        return members.map { ($0.key, JSONReader($0.value, path: path.key($0.key))) }
    }

    package func finish() throws(JSONReadError) {
        guard let index = isRead.firstIndex(of: false) else { return }
        let key = members[index].key
        throw JSONReadError(
            .unknownKey(nearest: nearestName(to: key, of: asked)), at: path.key(key))
    }
}
