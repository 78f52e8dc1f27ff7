import KeeperCodec
import RoadKit

/// A venue of many borrowers where every height takes about one of them over the line, however
/// many there are: the price of what they hold falls by 2 bps a height, and nothing else moves.
struct DaemonScenario {
    let accountCount: Int
    var heightMilliseconds = 250

    /// Several markets where there are many accounts, each with more than one reply holds.
    private static let accountsPerMarketMax = 250_000
    private static let heightCount: UInt64 = 20_000

    var marketCount: Int {
        max(1, (accountCount + Self.accountsPerMarketMax - 1) / Self.accountsPerMarketMax)
    }

    func text() throws -> String {
        var scenario = try ChangedFile("scenarios/drill.json")
        try scenario.set(["scenario"], .string("daemon"))
        try scenario.set(["height"], .string("\(heightMilliseconds) ms"))
        try scenario.set(["heights"], .count(Self.heightCount))
        for asset in ["0", "1"] { try scenario.set(["assets", asset, "noise"], .string("0 bps")) }
        try scenario.set(["assets", "0", "path"], fall)
        try scenario.set(
            ["assets", "1", "path"], #"[{"height": 0, "price": "5 USD"}]"#)
        let market = try scenario.value(at: ["markets", "0"])
        let markets = (0..<marketCount).map { number in
            market.replacing(["market"], with: .string("lend-\(number)"))
                .replacing(["accounts"], with: .count(UInt64(accountCount / marketCount)))
                .replacing(["health"], with: health)
        }
        try scenario.set(["markets"], .array(markets))
        return scenario.text
    }

    /// From just above the line to so far that 2 bps are one account.
    private var health: JSONValue {
        let last = 1_000_500 + UInt64(accountCount) * 200
        return .array([.decimal(ppm: 1_000_500), .decimal(ppm: max(last, 1_200_000))])
    }

    /// While the keeper reads everybody nobody crosses: it would start behind a crowd.
    private var quietHeights: UInt64 { 20 + UInt64(accountCount) / 2_000 }

    /// By the clock: how long it may take at most until the first of them crosses.
    var quietSeconds: Int { Int(quietHeights) * heightMilliseconds / 1_000 }

    /// 2 bps a height, drawn as a line from each hundredth height to the next.
    private var fall: JSONValue {
        var units: Double = 2_500_000_000
        var points = [
            JSONValue.object([
                JSONMember("height", .count(0)),
                JSONMember("price", .string(Self.dollars(UInt64(units)))),
            ])
        ]
        for height in stride(from: quietHeights, through: Self.heightCount, by: 100) {
            points.append(
                .object([
                    JSONMember("height", .count(height)),
                    JSONMember("price", .string(Self.dollars(UInt64(units)))),
                ]))
            for _ in 0..<100 { units *= 0.9998 }
        }
        return .array(points)
    }

    private static func dollars(_ units: UInt64) -> String {
        let rest = String(units % 1_000_000)
        return "\(units / 1_000_000)." + String(repeating: "0", count: 6 - rest.count) + rest
            + " USD"
    }
}

extension JSONValue {
    fileprivate static func decimal(ppm: UInt64) -> JSONValue {
        let rest = String(ppm % 1_000_000)
        let text = "\(ppm / 1_000_000)." + String(repeating: "0", count: 6 - rest.count) + rest
        guard let number = JSONNumber(checking: text) else {
            preconditionFailure("Digits with a point between them are a number")
        }
        return .number(number)
    }
}
