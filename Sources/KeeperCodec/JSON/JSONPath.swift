/// The way from the root of a JSON text to one value, shown as `markets[2].tiers[0].upTo`.
package struct JSONPath: Equatable, Sendable, CustomStringConvertible {
    package enum Step: Equatable, Sendable {
        case key(String)
        case index(Int)
    }

    package private(set) var steps: [Step]

    package init(_ steps: [Step] = []) { self.steps = steps }

    package static let root = JSONPath()

    package func appending(_ step: Step) -> JSONPath {
        var path = self
        path.steps.append(step)
        return path
    }

    package func key(_ key: String) -> JSONPath { appending(.key(key)) }
    package func index(_ index: Int) -> JSONPath { appending(.index(index)) }

    package var description: String {
        guard !steps.isEmpty else { return "(top level)" }
        return steps.reduce(into: "") { text, step in
            switch step {
            case .index(let index): text += "[\(index)]"
            case .key(let key) where Self.isPlain(key): text += text.isEmpty ? key : ".\(key)"
            case .key(let key): text += "[\"\(key)\"]"
            }
        }
    }

    private static func isPlain(_ key: String) -> Bool {
        !key.isEmpty
            && key.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    /// Where in the text the value at this path begins: for a member the place of its key, which
    /// is what a person looks for. Nil if the text has no such value, or is no JSON.
    package func location(
        in bytes: [UInt8], limits: JSONLimits = .standard, dialect: JSONDialect = .strict
    ) -> TextLocation? {
        // A text that cannot be scanned has no locations; whoever asks already has its JSONError.
        guard var scanner = try? JSONScanner(bytes, limits: limits, dialect: dialect),
            let offset = try? scanner.offset(of: steps[...])
        else { return nil }
        return TextLocation(offset: offset, in: bytes)
    }
}

extension JSONScanner {
    fileprivate mutating func offset(of steps: ArraySlice<JSONPath.Step>) throws(JSONError) -> Int?
    {
        let kind = try peekKind()
        guard let step = steps.first else { return offset }
        switch (step, kind) {
        case (.key(let wanted), .object):
            try beginObject()
            while let text = try nextKey() {
                guard string(of: text) == wanted else {
                    try skipValue()
                    continue
                }
                return steps.count == 1
                    ? text.range.lowerBound - 1 : try offset(of: steps.dropFirst())
            }
            return nil
        case (.index(let wanted), .array):
            try beginArray()
            for _ in 0..<wanted {
                guard try nextElement() else { return nil }
                try skipValue()
            }
            return try nextElement() ? try offset(of: steps.dropFirst()) : nil
        default: return nil
        }
    }
}
