import KeeperCodec
import KeeperFeeds
import WideMath

/// What nodes, exchanges and price services answer, and what wallets exchange.
let replyDecoders: [FuzzMember] = [
    FuzzMember("rpc-reply", seeds: { $0.nodeReplies }) { bytes in
        let reply = try RPCReply(bytes, asked: [0, 1, 2, 3])
        for number in reply.outcomes.keys.sorted() {
            switch reply.outcomes[number] {
            case .result(let value)?: readResult(JSONReader(value))
            case .failure(let failure)?: _ = failure.revertReason
            case nil: break
            }
        }
    },
    FuzzMember("price-reply", seeds: { _ in priceSeeds }) { bytes in
        let reader = JSONReader(try JSONValue.parse(bytes))
        _ = ExchangeReply.refusal(reader, httpStatus: 200)
        tryEach([
            { try TopOfBook.binance(reader).middle }, { try TopOfBook.kraken(reader).middle },
            { try RedStonePackage(reader).serialized },
            { try PythPrice.list(reader).map { ($0.confidenceBps, $0.bounds.low) } },
            { try GraphPage(reader, askedFor: 500) },
        ])
    },
    FuzzMember("price-source", seeds: { _ in priceSeeds }) { bytes in
        let pointer = JSONPointer(String(decoding: bytes.prefix(16), as: UTF8.self))
        let form = JSONPriceForm(
            path: "/", price: .at(pointer ?? rootPointer), exponent: -8,
            time: .init(rootPointer, .text))
        tryEach(
            [
                PriceProvider.pyth(feedID: [UInt8](repeating: 0x0f, count: 32)),
                .binance(symbol: "BTCUSDT"), .coinbase(product: "BTC-USD"), .kraken(pair: "X"),
                .json(form),
            ].map { provider in { try provider.read(bytes, status: 200) } })
    },
    FuzzMember("typed-data", seeds: { _ in [typedSeed] }) { bytes in
        _ = try TypedData(JSONReader(try JSONValue.parse(bytes))).digest
    },
]

/// A result is of one kind, and which one the caller knows; here each is tried.
private func readResult(_ reader: JSONReader) {
    tryEach([
        { try TransactionReceipt(reader)?.feeWei() as Any }, { try SimulatedCall.all(in: reader) },
        { try FeeHistory(reader) }, { try reader.wideQuantity() }, { try reader.bytes() },
    ])
}

private func tryEach(_ reads: [() throws -> Any]) {
    for read in reads {
        // What one of them refuses, the others are still to be tried on.
        _ = try? read()
    }
}

private let rootPointer: JSONPointer = {
    guard let pointer = JSONPointer("") else { preconditionFailure("Nothing is a pointer to all") }
    return pointer
}()

private let priceSeeds = [
    #"{"symbol":"BTCUSDT","bidPrice":"4.00","askPrice":"4.01"}"#,
    #"{"error":[],"result":{"X":{"a":["1.1"],"b":["1.0"],"c":["1"]}}}"#,
    #"{"pricebook":{"product_id":"BTC-USD","bids":[{"price":"1.1"}],"asks":[{"price":"1.2"}],"#
        + #""time":"2026-04-07T00:28:59.66Z"}}"#,
    #"{"error":["EAPI:Rate limit exceeded"]}"#, #"{"code":-1003,"msg":"Too many"}"#,
    #"{"parsed":[{"id":"\#(String(repeating: "0f", count: 32))","price":"#
        + #"{"price":"5","conf":"1","expo":-8,"publish_time":1}}]}"#,
    #"{"dataPoints":[{"dataFeedId":"ETH","value":1.5,"decimals":8}],"#
        + #""timestampMilliseconds":1,"signature":"\#(signatureText)","#
        + #""signerAddress":"0x\#(String(repeating: "00", count: 20))"}"#,
].map { Array($0.utf8) }

private let signatureText = Base64.encode([UInt8](repeating: 1, count: 64) + [27])

private let typedSeed = Array(
    (#"{"types":{"EIP712Domain":[{"name":"name","type":"string"}],"#
        + #""A":[{"name":"b","type":"uint8[]"}]},"#
        + #""primaryType":"A","domain":{"name":"n"},"message":{"b":[1,2]}}"#).utf8)
