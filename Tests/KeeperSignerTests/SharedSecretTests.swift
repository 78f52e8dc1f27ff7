import Foundation
import KeeperCodec
import KeeperModel
import KeeperSigner
import Testing

@Suite struct SharedSecretTests {
    private static func secret(_ bytes: [UInt8]) throws -> SharedSecret {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "bailiff-secret-\(UUID().uuidString)")
        try Data(bytes).write(to: url)
        // A file left behind in a folder for such files harms nobody.
        defer { try? FileManager.default.removeItem(at: url) }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: url.path)
        return try KeyFile.readSecret(url.path)
    }

    /// RFC 2104 over our own SHA-256, for a key that is shorter than a block.
    private static func byDefinition(_ key: [UInt8], _ text: [UInt8]) -> [UInt8] {
        let padded = key + [UInt8](repeating: 0, count: 64 - key.count)
        let inner = SHA256.hash(padded.map { $0 ^ 0x36 } + text)
        return SHA256.hash(padded.map { $0 ^ 0x5c } + inner)
    }

    @Test func `a tag is HMAC-SHA256 as others compute it, and as its definition says`() throws {
        let key = Array(UInt8(0)..<32)
        let secret = try Self.secret(key)
        // By Python's hmac module.
        let known = "58643114ad2b52fe53c68f87438c4c6c530c4ec3c21ea0fac67c3e822a8252eb"
        #expect(Hex.encode(secret.tag(Array("bailiff-request-1\n".utf8))) == known)
        for count in [0, 1, 63, 64, 65, 1_000] {
            let text = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
            #expect(secret.tag(text) == Self.byDefinition(key, text))
        }
    }

    @Test func `a tag of something else, by somebody else, or of another length is none`() throws {
        let secret = SharedSecret.drawn()
        let tag = secret.tag([1, 2])
        #expect(secret.isTag(tag, of: [1, 2]))
        #expect(!secret.isTag(tag, of: [1, 3]))
        #expect(!SharedSecret.drawn().isTag(tag, of: [1, 2]))
        #expect(!secret.isTag(Array(tag.dropLast()), of: [1, 2]))
        #expect(!secret.isTag(tag + tag, of: [1, 2]))
        #expect(!secret.isTag([], of: [1, 2]))
    }

    @Test func `a secret is the same as one of the same bytes, and is never shown`() throws {
        let bytes = [UInt8](repeating: 0x41, count: 32)
        let secret = try Self.secret(bytes)
        #expect(try secret == Self.secret(bytes))
        #expect(secret != SharedSecret.drawn())
        var dumped = ""
        dump(secret, to: &dumped)
        let signer = RequestSigner(secret: secret, keyID: "k")
        let both: [Any] = [secret, signer as Any]
        for text in both.map({ String(describing: $0) }) + [String(reflecting: secret), dumped] {
            #expect(!text.contains("AAAA") && !text.contains("4141") && !text.contains("65, 65"))
        }
    }

    @Test(arguments: [0, 31, 33])
    func `a file of another size is no secret`(count: Int) throws {
        #expect(throws: KeyFileProblem.self) {
            try Self.secret([UInt8](repeating: 1, count: count))
        }
    }
}
