/// Well-formed JSON that does not say what it should: which value, what was expected, what is
/// there.
package struct JSONReadError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Problem: Equatable, Sendable {
        case missing
        case unknownKey(nearest: String?)
        case wrongKind(expected: String, found: String)
        /// The right kind of value with a content that is refused.
        case refused(expected: String, found: String)
        case tooMany(countMax: Int)
    }

    package let path: JSONPath
    package let problem: Problem

    package init(_ problem: Problem, at path: JSONPath) {
        self.problem = problem
        self.path = path
    }

    /// Where a person should look: at the value, or where one is missing at what lacks it.
    package func location(
        in bytes: [UInt8], limits: JSONLimits = .standard, dialect: JSONDialect = .strict
    ) -> TextLocation? {
        let place = problem == .missing ? JSONPath(path.steps.dropLast()) : path
        return place.location(in: bytes, limits: limits, dialect: dialect)
    }

    package var description: String {
        switch problem {
        case .missing: "\(path): missing"
        case .unknownKey(nil): "\(path): unknown key"
        case .unknownKey(let nearest?): "\(path): unknown key; did you mean \"\(nearest)\"?"
        case .wrongKind(let expected, let found), .refused(let expected, let found):
            "\(path): expected \(expected), found \(found)"
        case .tooMany(let countMax): "\(path): more than \(countMax) elements"
        }
    }
}

extension JSONValue {
    /// How a value is named in an error. Only short strings are shown: keys, seeds and passwords
    /// that somebody put into the wrong place must not reach a log through its error.
    var shown: String {
        switch self {
        case .null: "null"
        case .bool(let flag): flag ? "true" : "false"
        case .number(let number) where number.text.utf8.count <= 80: number.text
        case .number: "a long number"
        case .string(let text) where text.utf8.count <= 24: "\"\(text)\""
        case .string(let text): "a string of \(text.utf8.count) bytes"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
