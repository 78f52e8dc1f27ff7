import KeeperCodec
import Testing

@Suite struct RequestSigningTextTests {
    private static func fields() throws -> RequestSignatureFields {
        try #require(
            RequestSignatureFields(keyID: "k1", timestampMilliseconds: 1_700, nonce: "n-1"))
    }

    @Test func `the text has eight lines in a fixed order`() throws {
        let text = try #require(
            RequestSigningText(
                method: "PUT", target: "/v1/closes/c?x=1&y=%20", body: Array("abc".utf8),
                fields: try Self.fields()))
        let expected = """
            bailiff-request-1
            PUT
            /v1/closes/c
            x=1&y=%20
            ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
            1700
            n-1
            k1

            """
        #expect(String(decoding: text.bytes, as: UTF8.self) == expected)
    }

    @Test(arguments: [("P\nUT", "/"), ("PUT", "/a\nb"), ("PUT", "/?a\r")])
    func `a line break would let two requests share a text`(method: String, target: String) throws {
        let fields = try Self.fields()
        #expect(
            RequestSigningText(method: method, target: target, body: [], fields: fields) == nil)
    }

    @Test(
        arguments: [
            ("bailiff-key", nil), ("bailiff-key", ""), ("bailiff-key", "a b"),
            ("bailiff-nonce", nil), ("bailiff-nonce", "a\nb"),
            ("bailiff-timestamp", nil), ("bailiff-timestamp", "+1"), ("bailiff-timestamp", "01"),
            ("bailiff-timestamp", "1.5"), ("bailiff-timestamp", "99999999999999999999"),
            ("bailiff-signature", nil), ("bailiff-signature", "00"),
            ("bailiff-signature", String(repeating: "AB", count: 64)),
        ] as [(String, String?)])
    func `a header in another spelling is no signature`(name: String, value: String?) throws {
        let signed = SignedHeaders(
            fields: try Self.fields(), signature: [UInt8](repeating: 0xab, count: 64))
        var table = Dictionary(uniqueKeysWithValues: signed.headers.map { ($0.name, $0.value) })
        #expect(SignedHeaders { table[$0] } == signed)
        table[name] = value
        #expect(SignedHeaders { table[$0] } == nil)
    }
}
