// The target of a request line: path and query, percent-decoded once. A plus is a plus, a name may
// appear once, and text that is not UTF-8 is refused rather than repaired.

package struct HTTPTarget: Hashable, Sendable {
    /// As they came.
    package let rawPath: String
    package let rawQuery: String
    /// Decoded, with its slashes; two different raw paths may decode to the same one, so routing is
    /// by `segments`.
    package let path: String
    /// Decoded parts between slashes; an escaped slash stays inside its part.
    package let segments: [String]
    package let query: [HTTPField]

    package init(raw: String) throws(HTTPRefusal) {
        let parts = raw.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        rawPath = String(parts.first ?? "")
        rawQuery = parts.count > 1 ? String(parts[1]) : ""
        guard rawPath.hasPrefix("/") else { throw .badTarget }
        var segments: [String] = []
        for part in rawPath.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            segments.append(try HTTPTarget.decode(part))
        }
        // What tries to climb, or hides a control character, names nothing that we have.
        guard !segments.contains("."), !segments.contains(".."),
            !segments.joined().unicodeScalars.contains(where: { $0.value < 0x20 })
        else { throw .notFound }
        self.segments = segments
        path = "/" + segments.joined(separator: "/")
        query = try HTTPTarget.decodeQuery(rawQuery)
    }

    package func queryValue(_ name: String) -> String? {
        query.first { $0.name == name }?.value
    }

    private static func decodeQuery(_ raw: String) throws(HTTPRefusal) -> [HTTPField] {
        var fields: [HTTPField] = []
        for pair in raw.split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try decode(sides[0])
            guard !name.isEmpty, !fields.contains(where: { $0.name == name }) else {
                throw .badTarget
            }
            let value = sides.count > 1 ? try decode(sides[1]) : ""
            fields.append(HTTPField(exactly: name, value))
        }
        return fields
    }

    private static func decode(_ text: Substring) throws(HTTPRefusal) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexValue),
                let low = rest.popFirst().flatMap(hexValue)
            else { throw .badTarget }
            bytes.append(high << 4 | low)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else { throw .badTarget }
        return decoded
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension HTTPField {
    /// Query names keep their case; header names do not have one.
    fileprivate init(exactly name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
