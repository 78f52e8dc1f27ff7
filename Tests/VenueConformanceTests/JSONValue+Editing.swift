import KeeperCodec
import Synchronization

extension JSONValue {
    /// Changes a member where there is one.
    mutating func edit(_ key: String, _ change: (inout JSONValue) -> Void) {
        guard case .object(let members) = self else { return }
        self = .object(
            members.map { member in
                guard member.key == key else { return member }
                var value = member.value
                change(&value)
                return JSONMember(key, value)
            })
    }

    mutating func add(_ key: String, _ value: JSONValue) {
        guard case .object(let members) = self else { return }
        self = .object(members + [JSONMember(key, value)])
    }

    /// A bare number in the place of a member.
    mutating func set(_ key: String, _ number: String) {
        // A number that is none leaves the member as it is, and the test that wants it fails.
        guard let value = try? JSONValue.parse(Array(number.utf8)) else { return }
        edit(key) { $0 = value }
    }

    mutating func editElements(_ change: (inout JSONValue) -> Void) {
        guard case .array(var elements) = self else { return }
        for index in elements.indices { change(&elements[index]) }
        self = .array(elements)
    }

    /// Every element of the array under the first key, of theirs under the second, and so on.
    mutating func editEach(_ keys: [String], _ change: (inout JSONValue) -> Void) {
        guard let key = keys.first else { return change(&self) }
        edit(key) { $0.editElements { $0.editEach(Array(keys.dropFirst()), change) } }
    }

    mutating func dropFirstElement() {
        guard case .array(let elements) = self else { return }
        self = .array(Array(elements.dropFirst()))
    }

    mutating func repeatFirst() {
        guard case .array(let elements) = self else { return }
        self = .array(elements.prefix(1) + elements)
    }
}

/// Another number each time.
enum Count {
    private static let last = Mutex(0)

    static func next() -> Int {
        last.withLock { number in
            number += 1
            return number
        }
    }
}
