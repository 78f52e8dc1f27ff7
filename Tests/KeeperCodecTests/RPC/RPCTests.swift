import KeeperCodec
import KeeperModel
import Testing
import WideMath

@Suite struct RPCReplyTests {
    private func reply(_ text: String, asked: Set<UInt64> = [1, 2]) throws -> RPCReply {
        try RPCReply(Array(text.utf8), asked: asked)
    }

    @Test func `answers are told apart by number, in any order`() throws {
        let reply = try reply(
            """
            [{"jsonrpc":"2.0","id":2,"result":"0x2"},{"jsonrpc":"2.0","id":1,"result":null}]
            """)
        #expect(reply.outcomes == [1: .result(.null), 2: .result(.string("0x2"))])
    }

    @Test func `an answer that is missing is simply not there`() throws {
        let reply = try reply(#"[{"jsonrpc":"2.0","id":2,"result":"0x2"}]"#)
        #expect(reply.outcomes[1] == nil)
    }

    @Test(arguments: [
        #"{"jsonrpc":"2.0","id":3,"result":1}"#,
        #"[{"jsonrpc":"2.0","id":1,"result":1},{"jsonrpc":"2.0","id":1,"result":2}]"#,
        #"[{"jsonrpc":"2.0","id":1,"result":1},{"jsonrpc":"2.0","id":2,"result":2},3]"#,
        #"{"jsonrpc":"1.0","id":1,"result":1}"#, #"{"jsonrpc":"2.0","id":1}"#,
        #"{"jsonrpc":"2.0","id":"1","result":1}"#, #"{"jsonrpc":"2.0","id":null,"result":1}"#,
        #"{"jsonrpc":"2.0","id":1,"result":1,"error":{"code":1,"message":""}}"#,
        #"{"jsonrpc":"2.0","id":1,"error":{"code":"1","message":""}}"#, "[1]", "1", "null",
    ])
    func `a node that answers something else is not believed`(text: String) {
        #expect(throws: RPCReplyError.self) { try reply(text) }
    }

    @Test func `a refusal of the whole body has no number`() throws {
        let text =
            #"{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"batch too large"}}"#
        #expect(try reply(text).rejection?.errorClass == .batchTooLarge)
    }

    @Test(arguments: [
        #""0x08c379a0""#, #"{"data":"0x08c379a0"}"#, #""Reverted 0x08c379a0""#,
    ])
    func `revert data are found wherever the node hid them`(data: String) throws {
        let text =
            #"{"jsonrpc":"2.0","id":1,"error":{"code":3,"message":"x","data":"# + data + "}}"
        guard case .failure(let failure)? = try reply(text).outcomes[1] else {
            Issue.record("an error is an error")
            return
        }
        #expect(failure.revertData == [0x08, 0xC3, 0x79, 0xA0])
    }
}

@Suite struct RPCErrorClassTests {
    @Test(
        arguments: [
            (3, "execution reverted: nonce too low", RPCErrorClass.reverted),
            (-32_000, "execution reverted: insufficient funds for transfer", .reverted),
            (-32_000, "unknown transaction", .other),
            (-32_000, "known transaction: 0x1", .alreadyKnown),
            (-32_000, "replacement transaction underpriced", .replacementUnderpriced),
            (-32_602, "invalid block range params", .blockUnavailable),
            (-32_000, "account limit exceeded", .poolFull), (-32_005, "", .rateLimited),
            (-32_015, "VM execution error", .reverted), (-32_000, "something new", .other),
        ] as [(Int64, String, RPCErrorClass)])
    func `the text decides before the code, and a contract's text never`(
        code: Int64, message: String, expected: RPCErrorClass
    ) {
        #expect(RPCErrorClass(code: code, message: message) == expected)
    }
}

@Suite struct QuantityTests {
    @Test(arguments: ["0x0", "0x1", "0xa0", "0x" + String(repeating: "f", count: 64)])
    func `a quantity is written as it was read`(text: String) throws {
        #expect(try Hex.wideQuantity(text).hexString == text)
    }

    @Test(arguments: [
        "", "0x", "0", "0x00", "0x01", "0X1", "0xg", "0x1" + String(repeating: "0", count: 64),
    ])
    func `what is no quantity is refused`(text: String) {
        #expect(throws: HexError.self) { try Hex.wideQuantity(text) }
    }

    @Test func `one of more than 64 bits is none where 64 are asked for`() {
        #expect(throws: HexError.malformedQuantity) { try Hex.quantity("0x10000000000000000") }
    }
}

@Suite struct RPCRequestTests {
    @Test func `a request has one text`() {
        let request = RPCRequest(
            id: 7, method: "eth_call", params: [.object([]), .string("latest")])
        let text = #"{"jsonrpc":"2.0","id":7,"method":"eth_call","params":[{},"latest"]}"#
        #expect(request.bytes == Array(text.utf8))
        #expect(RPCRequest.batch([request]) == Array("[\(text)]".utf8))
    }
}

@Suite struct BinaryFloatTests {
    /// Goal: the same integer as the machine's own 64-bit float gives, for ties as well.
    @Test func `a decimal becomes what a 64-bit float makes of it`() throws {
        var generator = SeededGenerator(seed: 9)
        for _ in 0..<20_000 {
            let text = drawn(&generator)
            let number = try #require(JSONNumber(checking: text))
            let ours = BinaryFloat(value: number)?.nearest(timesTenTo: 8)
            #expect(ours == reference(try #require(Double(text))), "\(text)")
        }
    }

    @Test(arguments: ["-1", "1e61", "1e-61", "1234567890123456789012345678901"])
    func `what no price is is refused`(text: String) throws {
        let number = try #require(JSONNumber(checking: text))
        #expect(BinaryFloat(value: number) == nil)
    }

    private func drawn(_ generator: inout SeededGenerator) -> String {
        let whole = generator.next() >> generator.number(in: 20...63)
        let places = generator.number(in: 1...12)
        // Half of the time the ninth place is a five and the last: a tie in decimals.
        let digits =
            generator.chance(ppm: 500_000)
            ? "\(generator.next() % 100_000_000)5" : "\(generator.next() % 1_000_000_000_000)"
        let padding = String(repeating: "0", count: max(0, Int(places) - digits.utf8.count))
        return "\(whole).\(padding)\(digits.prefix(12))"
    }

    /// The float's own digits, exactly, by its significand and exponent.
    private func reference(_ value: Double) -> UInt256? {
        guard value > 0 else { return .zero }
        let mantissa = UInt256(UInt64(value.significand * 0x1p52)) * 100_000_000
        let shift = 52 - Int(value.exponent)
        guard shift > 0 else { return mantissa << -shift }
        guard shift < 256 else { return .zero }
        return (mantissa >> shift) + (mantissa.bit(at: shift - 1) ? 1 : 0)
    }
}
