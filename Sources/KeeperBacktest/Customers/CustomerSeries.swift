import KeeperCodec
package import KeeperModel
import WideMath

/// A daily series of positions as account-days: what state each account was in, and what its owner
/// did until the next day. Prices move balances' worth and never count as a move, and neither does
/// interest: a balance has to change by one part in a hundred at least.
package struct CustomerSeries {
    package static let leastMovePpm: UInt64 = 10_000
    private static let day = TimeSpan.seconds(86_400)

    private let columns: PositionColumns
    private let layout: ImportLayout
    private let prices: PriceTable
    private let skipsImpossible: Bool
    private let thresholds: [AssetID: UInt64]
    private let decimals: [AssetID: UInt8]
    private var rows: [AccountID: [Row]] = [:]
    package private(set) var report = ImportReport()

    private struct Row {
        let at: Instant
        let collateral: [ScaledBalance]
        let debts: [ScaledBalance]
    }

    package init(
        _ layout: ImportLayout, mapping: String, prices: PriceTable, skipsImpossible: Bool
    ) throws(ImportRefused) {
        guard case .positions(let columns) = layout.content, case .column = layout.time else {
            throw ImportRefused(
                file: mapping, "is no mapping of positions with a column of the time")
        }
        var thresholds: [AssetID: UInt64] = [:]
        for column in columns.collateral {
            guard let threshold = column.thresholdPpm, threshold > 0 else {
                throw ImportRefused(
                    file: mapping,
                    "the collateral '\(column.column)' needs a threshold such as \"80%\": the part "
                        + "of its worth that counts against debt")
            }
            let known = thresholds.updateValue(threshold, forKey: column.asset.asset)
            guard known == nil || known == threshold else {
                throw ImportRefused(
                    file: mapping, "two thresholds of \(column.asset.asset): it can have one")
            }
        }
        self.thresholds = thresholds
        decimals = Dictionary(
            (columns.collateral + columns.debts).map { ($0.asset.asset, $0.asset.decimals) }
        ) { first, _ in first }
        self.columns = columns
        self.layout = layout
        self.prices = prices
        self.skipsImpossible = skipsImpossible
    }

    // MARK: Intake

    package mutating func read(_ file: String) throws(ImportRefused) {
        var table = try TableStream(file: file, namesWithoutHeader: layout.namesWithoutHeader)
        let reader = try RowReader(layout, of: table, file: file)
        var rowCount: UInt64 = 0
        while let (row, line) = try table.next() {
            rowCount += 1
            do throws(CSVError) {
                let at = try reader.instant(row)
                switch try reader.holder(row, columns) {
                case .impossible(let problem):
                    guard skipsImpossible else {
                        throw CSVError(
                            .notRepresentable(
                                column: problem,
                                as: "a balance; --skip-impossible leaves such rows out and counts "
                                    + "them"), line: row.line)
                    }
                    report.note("impossible rows left out", at: "\(file), line \(line): \(problem)")
                case .holder(let holder):
                    rows[holder.account, default: []].append(
                        Row(at: at, collateral: holder.collateral, debts: holder.debts))
                    report.keep(at)
                }
            } catch {
                throw ImportRefused(file: file, line: line, "\(error.problem)")
            }
        }
        report.files.append(
            ImportReport.File(
                name: String(file.split(separator: "/").last ?? ""), sha256: table.sha256,
                rowCount: rowCount))
    }

    // MARK: Days

    package struct Days {
        package let halves: CustomerHalves
        package let firstDay: Instant
        package let lastDay: Instant
        package let report: ImportReport
    }

    /// All account-days on which something was owed and everything had a price, in halves of users.
    package func days(seed: UInt64) throws(CustomerRefused) -> Days {
        var users: [(account: AccountID, days: [CustomerDay])] = []
        var report = report
        var (first, last): (Instant?, Instant?)
        for account in rows.keys.sorted() {
            let series = (rows[account] ?? []).sorted { $0.at < $1.at }
            if let twice = zip(series, series.dropFirst()).first(where: { $0.at == $1.at }) {
                throw CustomerRefused(
                    "\(account) is there twice at \(UTCText.text(twice.0.at)): a series has one "
                        + "row for each account and day")
            }
            let days = days(of: series, account, &report)
            users.append((account, days))
            guard !days.isEmpty, let begin = series.first?.at, let end = series.last?.at else {
                continue
            }
            first = min(first ?? begin, begin)
            last = max(last ?? end, end)
        }
        guard let first, let last else {
            throw CustomerRefused("no account owes anything on two days that have prices")
        }
        let halves = CustomerHalves(users, seed: seed)
        return Days(halves: halves, firstDay: first, lastDay: last, report: report)
    }

    private func days(
        of series: [Row], _ account: AccountID, _ report: inout ImportReport
    ) -> [CustomerDay] {
        guard var lastMoveAt = series.first?.at else { return [] }
        var days: [CustomerDay] = []
        for (before, after) in zip(series, series.dropFirst()) where !before.debts.isEmpty {
            let place = "\(account), \(UTCText.text(before.at))"
            guard after.at - before.at == Self.day else {
                report.note("days left out, because the next is missing", at: place)
                continue
            }
            guard let worth = Worth(before, after, self) else {
                report.note("days left out, because something had no price", at: place)
                continue
            }
            let move = worth.move(to: after.debts)
            let quiet = (before.at - lastMoveAt).nanoseconds / Self.day.nanoseconds
            if move != nil { lastMoveAt = after.at }
            // Whoever stands below their line for a day has more than this file says.
            guard worth.healthPpm >= 1_000_000 else {
                report.note("days left out, because health was below 1", at: place)
                continue
            }
            days.append(
                CustomerDay(
                    healthPpm: worth.healthPpm, quietDays: UInt64(quiet), move: move?.move,
                    sizePpm: move?.sizePpm ?? 0))
        }
        return days
    }

    /// Two days beside each other, at the prices of the first.
    private struct Worth {
        let healthPpm: UInt64
        private let held: UInt256
        private let owed: UInt256
        private let changes: [(move: CustomerMove, worth: UInt256)]

        /// Nil where something has no price, or does not fit.
        init?(_ before: Row, _ after: Row, _ series: CustomerSeries) {
            var weighted = UInt256.zero
            var (held, owed) = (UInt256.zero, UInt256.zero)
            for balance in before.collateral {
                guard let worth = series.worth(balance, at: before.at, rounding: .down),
                    let threshold = series.thresholds[balance.asset]
                else { return nil }
                held = held.saturatingAdd(worth)
                weighted = weighted.saturatingAdd(
                    worth.saturatingMultiply(UInt64(threshold)) / 1_000_000)
            }
            for balance in before.debts {
                guard let worth = series.worth(balance, at: before.at, rounding: .up) else {
                    return nil
                }
                owed = owed.saturatingAdd(worth)
            }
            guard !owed.isZero,
                // More than fits is as healthy as can be.
                let health = try? mulDiv(weighted, 1_000_000, dividingBy: owed, rounding: .down),
                let put = series.change(from: before.collateral, to: after.collateral, before.at),
                let lent = series.change(from: before.debts, to: after.debts, before.at)
            else { return nil }
            healthPpm = health.asUInt64 ?? .max
            (self.held, self.owed) = (held, owed)
            changes = [
                (.topUp, put.more), (.withdraw, put.less), (.borrow, lent.more),
                (.repay, lent.less),
            ]
        }

        /// The largest of what was done; whoever owes nothing afterwards has left.
        func move(to debts: [ScaledBalance]) -> (move: CustomerMove, sizePpm: UInt64)? {
            if debts.isEmpty { return (.leave, 1_000_000) }
            var best: (move: CustomerMove, worth: UInt256, sizePpm: UInt64)?
            for (move, worth) in changes {
                let whole = move == .borrow || move == .repay ? owed : held
                guard !worth.isZero, worth > best?.worth ?? .zero,
                    // More than fits, or of nothing, is the whole.
                    let size = whole.isZero
                        ? 1_000_000
                        : try? mulDiv(worth, 1_000_000, dividingBy: whole, rounding: .down)
                else { continue }
                let sizePpm = min(size, 1_000_000).asUInt64 ?? 1_000_000
                guard sizePpm >= CustomerSeries.leastMovePpm else { continue }
                best = (move, worth, sizePpm)
            }
            return best.map { ($0.move, $0.sizePpm) }
        }
    }

    /// What came and what went of everything, at the prices of an instant.
    private func change(
        from old: [ScaledBalance], to new: [ScaledBalance], _ at: Instant
    ) -> (more: UInt256, less: UInt256)? {
        var (more, less) = (UInt256.zero, UInt256.zero)
        for asset in Set((old + new).map(\.asset)).sorted() {
            func amount(_ balances: [ScaledBalance]) -> UInt256 {
                balances.first { $0.asset == asset }?.scaledAmount ?? .zero
            }
            let (was, now) = (amount(old), amount(new))
            let step = ScaledBalance(
                asset: asset, scaledAmount: now > was ? now - was : was - now)
            guard let worth = worth(step, at: at, rounding: .down) else { return nil }
            if now > was {
                more = more.saturatingAdd(worth)
            } else {
                less = less.saturatingAdd(worth)
            }
        }
        return (more, less)
    }

    /// In 10^-18 of the quote; nil where nobody knows.
    private func worth(
        _ balance: ScaledBalance, at instant: Instant, rounding: Rounding
    ) -> UInt256? {
        guard let price = prices.price(of: balance.asset, at: instant),
            let decimals = decimals[balance.asset],
            // A unit of at most 18 digits, of the 77 that fit.
            let unit = try? UInt256.powerOfTen(Int(decimals))
        else { return nil }
        // What is worth more than fits is nobody's.
        return try? mulDiv(balance.scaledAmount, price, dividingBy: unit, rounding: rounding)
    }
}
