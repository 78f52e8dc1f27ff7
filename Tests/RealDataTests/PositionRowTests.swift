import KeeperCodec
import KeeperModel
import LiquidationRules
import Testing
import WideMath

/// Every row of the folder of positions, each in one place: reproduced, or left out for a cause
/// that is named and counted. `HealthOnChainTests` has the arithmetic of the 2,343 rows.
@Suite(.enabled(if: isThere("positions"), "no recorded data"))
struct PositionRowTests {
    private static let folder = "positions"

    @Test func `every row of the folder is in exactly one place`() throws {
        var tally = Tally()
        var fileCount = 0
        for path in try sharedFiles(Self.folder) where path.hasSuffix(".gz") {
            fileCount += 1
            try Self.count(path, &tally)
        }
        print("rows of positions: \(tally)")
        #expect(fileCount == 21)
        let expected = [
            ("health reproduced from totals and threshold", 2_343),
            ("history, health reproduced to its two decimals", 392),
            ("history, debt without collateral: health reproduced as 0", 5),
            ("history, several collaterals at prices of another hour", 242),
            ("history, totals and legs of different moments", 1),
            ("running sums of flows, no balances", 9_932),
            ("reserve by the minute, unchanged", 6_372),
            ("reserve by the minute, grown as computed", 2_782),
            ("reserve by the minute, several updates in between", 2_358),
            ("reserve by the minute, first of its day", 8),
            ("crvUSD users, whose rules are not ours", 512),
            ("crvUSD bands, whose rules are not ours", 3_183),
        ]
        for (cause, count) in expected { #expect(tally[cause] == count, "\(cause)") }
        #expect(tally.total == expected.reduce(0) { $0 + $1.1 })
    }

    private static func count(_ path: String, _ tally: inout Tally) throws {
        switch path.split(separator: "/")[1] {
        case "aave-steth-2023-06":
            try eachRow(path) { _ in tally.count("health reproduced from totals and threshold") }
        case "aave-v2-50-users-daily.csv.gz":
            // The page of the data says so: 949 cells are negative.
            try eachRow(path) { _ in tally.count("running sums of flows, no balances") }
        case "aave-v2-user-timeseries": try countHistory(path, &tally)
        case "aave-v3-polygon-minute-indices": try countIndices(path, &tally)
        case "crvusd-2024-01-30":
            var object = try sharedJSON(path).object()
            for (list, name) in [("userStates", "users"), ("bands", "bands")] {
                for _ in try object.required(list).array() {
                    tally.count("crvUSD \(name), whose rules are not ours")
                }
            }
        default: tally.count("unknown: \(path)")
        }
    }

    private static func eachRow(_ path: String, _ body: (CSVRow) throws -> Void) throws {
        var table = try sharedTable(path)
        while let row = try table.next() { try body(row) }
    }

    // MARK: Accounts over time

    /// What Aave v2 weighed each collateral with while these accounts were open, in basis points:
    /// USDC was raised between the accounts of 2021 and the one of 2022.
    private static func thresholdBps(_ asset: String, blockNumber: UInt64) -> UInt64? {
        switch asset {
        case "WETH": 8_250
        case "DAI": 8_000
        case "LINK": 7_500
        case "USDC": blockNumber > 14_000_000 ? 8_800 : 8_500
        default: nil
        }
    }

    private static func countHistory(_ path: String, _ tally: inout Tally) throws {
        var table = try sharedTable(path)
        let block = try table.column("block")
        let totals = try [table.column("totalCollateral"), table.column("totalDebt")]
        let health = try table.column("healthFactor")
        let legs = table.columns.enumerated().filter { $0.element.hasSuffix("_collateral") }
        while let row = try table.next() {
            let held = try legs.filter { try !row.scaled(18, $0.offset).isZero }
            let collateral = try row.scaled(0, totals[0])
            let position = AavePosition.whole(
                collateral: collateral, debt: try row.scaled(0, totals[1]),
                thresholdBps: held.count == 1
                    ? thresholdBps(
                        String(held[0].element.dropLast("_collateral".count)),
                        blockNumber: try row.scaled(0, block).asUInt64 ?? 0) ?? 0 : 0)
            let computed = try position.accountData(.v3_0).healthFactorWad
            let cause = cause(collateral: collateral, heldCount: held.count)
            tally.count(cause.name)
            guard cause.isReproduced else { continue }
            let told = try row.scaled(18, health)
            let distance = computed > told ? computed - told : told - computed
            // Half of the last decimal, and a thousandth of it for the binary fractions.
            #expect(distance <= 5_005_000_000_000_000, "\(path), line \(row.line): \(computed)")
        }
    }

    private static func cause(
        collateral: UInt256, heldCount: Int
    ) -> (name: String, isReproduced: Bool) {
        if collateral.isZero {
            return ("history, debt without collateral: health reproduced as 0", true)
        }
        switch heldCount {
        case 0: return ("history, totals and legs of different moments", false)
        case 1: return ("history, health reproduced to its two decimals", true)
        default: return ("history, several collaterals at prices of another hour", false)
        }
    }

    // MARK: Reserves over time

    private struct Indexes: Equatable {
        let debtRay: UInt256
        let incomeRay: UInt256
    }

    private struct Rates {
        let borrowRay: UInt256
        let supplyRay: UInt256
    }

    /// How many seconds lie between two updates the table does not say, so it is asked which number
    /// gives the debt index to all 27 places, and the income index must follow from the same.
    private static func countIndices(_ path: String, _ tally: inout Tally) throws {
        var table = try sharedTable(path)
        let columns = try [
            "variable_borrow_index", "liquidity_index", "variable_borrow_rate", "liquidity_rate",
        ].map { try table.column($0) }
        var previous: (Indexes, Rates)?
        while let row = try table.next() {
            let rays = try columns.map { try row.scaled(27, $0) }
            let now = Indexes(debtRay: rays[0], incomeRay: rays[1])
            let cause = try previous.map { try growth(from: $0.0, $0.1, to: now) }
            tally.count("reserve by the minute, \(cause ?? "first of its day")")
            previous = (now, Rates(borrowRay: rays[2], supplyRay: rays[3]))
        }
    }

    private static let elapsedSecondsMax: UInt64 = 86_400

    private static func growth(
        from old: Indexes, _ rates: Rates, to new: Indexes
    ) throws -> String {
        if old == new { return "unchanged" }
        #expect(new.debtRay >= old.debtRay && new.incomeRay >= old.incomeRay)
        var (low, high) = (UInt64(1), elapsedSecondsMax)
        while low < high {
            let middle = (low + high) / 2
            if try grown(old, rates, middle).debtRay < new.debtRay {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return try grown(old, rates, low) == new
            ? "grown as computed" : "several updates in between"
    }

    private static func grown(
        _ old: Indexes, _ rates: Rates, _ elapsedSeconds: UInt64
    ) throws -> Indexes {
        Indexes(
            debtRay: try aaveNormalizedDebt(
                indexRay: old.debtRay, rateRay: rates.borrowRay, elapsedSeconds: elapsedSeconds,
                compounding: .binomial),
            incomeRay: try aaveNormalizedIncome(
                indexRay: old.incomeRay, rateRay: rates.supplyRay,
                elapsedSeconds: elapsedSeconds))
    }
}

extension CSVRow {
    /// Binary fractions written out have more places than they are worth; those behind are cut.
    fileprivate func scaled(_ places: Int, _ column: Int) throws -> UInt256 {
        try decimal(column, scale: places + 24, as: UInt256.self) / UInt256.powerOfTen(24)
    }
}

extension AavePosition {
    /// An account of which only the sums are known, in ether with 18 places.
    fileprivate static func whole(
        collateral: UInt256, debt: UInt256, thresholdBps: UInt64
    ) -> AavePosition {
        let reserve = AaveReserve(
            terms: ReserveTerms(
                asset: AssetID("all"), decimals: 18, liquidationThresholdBps: thresholdBps,
                liquidationBonusBps: 10_500, protocolFeeBps: 0),
            liquidityIndexRay: ray, variableBorrowIndexRay: ray, price: wad)
        return AavePosition(
            collateral: [AaveHolding(reserve: reserve, scaledAmount: collateral)],
            debts: [AaveHolding(reserve: reserve, scaledAmount: debt)])
    }
}
