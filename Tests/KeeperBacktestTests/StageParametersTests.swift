import Foundation
import KeeperCodec
import Testing

/// The shipped stage says of some of its parameters where they are from. Here they are held
/// against that source: what Aave v3 told of its reserves on 2025-03-19, and the configuration that
/// Compound III's market of USDC was deployed with, both on Ethereum.
@Suite(.enabled(if: isThere("risk-params"), "no recorded data"))
struct StageParametersTests {
    private static let stage =
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "scenarios/history.json")

    private func json(_ url: URL, _ dialect: JSONDialect) throws -> JSONValue {
        try JSONValue.parse(Array(try Data(contentsOf: url)), dialect: dialect)
    }

    private func market(_ name: String) throws -> JSONValue {
        guard case .array(let markets) = try json(Self.stage, .withComments)["markets"] else {
            throw CocoaError(.fileReadCorruptFile)
        }
        return try #require(markets.first { $0["market"] == .string(name) })
    }

    private func entry(_ asset: String, of list: JSONValue?) throws -> JSONValue {
        guard case .array(let entries) = list else { throw CocoaError(.fileReadCorruptFile) }
        return try #require(entries.first { $0["asset"] == .string(asset) })
    }

    private func ppm(_ value: JSONValue?) throws -> UInt64 {
        try JSONReader(#require(value)).sharePpm()
    }

    @Test(arguments: [("ETH", "WETH", true), ("WBTC", "WBTC", true), ("USD", "USDC", false)])
    func `a reserve has the threshold and the bonus of Aave's`(
        asset: String, symbol: String, isCollateral: Bool
    ) throws {
        let path =
            sharedData + "/risk-params/aave-risk-csv/Aave_Protocol_Parameter_ethereum.csv"
        var table = try CSVReader(Array(try Data(contentsOf: URL(filePath: path))))
        let columns = try ["symbol", "reserveLiquidationThreshold", "reserveLiquidationBonus"]
            .map { try table.column($0) }
        var found: (threshold: UInt64, bonus: UInt64)?
        while let row = try table.next() {
            guard row.text(columns[0]) == symbol else { continue }
            found = (
                try row.integer(columns[1], as: UInt64.self),
                try row.integer(columns[2], as: UInt64.self)
            )
        }
        let aave = try #require(found)
        let ours = try entry(asset, of: try market("lend-main")["reserves"])
        #expect(try ppm(ours["bonus"]) == (aave.bonus - 10_000) * 100)
        #expect(try ppm(ours["threshold"]) == (isCollateral ? aave.threshold * 100 : 0))
    }

    @Test(arguments: [("ETH", "WETH"), ("WBTC", "WBTC")])
    func `the market of Compound has the factors of its deployment`(
        asset: String, symbol: String
    ) throws {
        let comet = try json(
            URL(filePath: sharedData + "/risk-params/compound-v3/mainnet_usdc.json"), .strict)
        func theirs(_ value: JSONValue?) throws -> UInt64 {
            try JSONReader(#require(value)).decimal(scale: 6, as: UInt64.self)
        }
        let market = try market("comet-usd")
        let ours = try entry(asset, of: market["collaterals"])
        let factors = try #require(comet["assets"]?[symbol])
        #expect(try ppm(ours["liquidateFactor"]) == theirs(factors["liquidateCF"]))
        #expect(try ppm(ours["liquidationFactor"]) == theirs(factors["liquidationFactor"]))
        #expect(
            try ppm(market["storefrontPriceFactor"]) == theirs(comet["storeFrontPriceFactor"]))
    }
}
