import KeeperCodec
import Testing
import WideMath

/// Every exchange with a node that was recorded: 236 of the execution API's own tests, and what
/// geth's tests have. Whatever is taken is written again as the same value.
@Suite(.enabled(if: isThere("jsonrpc"), "no recorded data"))
struct NodeExchangeTests {
    @Test func `no file is left out`() throws {
        var tally = Tally()
        for path in try sharedFiles("jsonrpc") {
            let parts = path.split(separator: "/")
            tally.count(
                parts.count > 2 && parts.last?.contains(".io") == true
                    ? "exchange" : String(parts[1]))
        }
        // The two that are no data are the manifest and the page about it.
        #expect(tally["exchange"] == 232 && tally["execution-apis"] == 4)
        #expect(tally["geth-ethapi-results"] == 49 && tally["geth-rpc-conversations"] == 18)
        #expect(tally.total == 303 + 2)
    }

    // MARK: The execution API

    @Test func `each request is one that we would have sent`() throws {
        var count = 0
        for (path, line) in try Self.lines(">> ") {
            let asked = try JSONValue.parse(line)
            var object = try JSONReader(asked).object()
            _ = try object.required("jsonrpc").choice(["2.0": ()])
            let request = RPCRequest(
                id: try object.required("id").uint64, method: try object.required("method").string,
                params: try object.optional("params")?.array().map(\.value) ?? [])
            try object.finish()
            let written = try JSONValue.parse(request.bytes)
            for key in ["jsonrpc", "id", "method"] {
                #expect(written[key] == asked[key], "\(path)")
            }
            #expect(written["params"] == asked["params"] ?? .array([]), "\(path)")
            count += 1
        }
        #expect(count == 236)
    }

    @Test func `each reply is the result or the error that it holds`() throws {
        var tally = Tally()
        for (path, line) in try Self.lines("<< ") {
            let value = try JSONValue.parse(line)
            #expect(try JSONValue.parse(value.canonicalBytes) == value, "\(path)")
            let id = try JSONReader(value).object().id()
            switch try #require(RPCReply(line, asked: [id]).outcomes[id], "\(path)") {
            case .result(let result):
                #expect(result == value["result"] && value["error"] == nil, "\(path)")
                tally.count("result")
            case .failure(let failure):
                var error = try JSONReader(try #require(value["error"])).object()
                #expect(try failure.code == error.required("code").int64, "\(path)")
                #expect(try failure.message == error.required("message").freeText, "\(path)")
                try expectReason(failure, error.optional("data"), path)
                tally.count(failure.errorClass.rawValue)
            }
            #expect(throws: RPCReplyError.self, "\(path)") { try RPCReply(line, asked: [id + 1]) }
        }
        #expect(tally.total == 236 && tally["result"] == 189)
        #expect(tally["reverted"] == 4)
        #expect(tally["fee_cap_below_base"] == 6 && tally["insufficient_funds"] == 5)
        #expect(tally["block_unavailable"] == 3 && tally["range_too_large"] == 1)
        #expect(tally["nonce_too_high"] == 1 && tally["gas_too_low"] == 1)
        // What only a caller's mistake brings about, or a method that we never call.
        #expect(tally["other"] == 26)
    }

    private func expectReason(
        _ failure: RPCFailure, _ data: JSONReader?, _ path: String
    ) throws {
        #expect((failure.errorClass == .reverted) == (failure.code == 3), "\(path)")
        guard failure.errorClass == .reverted else {
            #expect(failure.revertReason == nil && failure.revertData == nil, "\(path)")
            return
        }
        #expect(failure.revertData == (try data?.bytes()), "\(path)")
        let reason = try #require(failure.revertReason, "\(path)")
        switch failure.message.dropFirst("execution reverted".count) {
        case ": user error": #expect(reason == .message("user error"), "\(path)")
        case ": assert(false)": #expect(reason == .panic(1), "\(path)")
        default:
            let text = try #require(failure.revertData.map { String(decoding: $0, as: UTF8.self) })
            #expect(text.hasPrefix("wrong-calldata"), "\(path)")
            #expect(reason == .unknown(Array(text.utf8)), "\(path)")
        }
    }

    /// Results that money hangs on are read as what they are.
    @Test func `receipts, simulations, fees and transactions are read from their replies`() throws {
        var tally = Tally()
        for (path, line) in try Self.lines("<< ") {
            guard let result = try JSONValue.parse(line)["result"] else { continue }
            let reader = JSONReader(result)
            switch path.split(separator: "/")[2] {
            case "eth_getTransactionReceipt":
                tally.count(try receipt(reader, path))
            case "eth_getBlockReceipts" where !reader.isNull:
                for receipt in try reader.array() {
                    tally.count(try self.receipt(receipt, path))
                }
            case "eth_simulateV1":
                for call in try SimulatedCall.all(in: reader) {
                    tally.count(call.failure == nil ? "simulated call" : "failed simulated call")
                }
            case "eth_feeHistory":
                let history = try FeeHistory(reader)
                #expect(history.baseFees.count == history.isEmpty.count + 1, "\(path)")
                tally.count("fee history")
            case "debug_getRawTransaction": tally.count(try rawTransaction(reader, path))
            case "eth_blockNumber", "eth_chainId", "eth_getBalance", "eth_getTransactionCount",
                "eth_estimateGas", "eth_baseFee", "eth_blobBaseFee":
                if !reader.isNull { _ = try reader.wideQuantity() }
                tally.count("quantity")
            default: break
            }
        }
        #expect(tally["receipt"] == 8 && tally["no receipt"] == 2)
        #expect(tally["receipt of before 2017, refused"] == 11)
        #expect(tally["simulated call"] == 158 && tally["failed simulated call"] == 16)
        #expect(tally["fee history"] == 1 && tally["raw transaction"] == 1)
        #expect(tally["quantity"] == 17)
    }

    /// Blocks before Byzantium, which the test chain has, say no success.
    private func receipt(_ reader: JSONReader, _ path: String) throws -> String {
        guard !reader.isNull else { return "no receipt" }
        if reader.value["status"] == nil {
            #expect(reader.value["root"] != nil, "\(path)")
            #expect(throws: JSONReadError.self, "\(path)") { try TransactionReceipt(reader) }
            return "receipt of before 2017, refused"
        }
        #expect(try TransactionReceipt(reader) != nil, "\(path)")
        return "receipt"
    }

    private func rawTransaction(_ reader: JSONReader, _ path: String) throws -> String {
        let raw = try reader.bytes()
        let signed = try SignedTransaction(raw: raw)
        #expect(signed.transaction.raw(signed.signature) == raw, "\(path)")
        return "raw transaction"
    }

    /// Each block of the test chain, transaction by transaction.
    @Test func `the chain's blocks come back as they were, and their transactions are read`() throws
    {
        var rest = try sharedBytes("jsonrpc/execution-apis/chain.rlp")
        var tally = Tally()
        while !rest.isEmpty {
            let count = try Self.firstItemByteCount(rest)
            let bytes = Array(rest.prefix(count))
            rest = Array(rest.dropFirst(count))
            let block = try RLPItem.decode(bytes)
            #expect(block.encoded == bytes)
            tally.count("block")
            for item in try block.items()[1].items() { tally.count(try transaction(item)) }
        }
        #expect(tally["block"] == 54 && tally["transaction"] == 242)
        #expect(tally["of a type that we neither send nor read"] == 7)
    }

    /// A legacy transaction is a list in its block, a typed one a byte string.
    private func transaction(_ item: RLPItem) throws -> String {
        let raw = if case .bytes(let bytes) = item { bytes } else { item.encoded }
        guard raw[0] != 3, raw[0] != 4 else {
            #expect(throws: RLPError.unknownType(raw[0])) { try SignedTransaction(raw: raw) }
            return "of a type that we neither send nor read"
        }
        let signed = try SignedTransaction(raw: raw)
        #expect(signed.transaction.raw(signed.signature) == raw)
        return "transaction"
    }

    private static func firstItemByteCount(_ bytes: [UInt8]) throws -> Int {
        do {
            _ = try RLPItem.decode(bytes)
            return bytes.count
        } catch .trailingBytes(let place) {
            return place
        }
    }

    @Test(arguments: ["genesis", "forkenv", "headfcu"])
    func `the chain's own files are written again as they were`(name: String) throws {
        let value = try sharedJSON("jsonrpc/execution-apis/\(name).json").value
        #expect(try JSONValue.parse(value.canonicalBytes) == value)
    }

    // MARK: Geth

    @Test func `results of geth are written again as they were, receipts read`() throws {
        var tally = Tally()
        for path in try sharedFiles("jsonrpc/geth-ethapi-results") {
            let reader = try sharedJSON(path)
            #expect(try JSONValue.parse(reader.value.canonicalBytes) == reader.value, "\(path)")
            tally.count("file")
            if path.contains("eth_getTransactionReceipt") {
                tally.count(try TransactionReceipt(reader) == nil ? "no receipt" : "receipt")
            }
            guard path.contains("eth_getBlockReceipts"), !reader.isNull else { continue }
            for receipt in try reader.array() {
                tally.count(try TransactionReceipt(receipt) == nil ? "no receipt" : "receipt")
            }
        }
        #expect(tally["file"] == 49 && tally["receipt"] == 13 && tally["no receipt"] == 2)
    }

    /// Servers' transcripts, with mistakes on purpose. What a server answers is read with the
    /// numbers that were asked; what it sends by itself is no answer.
    @Test func `each line of geth's conversations is what it should be`() throws {
        var tally = Tally()
        for path in try sharedFiles("jsonrpc/geth-rpc-conversations") {
            for line in try sharedBytes(path).split(separator: UInt8(ascii: "\n")) {
                let text = Array(line.dropFirst(4))
                if line.starts(with: Array("--> ".utf8)) { tally.count(Self.kindOfSent(text)) }
                if line.starts(with: Array("<-- ".utf8)) {
                    tally.count(try Self.kindOfAnswer(text, path))
                }
            }
        }
        let expected = [
            ("sent call", 24), ("sent, no single call", 15), ("sent, not JSON", 1), ("answer", 24),
            ("answers", 1), ("rejection", 6), ("answer to no call of ours", 6),
            ("not an answer", 7),
        ]
        for (kind, count) in expected { #expect(tally[kind] == count, "\(kind)") }
        #expect(tally.total == 84)
    }

    private static func kindOfSent(_ text: [UInt8]) -> String {
        // Not being JSON is what one of them is there for.
        guard let value = try? JSONValue.parse(text) else { return "sent, not JSON" }
        return value["method"] == nil ? "sent, no single call" : "sent call"
    }

    private static func kindOfAnswer(_ text: [UInt8], _ path: String) throws -> String {
        let value = try JSONValue.parse(text)
        #expect(try JSONValue.parse(value.canonicalBytes) == value, "\(path)")
        do {
            let reply = try RPCReply(text, asked: [1, 2, 3])
            if reply.rejection != nil { return "rejection" }
            return reply.outcomes.count == 1 ? "answer" : "answers"
        } catch .malformed {
            return value["method"] == nil ? "answer to no call of ours" : "not an answer"
        }
    }

    // MARK: Lines

    /// Lines of every recorded exchange that begin like this, without it.
    private static func lines(_ mark: String) throws -> [(path: String, bytes: [UInt8])] {
        let mark = Array(mark.utf8)
        return try sharedFiles("jsonrpc/execution-apis").filter { $0.contains(".io") }
            .flatMap { path in
                try sharedBytes(path).split(separator: UInt8(ascii: "\n"))
                    .filter { $0.starts(with: mark) }
                    .map { (path, Array($0.dropFirst(mark.count))) }
            }
    }
}

extension ObjectReader {
    fileprivate func id() throws -> UInt64 {
        var object = self
        return try object.required("id").uint64
    }
}
