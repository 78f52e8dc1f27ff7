import KeeperCodec
import KeeperModel
import LiquidationRules
import Testing
import WideMath

/// Borrowers of Aave v2 in June 2023 with the health factor that the chain gave. The source kept
/// every figure as a binary floating point number, so nothing can agree beyond 1e-15, and some
/// figures of one row were read at different blocks.
@Suite(.enabled(if: isThere("positions/aave-steth-2023-06"), "no recorded data"))
struct HealthOnChainTests {
    /// Two figures agree where they differ by no more than so many 1e-12ths.
    private static func agree(_ a: UInt256, _ b: UInt256, ppt: UInt64) throws -> Bool {
        let distance = a > b ? a - b : b - a
        return try distance.checkedMultiply(UInt256(1_000_000_000_000))
            <= b.checkedMultiply(UInt256(ppt))
    }

    private static func table(_ name: String) throws -> CSVReader {
        try sharedTable("positions/aave-steth-2023-06/\(name).csv.gz")
    }

    @Test(arguments: [("steth_aave", 1_309), ("b1", 271), ("b2", 700), ("b3", 63)])
    func `totals and threshold give the health factor of the chain`(
        name: String, rowCount: Int
    ) throws {
        var table = try Self.table(name)
        let columns = try BorrowerColumns(table)
        var count = 0
        while let row = try table.next() {
            let borrower = try BorrowerRow(row, columns)
            let health = try borrower.totals.accountData(.v3_0).healthFactorWad
            #expect(
                try Self.agree(health, borrower.healthWad, ppt: 1),
                "\(name), line \(row.line): \(health), on chain \(borrower.healthWad)")
            count += 1
        }
        #expect(count == rowCount)
    }

    /// The legs hold what the source looked at: stETH, ether, stablecoins and WBTC. Where they add
    /// up to the totals, average threshold and health follow from them alone.
    @Test func `legs that add up to the totals give the health factor of the chain`() throws {
        var tally = Tally()
        for name in ["b1", "b2", "b3"] {
            var table = try Self.table(name)
            let columns = try BorrowerColumns(table)
            while let row = try table.next() {
                let borrower = try BorrowerRow(row, columns)
                let data = try borrower.legs.accountData(.v3_0)
                tally.count(try Self.verdict(on: data, borrower, "\(name), line \(row.line)"))
            }
        }
        print("health from legs: \(tally)")
        #expect(tally.total == 1_034)
        #expect(tally["equal to 1e-12"] == 192)
        #expect(tally["equal to 1e-6, debts read some blocks apart"] >= 350)
    }

    private static func verdict(
        on data: AaveAccountData, _ borrower: BorrowerRow, _ place: String
    ) throws -> String {
        func totalsAgree(ppt: UInt64) throws -> (collateral: Bool, debt: Bool) {
            (
                try agree(data.totalCollateralBase, borrower.collateralWad, ppt: ppt),
                try agree(data.totalDebtBase, borrower.debtWad, ppt: ppt)
            )
        }
        let exact = try totalsAgree(ppt: 1)
        let near = try totalsAgree(ppt: 1_000_000)
        guard near.debt else {
            return near.collateral ? "with debts outside the legs" : "with both sides outside them"
        }
        guard near.collateral else { return "with collateral outside the legs" }
        guard data.averageThresholdBps == UInt256(borrower.thresholdBps) else {
            return "with a threshold of one basis point beside"
        }
        // Two sums that are off by a part each put the quotient off by both parts.
        let ppt: UInt64 = exact.collateral && exact.debt ? 3 : 2_000_001
        #expect(
            try agree(data.healthFactorWad, borrower.healthWad, ppt: ppt),
            "\(place): \(data.healthFactorWad), on chain \(borrower.healthWad)")
        if exact.collateral && exact.debt { return "equal to 1e-12" }
        return exact.collateral
            ? "equal to 1e-6, debts read some blocks apart" : "equal to 1e-6, both sides apart"
    }
}

/// Where the columns of a table of borrowers are.
private struct BorrowerColumns {
    struct Asset {
        let name: String
        let price: Int
        let decimals: Int
        let threshold: Int
        let debt: Int
        /// Nil where the source followed no collateral in it.
        let collateral: Int?
    }

    let collateral: Int
    let debt: Int
    let threshold: Int
    let health: Int
    let stakedEtherWorth: Int
    let etherDebt: Int
    let etherCollateral: Int?
    let assets: [Asset]

    init(_ table: CSVReader) throws {
        collateral = try table.column("collateral")
        debt = try table.column("debt")
        threshold = try table.column("threshold")
        health = try table.column("healthf")
        stakedEtherWorth = try table.column("collateral_steth_calc")
        etherDebt = try table.column("ethdebt")
        etherCollateral = table.columns.firstIndex(of: "weth_collateral")
        assets = try table.columns.filter { $0.hasSuffix("_price") }.map { column in
            let name = String(column.dropLast("_price".count))
            return Asset(
                name: name, price: try table.column(column),
                decimals: try table.column(name + "_decimals"),
                threshold: try table.column(name + "_threshold"), debt: try table.column(name),
                collateral: table.columns.firstIndex(of: name + "_collateral"))
        }
    }
}

/// One borrower, with ether as the base currency in 18 places.
private struct BorrowerRow {
    let collateralWad: UInt256
    let debtWad: UInt256
    let thresholdBps: UInt64
    let healthWad: UInt256
    let legs: AavePosition

    /// What the market had for stETH and ether at that time.
    private static let stakedEtherThresholdBps: UInt64 = 8_300
    private static let etherThresholdBps: UInt64 = 8_600

    init(_ row: CSVRow, _ columns: BorrowerColumns) throws {
        collateralWad = try row.wad(columns.collateral)
        debtWad = try row.wad(columns.debt)
        thresholdBps = try row.integer(columns.threshold)
        healthWad = try row.wad(columns.health)
        var collateral = [
            Self.holding(
                "stETH", Self.stakedEtherThresholdBps, try row.wad(columns.stakedEtherWorth))
        ]
        var debts = [
            Self.holding("WETH", Self.etherThresholdBps, try row.wad(columns.etherDebt))
        ]
        if let ether = columns.etherCollateral {
            collateral.append(
                Self.holding("WETH", Self.etherThresholdBps, try row.decimal(ether, scale: 0)))
        }
        for asset in columns.assets {
            let reserve = try Self.reserve(row, asset)
            debts.append(
                AaveHolding(
                    reserve: reserve, scaledAmount: try row.decimal(asset.debt, scale: 0)))
            guard let column = asset.collateral else { continue }
            collateral.append(
                AaveHolding(reserve: reserve, scaledAmount: try row.decimal(column, scale: 0)))
        }
        legs = AavePosition(collateral: collateral, debts: debts)
    }

    /// The whole account as one leg on each side.
    var totals: AavePosition {
        AavePosition(
            collateral: [Self.holding("all", thresholdBps, collateralWad)],
            debts: [Self.holding("all", thresholdBps, debtWad)])
    }

    private static func holding(
        _ name: String, _ thresholdBps: UInt64, _ amount: UInt256
    ) -> AaveHolding {
        AaveHolding(
            reserve: reserve(name, decimals: 18, thresholdBps: thresholdBps, price: wad),
            scaledAmount: amount)
    }

    private static func reserve(
        _ row: CSVRow, _ asset: BorrowerColumns.Asset
    ) throws -> AaveReserve {
        reserve(
            asset.name, decimals: try row.integer(asset.decimals),
            thresholdBps: try row.decimal(asset.threshold, scale: 4),
            price: try row.integer(asset.price))
    }

    private static func reserve(
        _ name: String, decimals: UInt8, thresholdBps: UInt64, price: UInt256
    ) -> AaveReserve {
        AaveReserve(
            terms: ReserveTerms(
                asset: AssetID(name), decimals: decimals, liquidationThresholdBps: thresholdBps,
                liquidationBonusBps: 10_500, protocolFeeBps: 0),
            liquidityIndexRay: ray, variableBorrowIndexRay: ray, price: price)
    }
}

extension CSVRow {
    /// A binary fraction written out may have more than eighteen places; those behind are cut.
    fileprivate func wad(_ column: Int) throws -> UInt256 {
        try decimal(column, scale: 40, as: UInt256.self) / UInt256.powerOfTen(22)
    }
}
