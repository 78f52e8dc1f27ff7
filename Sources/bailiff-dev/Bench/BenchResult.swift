import KeeperCodec

/// One measured figure, and whether it is what we aim for.
struct BenchResult {
    /// The goal's number in ARCHITECTURE.md; nil for what is only told.
    var goal: String?
    let name: String
    let value: BenchValue
    var target: String?
    var isMet: Bool?
    let rounds: Int
    var unit: String?
    var note: String?

    static func info(
        _ name: String, _ value: Double, _ unit: String, rounds: Int, note: String? = nil
    ) -> BenchResult {
        BenchResult(
            name: name, value: .number(value), rounds: rounds, unit: unit.isEmpty ? nil : unit,
            note: note)
    }

    static func text(_ name: String, _ value: String) -> BenchResult {
        BenchResult(name: name, value: .text(value), rounds: 1)
    }

    /// A goal that is met where the value is not above the target.
    static func goal(
        _ goal: String, _ name: String, _ value: Double, atMost target: Double, _ unit: String,
        rounds: Int
    ) -> BenchResult {
        BenchResult(
            goal: goal, name: name, value: .number(value),
            target: "<= \(BenchValue.number(target).text)", isMet: value <= target,
            rounds: rounds, unit: unit.isEmpty ? nil : unit)
    }

    static func goal(
        _ goal: String, _ name: String, _ value: Double, atLeast target: Double, _ unit: String,
        rounds: Int
    ) -> BenchResult {
        BenchResult(
            goal: goal, name: name, value: .number(value),
            target: ">= \(BenchValue.number(target).text)", isMet: value >= target,
            rounds: rounds, unit: unit.isEmpty ? nil : unit)
    }
}

enum BenchValue {
    case number(Double)
    case text(String)

    /// Four significant digits, and no exponent.
    var text: String {
        switch self {
        case .text(let text): return text
        case .number(let number):
            let places = number == 0 ? 0 : 3 - Int(number.magnitude.logarithm10.rounded(.down))
            return number.text(places: min(9, max(0, places)))
        }
    }

    var json: JSONValue {
        switch self {
        case .text(let text): .string(text)
        case .number: JSONNumber(checking: text).map { .number($0) } ?? .string(text)
        }
    }
}

/// What a run of benches says, for people and for machines.
struct BenchReport {
    let results: [BenchResult]

    static let schemaVersion: UInt64 = 1

    var text: String {
        results.map { result in
            let unit = result.unit.map { " \($0)" } ?? ""
            let verdict =
                switch result.isMet {
                case true?: "  met: \(result.target ?? "")"
                case false?: "  NOT MET: \(result.target ?? "")"
                case nil: ""
                }
            let note = result.note.map { "  (\($0))" } ?? ""
            let figure = "\(result.name): \(result.value.text)\(unit)"
            return "\(result.goal ?? "-")  \(figure)\(verdict)\(note)"
        }.joined(separator: "\n")
    }

    var json: String {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", Self.schemaVersion)
        json.member("results", JSONValue.array(results.map(entry)))
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }

    private func entry(_ result: BenchResult) -> JSONValue {
        var members = [
            JSONMember("goal", result.goal.map { .string($0) } ?? .null),
            JSONMember("name", .string(result.name)),
            JSONMember("value", result.value.json),
            JSONMember("target", result.target.map { .string($0) } ?? .null),
            JSONMember("met", result.isMet.map { .bool($0) } ?? .null),
            JSONMember("rounds", .number(JSONNumber(UInt64(result.rounds)))),
        ]
        if let unit = result.unit { members.append(JSONMember("unit", .string(unit))) }
        if let note = result.note { members.append(JSONMember("note", .string(note))) }
        return .object(members)
    }
}
