import KeeperCodec

/// What a run of vectors says, for people and for machines.
package struct VectorReport {
    private let outcomes: [VectorOutcome]

    package init(outcomes: [VectorOutcome]) {
        self.outcomes = outcomes
    }

    package var isClean: Bool { !outcomes.isEmpty && outcomes.allSatisfy(\.hasPassed) }

    private var sectionNames: [String] {
        outcomes.reduce(into: []) { names, outcome in
            if !names.contains(outcome.section) { names.append(outcome.section) }
        }
    }

    package var text: String {
        var lines: [String] = []
        for name in sectionNames {
            let inSection = outcomes.filter { $0.section == name }
            let passed = inSection.filter(\.hasPassed).count
            lines.append("\(name): \(passed) of \(inSection.count) passed")
            lines += inSection.filter { !$0.hasPassed }.flatMap(explanation)
        }
        let passed = outcomes.filter(\.hasPassed).count
        lines.append("\(passed) of \(outcomes.count) vectors passed")
        return lines.joined(separator: "\n")
    }

    private func explanation(_ outcome: VectorOutcome) -> [String] {
        switch outcome.verdict {
        case .passed: []
        case .mismatch(let path, let expected, let actual):
            [
                "  \(outcome.id): differs at \(path)", "    expected \(compact(expected))",
                "    actual   \(compact(actual))",
            ]
        case .notUnderstood(let reason): ["  \(outcome.id): \(reason)"]
        case .unknownSection: ["  \(outcome.section): no runner knows this section"]
        case .noSuchSection: ["  \(outcome.section): the file has no such section"]
        }
    }

    private func compact(_ value: JSONValue) -> String {
        String(decoding: value.canonicalBytes, as: UTF8.self)
    }

    package var json: String {
        compact(
            .object([
                JSONMember("passed", .number(JSONNumber(passedCount))),
                JSONMember("total", .number(JSONNumber(UInt64(outcomes.count)))),
                JSONMember("outcomes", .array(outcomes.map(entry))),
            ]))
    }

    private var passedCount: UInt64 { UInt64(outcomes.filter(\.hasPassed).count) }

    private func entry(_ outcome: VectorOutcome) -> JSONValue {
        var members = [
            JSONMember("section", .string(outcome.section)), JSONMember("id", .string(outcome.id)),
            JSONMember("passed", .bool(outcome.hasPassed)),
        ]
        switch outcome.verdict {
        case .passed: break
        case .mismatch(let path, let expected, let actual):
            members += [
                JSONMember("at", .string(path)), JSONMember("expected", expected),
                JSONMember("actual", actual),
            ]
        default:
            let reason = explanation(outcome).joined().drop { $0 == " " }
            members.append(JSONMember("error", .string(String(reason))))
        }
        return .object(members)
    }
}
