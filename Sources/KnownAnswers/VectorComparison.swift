import KeeperCodec
import LiquidationRules
import WideMath

/// When an answer is the expected one. Every expected member must be there and equal; what is
/// computed beside it is not asked for.
enum VectorComparison: Sendable {
    /// Text against text.
    case exact
    /// Decimals and fractions by their value: `26.0` is `26`.
    case byValue

    func verdict(expected: JSONValue, actual: JSONValue) -> VectorVerdict {
        guard let path = firstDifference(expected, actual, at: .root) else { return .passed }
        return .mismatch(at: "\(path)", expected: expected, actual: actual)
    }

    private func firstDifference(
        _ expected: JSONValue, _ actual: JSONValue, at path: JSONPath
    ) -> JSONPath? {
        switch (expected, actual) {
        case (.object(let members), .object):
            for member in members {
                let memberPath = path.key(member.key)
                guard let value = actual[member.key] else { return memberPath }
                if let found = firstDifference(member.value, value, at: memberPath) {
                    return found
                }
            }
            return nil
        case (.array(let wanted), .array(let found)):
            guard wanted.count == found.count else { return path }
            for (index, pair) in zip(wanted, found).enumerated() {
                if let found = firstDifference(pair.0, pair.1, at: path.index(index)) {
                    return found
                }
            }
            return nil
        default: return isEqual(expected, actual) ? nil : path
        }
    }

    private func isEqual(_ expected: JSONValue, _ actual: JSONValue) -> Bool {
        guard case .string(let wanted) = expected, case .string(let found) = actual,
            self == .byValue, let left = ExactFraction(text: wanted),
            let right = ExactFraction(text: found)
        else { return expected == actual }
        return left == right
    }
}

enum VectorVerdict {
    case passed
    case mismatch(at: String, expected: JSONValue, actual: JSONValue)
    case notUnderstood(String)
    case unknownSection
    case noSuchSection
}

package struct VectorOutcome {
    let section: String
    let id: String
    let verdict: VectorVerdict

    var hasPassed: Bool {
        if case .passed = verdict { return true }
        return false
    }
}
