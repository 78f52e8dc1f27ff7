// The public keys of those who may come, and what each may do. A key's name is its keeper's name;
// for the time of a rotation a keeper has two.

package import HTTPServing
import KeeperCodec
import KeeperModel
package import KeeperSigner

/// What a key is good for.
package enum KeyScope: String, Hashable, Sendable, CaseIterable {
    case read
    case close
    case transfer
}

/// What a signature is held against.
package enum KeyCredential: Hashable {
    case ed25519(VerifyingKey)
    case hmac(SharedSecret)

    func isSigned(
        _ headers: SignedHeaders, method: String, target: String, body: [UInt8]
    ) -> Bool {
        guard
            let text = RequestSigningText(
                method: method, target: target, body: body, fields: headers.fields)
        else { return false }
        switch self {
        case .ed25519(let key): return key.isSignature(headers.signature, of: text.bytes)
        case .hmac(let secret): return secret.isTag(headers.signature, of: text.bytes)
        }
    }
}

package struct KeyGrant: Hashable {
    package let key: KeyCredential
    package let scopes: Set<KeyScope>
    /// Where its requests may come from; empty where that does not matter.
    package let addresses: [AddressRange]

    func admits(_ peer: PeerAddress?) -> Bool {
        addresses.isEmpty || peer.map { peer in addresses.contains { $0.contains(peer) } } ?? false
    }
}

package struct KeyRing {
    /// The old key and the new one.
    package static let keysPerKeeperMax = 2

    private var grants: [String: [KeyGrant]] = [:]

    package init() {}

    /// By name.
    package var keyIDs: [String] {
        grants.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Every live key of a keeper; none for a name that nobody has.
    package subscript(keyID: String) -> [KeyGrant] { grants[keyID] ?? [] }

    package mutating func add(
        _ key: VerifyingKey, named keyID: String,
        for scopes: Set<KeyScope> = Set(KeyScope.allCases), from addresses: [AddressRange] = []
    ) throws(KeyRingProblem) {
        try add(.ed25519(key), named: keyID, for: scopes, from: addresses)
    }

    package mutating func add(
        _ key: KeyCredential, named keyID: String,
        for scopes: Set<KeyScope> = Set(KeyScope.allCases), from addresses: [AddressRange] = []
    ) throws(KeyRingProblem) {
        guard isWellFormedIdentifier(keyID) else { throw .badName(keyID) }
        let known = self[keyID]
        guard !known.contains(where: { $0.key == key }) else { throw .namedTwice(keyID) }
        guard known.count < Self.keysPerKeeperMax else { throw .tooManyKeys(keyID) }
        grants[keyID] = known + [KeyGrant(key: key, scopes: scopes, addresses: addresses)]
    }

    /// Lines of `NAME PUBLICKEY [SCOPE,...] [from=ADDRESS,...]`, the key in hex or Base64, or
    /// `hmac-sha256:FILE` for a secret, which stands in a file of its own; every scope where none
    /// is named, from everywhere where no address is; empty lines and lines that start with `#`
    /// say nothing.
    package mutating func add(linesOf text: String) throws(KeyRingProblem) {
        for line in text.split(whereSeparator: \.isNewline) {
            var words = line.split(whereSeparator: \.isWhitespace)
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            let addresses = try Self.addresses(&words)
            guard (2...3).contains(words.count), let key = try Self.credential(words[1]) else {
                throw .badLine(String(line.prefix(80)))
            }
            let scopes = words.count == 3 ? try Self.scopes(words[2]) : Set(KeyScope.allCases)
            try add(key, named: String(first), for: scopes, from: addresses)
        }
    }

    private static let addressMark = "from="

    /// Takes the line's last word where it is a list of addresses.
    private static func addresses(
        _ words: inout [Substring]
    ) throws(KeyRingProblem) -> [AddressRange] {
        guard words.count > 2, let last = words.last, last.hasPrefix(addressMark) else { return [] }
        words.removeLast()
        var addresses: [AddressRange] = []
        let list = last.dropFirst(addressMark.count)
        for text in list.split(separator: ",", omittingEmptySubsequences: false) {
            guard let range = AddressRange(text) else { throw .badAddress(String(text.prefix(80))) }
            addresses.append(range)
        }
        return addresses
    }

    private static func scopes(_ text: Substring) throws(KeyRingProblem) -> Set<KeyScope> {
        var scopes: Set<KeyScope> = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let scope = KeyScope(rawValue: String(word)) else {
                throw .badScope(String(word.prefix(80)))
            }
            scopes.insert(scope)
        }
        return scopes
    }

    private static let secretMark = SigningScheme.hmacSHA256.rawValue + ":"

    private static func credential(_ word: Substring) throws(KeyRingProblem) -> KeyCredential? {
        guard word.hasPrefix(secretMark) else { return key(String(word)).map { .ed25519($0) } }
        do {
            return .hmac(try KeyFile.readSecret(String(word.dropFirst(secretMark.count))))
        } catch {
            throw .badSecret(error)
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
    case badScope(String)
    case badAddress(String)
    case badSecret(KeyFileProblem)
    case namedTwice(String)
    case tooManyKeys(String)

    package var description: String {
        switch self {
        case .badLine(let line):
            "'\(line)' is not a key's name, its 32 public bytes in hex or Base64, scopes, and "
                + "from=ADDRESSES"
        case .badName(let name): "'\(name)' is not a key's name: 1 to 64 of A-Z a-z 0-9 . _ -"
        case .badScope(let word): "'\(word)' is no scope; there are read, close and transfer"
        case .badSecret(let problem): "\(problem)"
        case .badAddress(let text):
            "'\(text)' is no address: four numbers such as 10.1.2.3, or 10.1.0.0/16 for all that "
                + "begin so"
        case .namedTwice(let name): "'\(name)' has the same key twice"
        case .tooManyKeys(let name): "'\(name)' has more than two keys: an old one and a new one"
        }
    }
}
