// The public keys of those who may close. A key's name is its keeper's name.

import KeeperCodec
import KeeperModel
package import KeeperSigner

package struct KeyRing: Sendable {
    private var keys: [String: VerifyingKey] = [:]

    package init() {}

    /// By name.
    package var keyIDs: [String] { keys.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }

    package subscript(keyID: String) -> VerifyingKey? { keys[keyID] }

    package mutating func add(_ key: VerifyingKey, named keyID: String) throws(KeyRingProblem) {
        guard isWellFormedIdentifier(keyID) else { throw .badName(keyID) }
        guard keys[keyID] == nil else { throw .namedTwice(keyID) }
        keys[keyID] = key
    }

    /// Lines of `NAME PUBLICKEY`, the key in hex or Base64; empty lines and lines that start with
    /// `#` say nothing.
    package mutating func add(linesOf text: String) throws(KeyRingProblem) {
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(whereSeparator: \.isWhitespace)
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            guard words.count == 2, let key = Self.key(String(words[1])) else {
                throw .badLine(String(line.prefix(80)))
            }
            try add(key, named: String(first))
        }
    }

    private static func key(_ text: String) -> VerifyingKey? {
        // Which of the two spellings failed, and how, says less than the line itself.
        if let bytes = try? Hex.decode(text, prefix: .forbidden) { return VerifyingKey(bytes) }
        return (try? Base64.decode(text)).flatMap { VerifyingKey($0) }
    }
}

package enum KeyRingProblem: Error, Hashable, Sendable, CustomStringConvertible {
    case badLine(String)
    case badName(String)
    case namedTwice(String)

    package var description: String {
        switch self {
        case .badLine(let line):
            "'\(line)' is not a key's name and its 32 public bytes in hex or Base64"
        case .badName(let name): "'\(name)' is not a key's name: 1 to 64 of A-Z a-z 0-9 . _ -"
        case .namedTwice(let name): "two keys are called '\(name)'"
        }
    }
}
