import KeeperCodec
import Testing

/// The known answers of the Keccak team as go-ethereum keeps them. They are of SHA-3 and not of
/// Ethereum's hash, but that has only another padding: the sponge is one. The 606 hashes of the
/// transaction tests have Ethereum's own.
@Suite(.enabled(if: isThere("test-vectors/keccak"), "no shared data"))
struct HashVectorTests {
    @Test(arguments: [
        ("SHA3-224", 28), ("SHA3-256", 32), ("SHA3-384", 48), ("SHA3-512", 64),
    ])
    func `every known answer comes out of the sponge`(name: String, byteCount: Int) throws {
        let answers = try Self.answers(name)
        #expect(answers.count == 256)
        for answer in answers {
            var object = try answer.object()
            let bitCount = Int(try object.required("length").uint64)
            let message = try Hex.decode(
                try object.required("message").string, prefix: .forbidden
            ).prefix(bitCount / 8)
            let digest = KeccakSponge.digest(
                of: Array(message), rateByteCount: 200 - 2 * byteCount, padding: 0x06,
                byteCount: byteCount)
            #expect(
                Hex.encode(digest) == (try object.required("digest").string.lowercased()),
                "\(name), \(bitCount) bits")
        }
    }

    /// Outputs of any length: nothing of ours has one.
    @Test(arguments: [("SHAKE128", 256), ("SHAKE256", 256), ("cSHAKE128", 2), ("cSHAKE256", 2)])
    func `what does not apply is counted`(name: String, count: Int) throws {
        #expect(try Self.answers(name).count == count)
    }

    private static func answers(_ name: String) throws -> [JSONReader] {
        var file = try sharedJSON("test-vectors/keccak/keccakKats.json.gz").object()
        var kinds = try file.required("kats").object()
        return try kinds.required(name).array()
    }
}
