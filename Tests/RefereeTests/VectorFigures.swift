import Foundation
import KeeperCodec
import KeeperModel
import Referee

/// A value of the vectors' file with the way to it, so that a missing figure has a name.
struct Figures {
    let value: JSONValue
    let path: String

    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    func has(_ key: String) -> Bool { value[key].map { $0 != .null } ?? false }

    func at(_ key: String) throws -> Figures {
        guard let member = value[key] else { throw Missing(description: "no \(path).\(key)") }
        return Figures(value: member, path: "\(path).\(key)")
    }

    var list: [Figures] {
        get throws {
            guard case .array(let elements) = value else {
                throw Missing(description: "\(path) is no list")
            }
            return elements.enumerated().map { Figures(value: $1, path: "\(path)[\($0)]") }
        }
    }

    func list(_ key: String) throws -> [Figures] { try at(key).list }

    var text: String {
        get throws {
            switch value {
            case .string(let text): return text
            case .number(let number): return "\(number)"
            default: throw Missing(description: "\(path) is no text")
            }
        }
    }

    func text(_ key: String) throws -> String { try at(key).text }

    /// A whole number, or a fraction as "a/b".
    var number: Rational {
        get throws {
            let parts = try text.split(separator: "/").compactMap {
                Rational(decimal: String($0))
            }
            switch parts.count {
            case 1: return parts[0]
            case 2: return parts[0] / parts[1]
            default: throw Missing(description: "\(path) is no number")
            }
        }
    }

    func number(_ key: String) throws -> Rational { try at(key).number }

    func integer(_ key: String) throws -> Int64 {
        guard let integer = Int64(try text(key)) else {
            throw Missing(description: "\(path).\(key) is no integer of 64 bits")
        }
        return integer
    }

    /// Every leaf under its path: two trees are equal where these are.
    var leaves: [String: String] { Self.leaves(of: value, at: "") }

    private static func leaves(of value: JSONValue, at path: String) -> [String: String] {
        let below: [(String, JSONValue)]
        switch value {
        case .null: return [path: "null"]
        case .bool(let flag): return [path: "\(flag)"]
        case .number(let number): return [path: "\(number)"]
        case .string(let text): return [path: text]
        case .array(let elements):
            guard !elements.isEmpty else { return [path: "[]"] }
            below = elements.enumerated().map { ("[\($0)]", $1) }
        case .object(let members):
            guard !members.isEmpty else { return [path: "{}"] }
            below = members.map { (".\($0.key)", $0.value) }
        }
        return below.reduce(into: [:]) { all, entry in
            all.merge(leaves(of: entry.1, at: path + entry.0)) { first, _ in first }
        }
    }
}

/// What the referee answers to a vector, in the vectors' shape.
indirect enum Answer {
    case number(Rational?)
    case text(String)
    case flag(Bool)
    case list([Answer])
    case object([(String, Answer)])

    func leaves(at path: String = "") -> [String: String] {
        let below: [(String, Answer)]
        switch self {
        case .number(let number): return [path: number?.description ?? "null"]
        case .text(let text): return [path: text]
        case .flag(let flag): return [path: "\(flag)"]
        case .list(let elements):
            guard !elements.isEmpty else { return [path: "[]"] }
            below = elements.enumerated().map { ("[\($0)]", $1) }
        case .object(let members):
            guard !members.isEmpty else { return [path: "{}"] }
            below = members.map { ("." + $0.0, $0.1) }
        }
        return below.reduce(into: [:]) { all, entry in
            all.merge(entry.1.leaves(at: path + entry.0)) { first, _ in first }
        }
    }
}

/// The file of known answers, where it is.
enum Vectors {
    static let path =
        (ProcessInfo.processInfo.environment["BAILIFF_SHARED"]
            ?? FileManager.default.currentDirectoryPath + "/../shared") + "/spec/vectors.json"

    static var isThere: Bool { FileManager.default.fileExists(atPath: path) }

    static func section(_ name: String) throws -> [Figures] {
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        return try Figures(value: JSONValue.parse(bytes), path: "vectors")
            .at("sections").at(name).list("vectors")
    }
}
