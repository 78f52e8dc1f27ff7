import KeeperCodec
import Testing
import WideMath

/// Liquidations of Aave v2 from December 2020 to July 2021: what was seized over what was repaid
/// must be the bonus that the asset had. Prices are those that the source stored, some of them
/// minutes away from the liquidation.
@Suite(
    .enabled(if: isThere("liquidations/aave_v2_liquidations.csv.gz"), "no recorded data"))
struct BonusOnChainTests {
    /// Of 2021, in basis points with the whole.
    private static let bonuses: [String: UInt64] = [
        "WETH": 10_500, "USDC": 10_500, "DAI": 10_500, "TUSD": 10_500, "WBTC": 11_000,
        "LINK": 11_000, "UNI": 11_000, "AAVE": 11_000, "MKR": 11_000, "SNX": 11_000,
        "REN": 11_000, "MANA": 11_000, "BAT": 11_000, "BAL": 11_000, "YFI": 11_500,
        "CRV": 11_500,
    ]
    /// The source's prices of these are wrong, as are those of all tokens of the AMM pool.
    private static let wronglyPriced: Set<String> = ["ENJ", "XSUSHI", "ZRX", "KNC"]
    private static let toleranceBps: UInt64 = 10

    @Test func `more than nine of ten liquidations paid the bonus of their collateral`() throws {
        var table = try sharedTable("liquidations/aave_v2_liquidations.csv.gz")
        let columns = try LiquidationColumns(table)
        var tally = Tally()
        while let row = try table.next() {
            tally.count(try Self.cause(of: LiquidationRow(row, columns)))
        }
        print("seized over repaid: \(tally)")
        let apart = tally["with a wrong price"] + tally["in the AMM pool"]
        let known = tally.total - apart - tally["without a price"]
        #expect(tally.total == 6_063 && apart == 340)
        #expect(tally["explained by the bonus"] * 100 >= known * 93)
        #expect(tally["of an asset without a known bonus"] == 0)
    }

    private static func cause(of row: LiquidationRow) throws -> String {
        let symbols = [row.collateral.symbol, row.debt.symbol]
        if symbols.contains(where: { $0.hasPrefix("Amm") }) { return "in the AMM pool" }
        if symbols.contains(where: wronglyPriced.contains) { return "with a wrong price" }
        guard let seized = try row.collateral.worth(), let repaid = try row.debt.worth(),
            !repaid.isZero
        else { return "without a price" }
        guard let bonus = bonuses[row.collateral.symbol] else {
            return "of an asset without a known bonus"
        }
        // In ten thousandths of a basis point, so that the tolerance is not rounded away.
        let ratio = try mulDiv(seized, 100_000_000, dividingBy: repaid, rounding: .down)
        return cause(ratio, bonus: UInt256(bonus * 10_000), debt: row.debt.symbol)
    }

    private static func cause(_ ratio: UInt256, bonus: UInt256, debt: String) -> String {
        let distance = ratio > bonus ? ratio - bonus : bonus - ratio
        if distance <= UInt256(toleranceBps * 10_000) { return "explained by the bonus" }
        if debt == "GUSD" { return "repaid in GUSD" }
        if distance <= UInt256(500 * 10_000) { return "off by up to 5 % in price" }
        return ratio < bonus ? "seized for less than 95 % of it" : "seized for more than 105 %"
    }
}

private struct LiquidationColumns {
    struct Side {
        let symbol: Int
        let amount: Int
        let price: Int

        init(_ table: CSVReader, _ name: String) throws {
            symbol = try table.column(name + "_asset")
            amount = try table.column(name + "_amount")
            price = try table.column(name + "_price_eth")
        }
    }

    let collateral: Side
    let debt: Side

    init(_ table: CSVReader) throws {
        collateral = try Side(table, "collateral")
        debt = try Side(table, "debt")
    }
}

private struct LiquidationRow {
    struct Side {
        let symbol: String
        private let amountWad: UInt256
        /// In ether, with 27 places; nil where the source has none.
        private let priceRay: UInt256?

        init(_ row: CSVRow, _ columns: LiquidationColumns.Side) throws {
            symbol = row.text(columns.symbol)
            amountWad = try row.decimal(columns.amount, scale: 18)
            if row.isEmpty(columns.price) {
                // Ether has no price in itself but one.
                priceRay = symbol == "WETH" ? ray : nil
            } else {
                priceRay = try row.decimal(columns.price, scale: 27)
            }
        }

        /// In ether, with 45 places.
        func worth() throws -> UInt256? {
            try priceRay.map { try $0.checkedMultiply(amountWad) }
        }
    }

    let collateral: Side
    let debt: Side

    init(_ row: CSVRow, _ columns: LiquidationColumns) throws {
        collateral = try Side(row, columns.collateral)
        debt = try Side(row, columns.debt)
    }
}
