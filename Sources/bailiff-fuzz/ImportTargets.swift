import KeeperCodec
import KeeperModel

@testable import KeeperBacktest
@testable import KeeperFeeds

/// Files of history, as anybody may find them: tables in any packing, messages of exchanges, and
/// the mapping that a person writes for them. Rows that are taken are told no earlier than they
/// were so, and can be written and read again.
let importDecoders: [FuzzMember] = [
    table(.klines, [klines, packed, Zstandard().compress(klines)]),
    table(
        .trades,
        [
            text("id,price,qty,quote_qty,time,is_buyer_maker,is_best_match"),
            text("7,194.70,0.5,97.35,1583971200123,True,True"),
            text("1,1e3,2,3,4,False,False\n2,0.1,2,3,9,False,False"),
        ]),
    table(
        .rounds,
        [text("roundId,answer,updatedAt\n18446744073709562300,194.71000000,1583971211")]),
    table(.gas, [text("timestamp,60.0_Perc\n2020-03-12T00:00:00Z,41000000000")]),
    table(
        .liquidations,
        [
            text(
                "timestamp,user,liquidator,collateral_asset,collateral_amount,debt_asset,"
                    + "debt_amount\n1583971215,0xab,0xcd,WETH,1.5,USDC,250.000001")
        ]),
    table(
        .books,
        [
            text(
                #"1583971200000000000 {"lastUpdateId":4,"#
                    + #""bids":[["194.1","2"]],"asks":[["195","1"]]}"#),
            text(
                #"{"e":"depthUpdate","E":1583971201000,"s":"ETHUSDT","U":5,"u":6,"#
                    + #""b":[["194.2","1"]],"a":[["195","0"]]}"#),
        ]),
    FuzzMember("import-mapping", seeds: { _ in mappings }) { bytes in
        let layout = try MappingFile.read(bytes, file: "fuzz", wish: wish)
        let path = try ScratchFile.shared.hold(klines)
        try readAll(layout, path)
    },
]

private func table(_ kind: ImportKind, _ seeds: [[UInt8]]) -> FuzzMember {
    FuzzMember("import-" + kind.rawValue, seeds: { _ in seeds }) { bytes in
        guard let layout = kind.layout(wish) else { return }
        try readAll(layout, try ScratchFile.shared.hold(bytes))
    }
}

/// With rows that cannot be left out, and refused.
private func readAll(_ layout: ImportLayout, _ path: String) throws {
    for skipsImpossible in [false, true] {
        let importer = Importer(kind: .columns, layout: layout, skipsImpossible: skipsImpossible)
        // What one way refuses, the other is still to be tried on.
        _ = try? importer.read([path]) { row throws(ImportRefused) in
            precondition(row.availableAt >= row.eventAt, "Nobody knows a thing before it is so")
            guard case .event(let body) = row.content else { return }
            let again = readAgain("an imported row") {
                try EventBody(jsonBytes: body.jsonBytes)
            }
            precondition(again == body, "What was taken is written as it is")
        }
    }
}

private let wish: ImportWish = {
    var wish = ImportWish()
    wish.asset = AssetID("ETH")
    wish.assetDecimals = 18
    return wish
}()

private let klines = text(
    "ts_ms,open,high,low,close,volume\n1583971200000,194.1,195,193.2,194.7,12.5\n"
        + "1583971260000,194.7,194.7,190,190.01,8")

/// The same kind of rows, by gzip.
private let packed = readAgain("a file of ours, packed") {
    try Hex.decode(
        "1f8b08000000000002ff2b298ecf2dd6c92f48cdd3c9c84ccfd0c9c92fd749cec92f4ed529cbcf29"
            + "cd4de53234b530b63437343200011d434b133d4320690ac4c67a4660beb98ea1919e295ca1195ca1"
            + "399c04f10df40c0c752cb8007821a54571000000", prefix: .forbidden)
}

private let mappings = [
    mapping(
        "prices", #""time": {"column": "ts_ms", "unit": "ms"}, "span": "60 s", "delay": "1 s""#,
        #""price": {"asset": "ETH", "kind": "market", "column": "close", "low": "low"}"#),
    mapping(
        "gas", #""time": {"column": "ts_ms", "unit": "ms"}"#,
        #""gas": {"column": "open", "unit": "gwei"}"#),
    mapping(
        "positions", #""time": {"at": "2020-03-09T00:00:00Z"}"#,
        #""position": {"account": "ts_ms", "scale": "0.5", "#
            + #""collateral": [{"column": "open", "asset": "ETH", "decimals": 18}], "#
            + #""debts": [{"column": "low", "asset": "USD", "decimals": 6, "times": "199.43"}]}"#),
]

private func mapping(_ rows: String, _ members: String...) -> [UInt8] {
    Array(([#"{"rows": "\#(rows)""#] + members).joined(separator: ", ").utf8) + Array("}".utf8)
}

private func text(_ lines: String) -> [UInt8] { Array((lines + "\n").utf8) }
