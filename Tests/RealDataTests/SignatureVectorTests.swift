import KeeperCodec
import KeeperSigner
import Testing
import WideMath

/// Wycheproof's signatures on secp256k1. They were made to break verifiers that are given a key; we
/// recover the signer and compare, which is the same question asked the other way round. So a
/// signature holds where one of the two parities leads to the key's address.
///
/// What does not apply: their DER encoding, which nothing of ours reads (the reader below is the
/// test's own, and strict), signing itself, for which Wycheproof has no keys, and HMAC and PBKDF2,
/// which nothing here uses.
@Suite(.enabled(if: isThere("test-vectors/wycheproof"), "no shared data"))
struct SignatureVectorTests {
    struct File: Sendable, CustomTestStringConvertible {
        let name: String
        let testCount: Int
        let validCount: Int
        /// Valid ones whose point's x is above the order, so that r alone does not name it.
        let unsayableCount: Int
        /// Whether only the small s is valid, which is Ethereum's rule too.
        let isLowOnly: Bool
        let digest: @Sendable ([UInt8]) -> [UInt8]

        var testDescription: String { name }
    }

    static let files = [
        File(
            name: "sha256_bitcoin", testCount: 463, validCount: 162, unsayableCount: 1,
            isLowOnly: true,
            digest: SHA256.hash),
        File(
            name: "sha256", testCount: 476, validCount: 168, unsayableCount: 2, isLowOnly: false,
            digest: SHA256.hash),
        File(
            name: "sha3_256", testCount: 474, validCount: 172, unsayableCount: 1, isLowOnly: false,
            digest: { message in
                KeccakSponge.digest(of: message, rateByteCount: 136, padding: 0x06, byteCount: 32)
            }),
    ]

    @Test(arguments: files)
    func `valid signatures name their key, and invalid ones do not`(file: File) throws {
        var tally = Tally()
        var object = try sharedJSON(
            "test-vectors/wycheproof/ecdsa_secp256k1_\(file.name)_test.json.gz"
        )
        .object()
        for group in try object.required("testGroups").array() {
            var parts = try group.object()
            var key = try parts.required("publicKey").object()
            let point = try Hex.decode(
                try key.required("uncompressed").string, prefix: .forbidden)
            let address = try #require(EthereumAddress(publicKey: point))
            for test in try parts.required("tests").array() {
                tally.count(try verdict(on: test, file, address))
            }
        }
        print("\(file.name): \(tally)")
        #expect(tally.total == file.testCount)
        #expect(tally["valid and holds"] == file.validCount - file.unsayableCount)
        #expect(tally[Self.unsayable] == file.unsayableCount)
        #expect(tally["invalid and does not hold"] > 50)
    }

    private static let unsayable = "valid, with an r that no signature of Ethereum can say"

    private func verdict(
        on test: JSONReader, _ file: File, _ address: EthereumAddress
    ) throws -> String {
        var object = try test.object()
        let id = try object.required("tcId").uint64
        let isValid = try object.required("result").choice(["valid": true, "invalid": false])
        let message = try Hex.decode(try object.required("msg").string, prefix: .forbidden)
        let encoded = try Hex.decode(try object.required("sig").string, prefix: .forbidden)
        guard let (r, s) = integers(inDER: encoded) else {
            #expect(!isValid, "\(file.name) \(id)")
            return "invalid, and not strict DER of two numbers of 256 bits"
        }
        let digest = file.digest(message)
        let signatures = [false, true].map { EthereumSignature(r: r, s: s, yParity: $0) }
        let isLow = signatures.allSatisfy(\.isLow)
        let isSigner = signatures.contains { $0.signer(of: digest) == address }
        let holds = isSigner && (isLow || !file.isLowOnly)
        if isValid && !holds && r < Self.prime - Self.order { return Self.unsayable }
        #expect(holds == isValid, "\(file.name) \(id)")
        return isValid ? "valid and holds" : "invalid and does not hold"
    }

    /// Of the curve's field and of its group (SEC 2, secp256k1).
    private static let prime =
        UInt256(
            w0: 0xFFFF_FFFE_FFFF_FC2F, w1: 0xFFFF_FFFF_FFFF_FFFF, w2: 0xFFFF_FFFF_FFFF_FFFF,
            w3: 0xFFFF_FFFF_FFFF_FFFF)
    private static let order =
        UInt256(
            w0: 0xBFD2_5E8C_D036_4141, w1: 0xBAAE_DCE6_AF48_A03B, w2: 0xFFFF_FFFF_FFFF_FFFE,
            w3: 0xFFFF_FFFF_FFFF_FFFF)

    /// Nil for whatever is not the one encoding of two positive numbers of up to 256 bits.
    private func integers(inDER bytes: [UInt8]) -> (r: UInt256, s: UInt256)? {
        guard bytes.count >= 8, bytes[0] == 0x30, bytes[1] < 0x80, Int(bytes[1]) == bytes.count - 2
        else { return nil }
        var rest = bytes.dropFirst(2)
        guard let r = integer(&rest), let s = integer(&rest), rest.isEmpty else { return nil }
        return (r, s)
    }

    private func integer(_ rest: inout ArraySlice<UInt8>) -> UInt256? {
        guard rest.count >= 3, rest.removeFirst() == 0x02 else { return nil }
        let count = Int(rest.removeFirst())
        guard (1...33).contains(count), count <= rest.count else { return nil }
        let digits = Array(rest.prefix(count))
        rest = rest.dropFirst(count)
        let isNegative = digits[0] >= 0x80
        let isPadded = count > 1 && digits[0] == 0 && digits[1] < 0x80
        guard !isNegative, !isPadded else { return nil }
        return UInt256(bigEndianBytes: digits.drop { $0 == 0 })
    }
}
