// The text of a request, checked before it exists: nothing a caller passes can start a second
// header or a second request.

/// A name in lower case and its value.
package struct HeaderField: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name.lowercased()
        self.value = value
    }
}

package enum RequestProblem: Error, Hashable, Sendable {
    /// A path starts with a slash and holds only what RFC 3986 allows unescaped or as `%XX`.
    case path(String)
    case header(name: String)
    case limits(String)
}

enum RequestText {
    /// Sent by the transport itself; a caller's copy could contradict the real exchange.
    static let reservedHeaders: Set<String> = [
        "accept-encoding", "connection", "content-length", "expect", "host", "te",
        "transfer-encoding", "upgrade",
    ]

    static func check(path: String) throws(RequestProblem) {
        let bytes = Array(path.utf8)
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        guard bytes.first == UInt8(ascii: "/"), !segments.contains("."), !segments.contains("..")
        else { throw .path(path) }
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%") {
                guard index + 2 < bytes.count, isHexDigit(bytes[index + 1]),
                    isHexDigit(bytes[index + 2])
                else { throw .path(path) }
                index += 3
            } else {
                guard isPathByte(bytes[index]) else { throw .path(path) }
                index += 1
            }
        }
    }

    static func check(_ header: HeaderField) throws(RequestProblem) {
        let name = header.name.utf8
        let value = header.value.utf8
        guard !name.isEmpty, name.allSatisfy(isTokenByte),
            value.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }),
            !reservedHeaders.contains(header.name)
        else { throw .header(name: header.name) }
    }

    /// RFC 3986 `pchar` and the slash.
    private static func isPathByte(_ byte: UInt8) -> Bool {
        isUnreserved(byte) || "!$&'()*+,;=:@/".utf8.contains(byte)
    }

    /// RFC 9110 `tchar`.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
}

/// `%XX` for everything that RFC 3986 does not call unreserved: fits a path segment and a query.
package func percentEncoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var result: [UInt8] = []
    for byte in text.utf8 {
        if isUnreserved(byte) {
            result.append(byte)
        } else {
            result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
    return String(decoding: result, as: UTF8.self)
}

private func isUnreserved(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || "-._~".utf8.contains(byte)
}

private func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"):
        true
    default: false
    }
}

private func isHexDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "F"),
        UInt8(ascii: "a")...UInt8(ascii: "f"):
        true
    default: false
    }
}
