import Foundation
package import KeeperCodec

/// A JSON file of this checkout with other values in some of its places.
package struct ChangedFile {
    private let name: String
    private var value: JSONValue

    package init(_ name: String) throws {
        self.name = name
        let data = try Data(contentsOf: URL(filePath: Checkout.file(name)))
        value = try JSONValue.parse(
            [UInt8](data), limits: .configuration, dialect: .withComments)
    }

    package var text: String { String(decoding: value.canonicalBytes, as: UTF8.self) }

    /// What stands at a place; elements of arrays are numbers.
    package func value(at path: [String]) throws -> JSONValue {
        try path.reduce(value) { value, key in
            switch value {
            case .object: if let member = value[key] { return member }
            case .array(let elements):
                if let place = Int(key), elements.indices.contains(place) {
                    return elements[place]
                }
            default: break
            }
            throw RoadProblem("\(name) has no '\(key)'")
        }
    }

    /// A member of the whole that is not there yet.
    package mutating func add(_ key: String, _ new: JSONValue) throws {
        guard case .object(let members) = value, value[key] == nil else {
            throw RoadProblem("\(name) has '\(key)' already")
        }
        value = .object(members + [JSONMember(key, new)])
    }

    /// A member of the whole that is there.
    package mutating func remove(_ key: String) throws {
        guard case .object(let members) = value, value[key] != nil else {
            throw RoadProblem("\(name) has no '\(key)'")
        }
        value = .object(members.filter { $0.key != key })
    }

    package mutating func set(_ path: [String], _ text: String) throws {
        try set(path, try JSONValue.parse(Array(text.utf8)))
    }

    /// Puts a value in the place of another one, which has to be there.
    package mutating func set(_ path: [String], _ new: JSONValue) throws {
        _ = try value(at: path)
        value = value.replacing(path[...], with: new)
    }
}

extension JSONValue {
    package static func count(_ number: UInt64) -> JSONValue { .number(JSONNumber(number)) }

    /// As it is, with another value at a place; unchanged where there is no such place.
    package func replacing(_ path: ArraySlice<String>, with new: JSONValue) -> JSONValue {
        guard let first = path.first else { return new }
        let rest = path.dropFirst()
        switch self {
        case .object(let members):
            return .object(
                members.map {
                    $0.key == first ? JSONMember(first, $0.value.replacing(rest, with: new)) : $0
                })
        case .array(let elements):
            return .array(
                elements.enumerated().map { place, element in
                    first == "\(place)" ? element.replacing(rest, with: new) : element
                })
        default: return self
        }
    }
}
