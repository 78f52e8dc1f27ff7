import Foundation
import KeeperCodec
import KeeperModel
import KeeperSigner
import Testing

/// A directory of its own for each test, gone afterwards.
private struct Folder: ~Copyable {
    let path: String

    init() throws {
        let base = FileManager.default.temporaryDirectory
        let url = base.appendingPathComponent("bailiff-keys-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        // A folder left behind harms nobody.
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String = "key") -> String { "\(path)/\(name)" }

    func write(_ bytes: [UInt8], mode: Int = 0o600) throws -> String {
        let path = file()
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }
}

@Suite struct SigningKeyTests {
    /// RFC 8032, section 7.1, tests 1 to 3.
    @Test(arguments: [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ])
    func `published keys give their published signatures`(
        seed: String, publicKey: String, message: String, signature: String
    ) throws {
        let folder = try Folder()
        let path = try folder.write(try Hex.decode(seed, prefix: .forbidden))
        let key = try KeyFile.read(path)
        let message = try Hex.decode(message, prefix: .forbidden)
        #expect("\(key.publicKey)" == publicKey)
        #expect(Hex.encode(key.sign(message)) == signature)
        #expect(key.publicKey.isSignature(key.sign(message), of: message))
    }

    @Test func `a signature fits one key, one message and itself`() throws {
        let folder = try Folder()
        let key = try KeyFile.generate(folder.file("a"))
        let other = try KeyFile.generate(folder.file("b"))
        let signature = key.sign([1, 2, 3])
        #expect(key.publicKey.isSignature(signature, of: [1, 2, 3]))
        #expect(!key.publicKey.isSignature(signature, of: [1, 2, 4]))
        #expect(!other.publicKey.isSignature(signature, of: [1, 2, 3]))
        for place in signature.indices {
            var broken = signature
            broken[place] ^= 1
            #expect(!key.publicKey.isSignature(broken, of: [1, 2, 3]))
        }
        #expect(!key.publicKey.isSignature([], of: [1, 2, 3]))
        #expect(!key.publicKey.isSignature(signature + [0], of: [1, 2, 3]))
        #expect(VerifyingKey([]) == nil)
    }

    @Test func `a key shows nothing of itself`() throws {
        let folder = try Folder()
        let seed = [UInt8](repeating: 0xab, count: 32)
        let key = try KeyFile.read(try folder.write(seed))
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), dumped] {
            #expect(text.contains("SigningKey(not shown)"))
            #expect(!text.contains("ab") && !text.contains("171"))
        }
    }
}

@Suite struct KeyFileTests {
    @Test func `a new key is private, reads back, and is never replaced`() throws {
        let folder = try Folder()
        let key = try KeyFile.generate(folder.file())
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.file())
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(attributes[.size] as? Int == 32)
        #expect(try KeyFile.read(folder.file()).publicKey == key.publicKey)
        #expect(throws: KeyFileProblem.exists(folder.file())) {
            try KeyFile.generate(folder.file())
        }
        #expect(try KeyFile.read(folder.file()).publicKey == key.publicKey)
    }

    @Test(arguments: [0o644, 0o640, 0o604, 0o620, 0o666, 0o700])
    func `a file that is open to others is refused with the fix`(mode: Int) throws {
        let folder = try Folder()
        let path = try folder.write([UInt8](repeating: 1, count: 32), mode: mode)
        let problem = KeyFileProblem.openToOthers(path)
        #expect(throws: problem) { try KeyFile.read(path) }
        #expect(problem.description.hasSuffix("run: chmod 600 '\(path)'"))
    }

    /// An access list shows its mask where the group's mode stands; others never have a right.
    @Test(arguments: [(0o400, true), (0o440, true), (0o444, false), (0o460, false), (0o540, false)])
    func `a credential may have an access list, and nothing more`(
        mode: Int, isRead: Bool
    ) throws {
        let folder = try Folder()
        let path = try folder.write([UInt8](repeating: 1, count: 32), mode: mode)
        if isRead {
            _ = try KeyFile.read(path, isCredential: true)
        } else {
            #expect(throws: KeyFileProblem.openToOthers(path)) {
                try KeyFile.read(path, isCredential: true)
            }
        }
    }

    @Test(arguments: [0, 31, 33, 65])
    func `a file of another size is not a key`(count: Int) throws {
        let folder = try Folder()
        let path = try folder.write([UInt8](repeating: 1, count: count))
        #expect(throws: KeyFileProblem.wrongSize(path)) { try KeyFile.read(path) }
    }

    @Test func `links, folders and nothing are refused`() throws {
        let folder = try Folder()
        let target = try folder.write([UInt8](repeating: 1, count: 32))
        let link = folder.file("link")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
        #expect(throws: KeyFileProblem.symbolicLink(link)) { try KeyFile.read(link) }
        #expect(throws: KeyFileProblem.notAFile(folder.path)) { try KeyFile.read(folder.path) }
        let missing = folder.file("missing")
        #expect(throws: KeyFileProblem.cannotOpen(missing, 2)) { try KeyFile.read(missing) }
        #expect(throws: KeyFileProblem.exists(link)) { try KeyFile.generate(link) }
    }
}

@Suite struct RequestSignerTests {
    private static let time = Instant(milliseconds: 1_700_000_000_123)

    @Test func `what was signed is verified, and nothing else is`() throws {
        let folder = try Folder()
        let key = try KeyFile.generate(folder.file())
        let signer = try #require(RequestSigner(key: key, keyID: "k1"))
        let body = Array("{}".utf8)
        let signed = try #require(
            signer.sign(method: "PUT", target: "/v1/closes/c?x=1", body: body, at: Self.time))
        let table = Dictionary(uniqueKeysWithValues: signed.headers.map { ($0.name, $0.value) })
        let received = try #require(SignedHeaders { table[$0] })
        #expect(received == signed)
        #expect(received.fields.timestampMilliseconds == 1_700_000_000_123)
        let check = { (method: String, target: String, body: [UInt8]) in
            key.publicKey.isSigned(received, method: method, target: target, body: body)
        }
        #expect(check("PUT", "/v1/closes/c?x=1", body))
        #expect(!check("POST", "/v1/closes/c?x=1", body))
        #expect(!check("PUT", "/v1/closes/c?x=2", body))
        #expect(!check("PUT", "/v1/closes/c", body))
        #expect(!check("PUT", "/v1/closes/c?x=1", []))
    }

    @Test func `two signatures of one request differ in their nonce`() throws {
        let folder = try Folder()
        let key = try KeyFile.generate(folder.file())
        let signer = try #require(RequestSigner(key: key, keyID: "k1"))
        let nonces = (1...3).map { _ in
            signer.sign(method: "GET", target: "/", body: [], at: Self.time)?.fields.nonce
        }
        #expect(Set(nonces).count == 3)
    }

    @Test(arguments: ["", "a b", "é", "a\nb"])
    func `a key's name is a name`(name: String) throws {
        let folder = try Folder()
        let key = try KeyFile.generate(folder.file())
        #expect(RequestSigner(key: key, keyID: name) == nil)
    }
}
