import KeeperCodec
import KeeperSigner
import WideMath

/// Section `oracle`: prices as oracles write them.
let oracleVectors = VectorSection(names: ["oracle"]) { question in
    var inputs = question.inputs
    defer { question.inputs = inputs }
    if let phase = inputs.optional("phaseId") {
        let round = ChainlinkRound(
            phase: try phase.quotedInteger(as: UInt16.self),
            aggregatorRound: try inputs.required("aggregatorRoundId").uint64Text())
        return .record(["roundId": .text(round.id)])
    }
    let exponent = Int(try inputs.required("expo").int64Text())
    let price = PythPrice(
        feedID: [], price: try floating(try inputs.required("price"), exponent),
        confidence: try floating(try inputs.required("conf"), exponent), publishedAtSeconds: 0)
    return .record([
        "price": .string(price.price.text), "conf": .string(price.confidence.text),
        "scaled_1e8": .text(try price.price.scaled(decimals: 8)),
        "conf_1e8": .text(try price.confidence.scaled(decimals: 8)),
        "confRatioBps_floor": .textOrNull(price.confidenceBps),
        "lower": .text(price.bounds.low), "upper": .text(price.bounds.high),
    ])
}

private func floating(_ reader: JSONReader, _ exponent: Int) throws -> FloatingPrice {
    guard
        let price = FloatingPrice(
            mantissa: Int256(try reader.int64Text()), exponent: exponent)
    else { throw reader.refused("a price") }
    return price
}

/// Section `oracle_http`: replies of feeds.
let oracleReplyVectors = VectorSection(names: ["oracle_http"]) { question in
    var inputs = question.inputs
    defer { question.inputs = inputs }
    if inputs.optional("publishTime") != nil { return try freshness(&inputs) }
    if inputs.optional("decimals") != nil { return try rescaled(&inputs) }
    if let packages = inputs.optional("packages") { return try redStone(packages) }
    let text = try inputs.required("json").freeText
    let reader = JSONReader(try JSONValue.parse(Array(text.utf8)))
    if let status = inputs.optional("httpStatus") {
        let refusal = ExchangeReply.refusal(
            reader, httpStatus: Int(try status.quotedInteger(as: UInt16.self)))
        return .record(["classification": .textOrNull(refusal?.rawValue)])
    }
    if let first = inputs.optional("first") {
        return try graphPage(reader, askedFor: Int(try first.quotedInteger(as: UInt16.self)))
    }
    return try reply(reader)
}

/// Each service is told by a member that only its answer has.
private func reply(_ reader: JSONReader) throws -> JSONValue {
    if reader.value["parsed"] != nil { return try hermes(reader) }
    let book =
        reader.value["bidPrice"] != nil
        ? try TopOfBook.binance(reader) : try TopOfBook.kraken(reader)
    return .record([
        "bid_1e8": .text(book.bid), "ask_1e8": .text(book.ask), "mid_1e8": .text(book.middle),
        "last_1e8": .textOrNull(book.last),
    ])
}

private func freshness(_ inputs: inout ObjectReader) throws -> JSONValue {
    let freshness = PriceFreshness(
        nowSeconds: try inputs.int64("now"), madeAtSeconds: try inputs.int64("publishTime"),
        ageMaxSeconds: try inputs.int64("maxAge"),
        skewMaxSeconds: try inputs.int64("maxFutureSkew"))
    return .record(["state": .string(freshness.rawValue)])
}

private func rescaled(_ inputs: inout ObjectReader) throws -> JSONValue {
    let exponent = Int(try inputs.required("expo").int64Text())
    let decimals = Int(try inputs.required("decimals").quotedInteger(as: UInt8.self))
    let price = try floating(try inputs.required("price"), exponent)
    return .record(["scaled": .text(try price.scaled(decimals: decimals))])
}

private func hermes(_ reader: JSONReader) throws -> JSONValue {
    .record([
        "feeds": .array(
            try PythPrice.list(reader).map { price in
                .record([
                    "id": .hex(price.feedID),
                    "price_1e8": .text(try price.price.scaled(decimals: 8)),
                    "conf_1e8": .text(try price.confidence.scaled(decimals: 8)),
                    "confBps_floor": .textOrNull(price.confidenceBps),
                    "publishTime": .text(price.publishedAtSeconds),
                ])
            })
    ])
}

private func redStone(_ reader: JSONReader) throws -> JSONValue {
    let packages = try reader.array().map {
        try RedStonePackage(JSONReader(JSONValue.parse(Array(try $0.freeText.utf8))))
    }
    let values = packages.compactMap { $0.points.first?.scaledValue }
    return .record([
        "packages": .list(packages) { package in
            .record([
                "serialized": .hex(package.serialized),
                "signableHash": .hex(package.signableHash),
                "recoveredSigner": .textOrNull(
                    package.signature.signer(of: package.signableHash)),
                "value_1e8": .textOrNull(package.points.first?.scaledValue),
            ])
        },
        "median_1e8": .textOrNull(median(values)),
    ])
}

/// Of an even number, the lower of the two in the middle and half of what is between them.
private func median(_ values: [UInt256]) -> UInt256? {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return nil }
    let lower = sorted[(sorted.count - 1) / 2]
    return lower + (sorted[sorted.count / 2] - lower) / 2
}

private func graphPage(_ reader: JSONReader, askedFor count: Int) throws -> JSONValue {
    let page = try GraphPage(reader, askedFor: count)
    return .record([
        "rows": .text(page.rows.count), "cursor": .textOrNull(page.lastID),
        "done": .bool(page.isLast), "blockNumber": .text(page.blockNumber),
    ])
}
