import KeeperCodec
package import KeeperModel
import WideMath

/// The domain of everything that was imported: no venue said it.
package enum HistoryDomain {
    package static let id = DomainID("history")
}

/// Times as files write them.
enum ImportedTime {
    static func read(
        _ row: CSVRow, _ column: Int, _ unit: TimeUnit
    ) throws(CSVError) -> Instant {
        let scale: Int64
        switch unit {
        case .seconds: scale = 1_000_000_000
        case .milliseconds: scale = 1_000_000
        case .microseconds: scale = 1_000
        case .utc: return try utc(row, column)
        case .date: return try date(row, column)
        }
        let count: Int64 = try row.integer(column)
        let product = count.multipliedReportingOverflow(by: scale)
        return Instant(nanoseconds: product.overflow ? .max : product.partialValue)
    }

    private static func date(_ row: CSVRow, _ column: Int) throws(CSVError) -> Instant {
        guard let instant = UTCText.instant(row.text(column) + "T00:00:00Z") else {
            throw CSVError(
                .notRepresentable(column: "time", as: "a date such as 2020-03-12"), line: row.line)
        }
        return instant
    }

    /// A fraction of zeros is common and says nothing; any other is refused.
    private static func utc(_ row: CSVRow, _ column: Int) throws(CSVError) -> Instant {
        let text = row.text(column)
        let whole = text.hasSuffix(".000Z") ? String(text.dropLast(5)) + "Z" : text
        guard let instant = UTCText.instant(whole) else {
            throw CSVError(
                .notRepresentable(column: "time", as: "a time such as 2020-03-12T00:10:00Z"),
                line: row.line)
        }
        return instant
    }
}

/// Amounts of tokens with more places than any token has, on their way to its smallest unit. Files
/// made by programs that count in floating point have such places.
enum FineAmount {
    static let places = 30

    /// Nil where it does not fit.
    static func tokens(
        _ fine: UInt256, of column: BalanceColumn, _ scalePpm: UInt64, _ rounding: Rounding
    ) -> UInt256? {
        let factor = column.timesPpb.multipliedReportingOverflow(by: UInt256(scalePpm))
        let exponent = places - Int(column.asset.decimals) + 15
        // At most 45, of the 77 digits that fit.
        guard !factor.overflow, let divisor = try? UInt256.powerOfTen(exponent) else { return nil }
        // The product may pass 256 bits; where the quotient does too, the caller refuses the row.
        return try? mulDiv(fine, factor.partialValue, dividingBy: divisor, rounding: rounding)
    }
}

extension UInt256 {
    func divided(byPowerOfTen exponent: Int, rounding: Rounding) -> UInt256 {
        precondition((0...76).contains(exponent), "A power of ten of 256 bits")
        var divisor = UInt256.one
        for _ in 0..<exponent { divisor = divisor * UInt256(10) }
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return rounding == .up && !remainder.isZero ? quotient + .one : quotient
    }
}

extension ImportLayout.Content {
    /// Every column that a row is read from, but for its time.
    var columnNames: [String] {
        switch self {
        case .prices(let prices):
            [prices.price] + [prices.low, prices.high, prices.open, prices.round].compactMap { $0 }
        case .gas(let gas): [gas.price]
        case .liquidations(let closes):
            [
                closes.account, closes.taken.asset, closes.taken.amount, closes.paid.asset,
                closes.paid.amount,
            ] + [closes.keeper].compactMap { $0 }
        case .positions(let positions):
            [positions.account] + (positions.collateral + positions.debts).map(\.column)
        case .snapshots(let snapshots):
            snapshots.numbers.flatMap { number in
                [
                    snapshots.bidPrice, snapshots.bidQuantity, snapshots.askPrice,
                    snapshots.askQuantity,
                ].map { SnapshotColumns.column($0, number) }
            }
        case .books: []
        }
    }
}
