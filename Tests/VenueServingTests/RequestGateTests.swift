import Foundation
import HTTPServing
import KeeperCodec
import KeeperModel
import KeeperSigner
import KeeperTransport
import Testing
import VenueServing
import VenueSimulator
import VenueWriters

@Suite struct RequestGateTests {
    private func headers(
        _ signer: RequestSigner, target: String = "/v1/closes/k/void", body: [UInt8] = [],
        shiftedBy shift: TimeSpan = .zero
    ) throws -> [HeaderField] {
        let signed = signer.sign(
            method: "PUT", target: target, body: body, at: SystemClock.machineTime() + shift)
        return try #require(signed).headers.map { HeaderField($0.name, $0.value) }
    }

    private func answer(_ rig: VenueRig, _ headers: [HeaderField]) throws -> (Int, String?) {
        let reply = try rig.put("/v1/closes/k/void", headers: headers).get()
        return (reply.status, try reply.code())
    }

    @Test func `a good signature is admitted`() throws {
        let rig = try VenueRig(heights: 1)
        #expect(try answer(rig, headers(rig.signer)) == (200, nil))
    }

    @Test func `a signature of something else is refused`() throws {
        let rig = try VenueRig(heights: 1)
        #expect(
            try answer(rig, headers(rig.signer, target: "/v1/closes/other/void"))
                == (401, "badSignature"))
        #expect(try answer(rig, headers(rig.signer, body: [1])) == (401, "badSignature"))
        let stranger = try #require(RequestSigner(key: VenueRig.freshKey(), keyID: "me"))
        #expect(try answer(rig, headers(stranger)) == (401, "badSignature"))
        #expect(rig.server.venue.closes.all.isEmpty)
    }

    @Test func `an unknown key is refused`() throws {
        let rig = try VenueRig(heights: 1)
        let stranger = try #require(RequestSigner(key: rig.key, keyID: "you"))
        #expect(try answer(rig, headers(stranger)) == (401, "unknownKey"))
    }

    @Test func `a nonce is good once`() throws {
        let rig = try VenueRig(heights: 1)
        let headers = try headers(rig.signer)
        #expect(try answer(rig, headers) == (200, nil))
        #expect(try answer(rig, headers) == (401, "nonceReused"))
    }

    @Test(arguments: [-6_000, 6_000] as [Int64])
    func `a timestamp outside the window is stale`(shiftMilliseconds: Int64) throws {
        let rig = try VenueRig(heights: 1)
        let headers = try headers(rig.signer, shiftedBy: .milliseconds(shiftMilliseconds))
        #expect(try answer(rig, headers) == (401, "staleTimestamp"))
    }

    @Test func `while a key is replaced both are good`() throws {
        let rig = try VenueRig(heights: 1, secondKey: try VenueRig.freshKey())
        let second = try #require(rig.secondSigner)
        #expect(try answer(rig, headers(rig.signer)) == (200, nil))
        #expect(try answer(rig, headers(second)) == (200, nil))
    }

    @Test func `a key does what its scopes say and nothing else`() throws {
        let rig = try VenueRig(
            heights: 1, secondKey: try VenueRig.freshKey(), secondScopes: [.read])
        let reader = try #require(rig.secondSigner)
        let balances = try rig.get(
            "/v1/balances", headers: reader.headers("GET", "/v1/balances", []))
        #expect(balances.status == 200)
        #expect(try answer(rig, headers(reader)) == (403, "scopeMissing"))
        #expect(rig.server.venue.closes.all.isEmpty)
    }

    @Test(arguments: [
        (["127.0.0.1"], true), (["10.0.0.1", "127.0.0.0/8"], true), (["0.0.0.0/0"], true),
        (["127.0.0.2"], false), (["10.0.0.0/8", "128.0.0.0/1"], false),
    ])
    func `a key is taken from its own addresses and from no other`(
        ranges: [String], isTaken: Bool
    ) throws {
        let rig = try VenueRig(
            heights: 1, secondKey: try VenueRig.freshKey(),
            secondAddresses: try ranges.map { try #require(AddressRange($0)) })
        let bound = try headers(#require(rig.secondSigner))
        let expected: (Int, String?) = isTaken ? (200, nil) : (403, "addressNotAllowed")
        #expect(try answer(rig, bound) == expected)
        // A refused request has used up nothing, a taken one its nonce.
        let again: (Int, String?) = isTaken ? (401, "nonceReused") : expected
        #expect(try answer(rig, bound) == again)
        #expect(rig.server.venue.closes.all.isEmpty != isTaken)
        #expect(try answer(rig, headers(rig.signer)) == (200, nil), "the other key has no list")
    }

    @Test func `a tag by the shared secret is a signature, and by no other`() throws {
        let secret = SharedSecret.drawn()
        let rig = try VenueRig(heights: 1, secret: secret)
        let signer = try #require(rig.secretSigner)
        #expect(try answer(rig, headers(signer)) == (200, nil))
        #expect(try answer(rig, headers(signer, body: [1])) == (401, "badSignature"))
        let stranger = try #require(RequestSigner(secret: .drawn(), keyID: "shared"))
        #expect(try answer(rig, headers(stranger)) == (401, "badSignature"))
        // Neither scheme stands in for the other.
        let key = try #require(RequestSigner(key: rig.key, keyID: "shared"))
        #expect(try answer(rig, headers(key)) == (401, "badSignature"))
        let mine = try #require(RequestSigner(secret: secret, keyID: "me"))
        #expect(try answer(rig, headers(mine)) == (401, "badSignature"))
        let signed = try headers(signer)
        #expect(signed.first { $0.name == "bailiff-signature" }?.value.utf8.count == 64)
    }

    @Test func `a keeper closes with a shared secret as with a key`() throws {
        let rig = try VenueRig(secret: .drawn())
        let plan = try rig.plan("k1")
        let body = plan.jsonBytes
        let signer = try #require(rig.secretSigner)
        let headers = signer.headers("PUT", "/v1/closes/k1", body)
        let reply = try rig.put("/v1/closes/k1", body, headers: headers).get().json()
        #expect(reply["answer"]?["kind"]?.text == "settled")
        #expect(rig.server.venue.balances(of: "shared").isEmpty == false)
    }

    @Test func `who has not the key learns nothing of its addresses`() throws {
        let rig = try VenueRig(
            heights: 1, secondKey: try VenueRig.freshKey(),
            secondAddresses: [try #require(AddressRange("10.0.0.0/8"))])
        let stranger = try #require(RequestSigner(key: VenueRig.freshKey(), keyID: "me"))
        #expect(try answer(rig, headers(stranger)) == (401, "badSignature"))
    }

    @Test func `a close belongs to the keeper that made it`() throws {
        let rig = try VenueRig(heights: 1)
        _ = try rig.put("/v1/closes/k/void").get()
        let reply = try rig.get(
            "/v1/closes/k", headers: rig.signer.headers("GET", "/v1/closes/k", []))
        #expect(reply.status == 200)
        #expect(try reply.json()["answer"]?["kind"]?.text == "voided")
    }
}

@Suite struct KeyRingTests {
    private static let hex = String(repeating: "0a", count: 32)

    @Test func `keys are read in hex and Base64`() throws {
        var ring = KeyRing()
        let base64 = Base64.encode([UInt8](repeating: 7, count: 32))
        try ring.add(linesOf: "# whose\n\nalpha \(Self.hex)\n  beta\t\(base64)  \n")
        #expect(ring.keyIDs == ["alpha", "beta"])
        let keys = try [10, 7].map { (byte: UInt8) in
            KeyCredential.ed25519(
                try #require(VerifyingKey([UInt8](repeating: byte, count: 32))))
        }
        #expect(ring["alpha"].map(\.key) == [keys[0]])
        #expect(ring["beta"].map(\.key) == [keys[1]])
        #expect(ring["gamma"].isEmpty)
    }

    @Test func `a line may name scopes, and a keeper has two keys`() throws {
        var ring = KeyRing()
        let other = String(repeating: "0b", count: 32)
        try ring.add(linesOf: "a \(Self.hex) read\na \(other) read,close")
        #expect(ring["a"].map(\.scopes) == [[.read], [.read, .close]])
        #expect(throws: KeyRingProblem.tooManyKeys("a")) {
            try ring.add(linesOf: "a " + String(repeating: "0c", count: 32))
        }
    }

    @Test func `a line names the file of a secret, and says no more of it`() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "bailiff-ring-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // A folder left behind harms nobody.
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "secret").path
        _ = try KeyFile.generate(path)
        var ring = KeyRing()
        try ring.add(linesOf: "a hmac-sha256:\(path) read from=127.0.0.1")
        #expect(try ring["a"].map(\.key) == [.hmac(KeyFile.readSecret(path))])
        #expect(ring["a"].map(\.scopes) == [[.read]])
        #expect(throws: KeyRingProblem.namedTwice("a")) {
            try ring.add(linesOf: "a hmac-sha256:\(path)")
        }
        #expect(throws: KeyRingProblem.badSecret(.cannotOpen(path + "-not", ENOENT))) {
            try ring.add(linesOf: "b hmac-sha256:\(path)-not")
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        #expect(throws: KeyRingProblem.badSecret(.openToOthers(path))) {
            try ring.add(linesOf: "b hmac-sha256:\(path)")
        }
    }

    @Test func `a line may name addresses, behind scopes or without`() throws {
        var ring = KeyRing()
        let other = String(repeating: "0b", count: 32)
        try ring.add(
            linesOf: "a \(Self.hex) from=10.1.0.0/16,10.2.0.7\na \(other) read from=1.2.3.4")
        let expected = ["10.1.0.0/16", "10.2.0.7"].compactMap { AddressRange($0) }
        #expect(ring["a"].map(\.addresses) == [expected, [try #require(AddressRange("1.2.3.4"))]])
        #expect(ring["a"].map(\.scopes) == [Set(KeyScope.allCases), [.read]])
    }

    @Test(arguments: [
        "", "10.0.0.1/8", "10.0.0", "10.0.0.0/33", "10.0.0.256", "010.0.0.1", "10.0.0.0/08", "::1",
        "10.0.0.0/", "10.0.0.0/8/8", "localhost",
    ])
    func `an address that is none is refused, and named`(text: String) {
        var ring = KeyRing()
        #expect(throws: KeyRingProblem.badAddress(text)) {
            try ring.add(linesOf: "a \(Self.hex) from=\(text)")
        }
    }

    @Test(arguments: [
        "a", "a 00", "a b c", "a/b \(hex)", "a \(hex)\na \(hex)", "a \(hex) write",
        "a \(hex) read,", "a \(hex) read close",
    ])
    func `a line that is no key is refused`(text: String) {
        var ring = KeyRing()
        #expect(throws: KeyRingProblem.self) { try ring.add(linesOf: text) }
    }
}
