import KeeperCodec
import KeeperModel
import WideMath

/// A row as it goes into a recording.
struct ImportedRow: Hashable {
    enum Content: Hashable {
        case event(EventBody)
        /// One of a set, which goes in as pages.
        case account(MarketID, AccountState)
    }

    /// When what the row says was so.
    let eventAt: Instant
    let availableAt: Instant
    let content: Content
}

/// What one row of a table turned out to be.
enum RowReading {
    case row(ImportedRow)
    /// Cannot have happened: a price of nothing, a low above its high.
    case impossible(String)
    /// About something that nobody asked for.
    case leftOut(String)
}

/// Rows of one table into events. Decimals become integers exactly, or are refused.
struct RowReader {
    private let layout: ImportLayout
    private let file: String
    private let columns: [String: Int]
    private let timeColumn: (index: Int, unit: TimeUnit)?
    private var count: UInt64 = 0
    private var lastRound: UInt64 = 0

    init(_ layout: ImportLayout, of table: TableStream, file: String) throws(ImportRefused) {
        self.layout = layout
        self.file = file
        var columns: [String: Int] = [:]
        for name in layout.content.columnNames { columns[name] = try table.column(name) }
        self.columns = columns
        switch layout.time {
        case .fixed, .message: timeColumn = nil
        case .column(let names, let unit):
            let name = names.first { table.columns.contains($0) } ?? names[0]
            timeColumn = (try table.column(name), unit)
        }
    }

    mutating func read(_ row: CSVRow, line: Int) throws(ImportRefused) -> RowReading {
        do throws(CSVError) {
            let startedAt = try instant(row)
            let endedAt = startedAt + layout.span
            let content: ImportedRow.Content
            switch layout.content {
            case .prices(let prices):
                if let problem = try doubt(row, prices) { return .impossible(problem) }
                content = .event(try price(row, prices, at: endedAt))
            case .gas(let gas):
                guard let news = try self.gas(row, gas) else {
                    return .impossible("a gas price of nothing")
                }
                content = .event(.chainReported(news))
            case .liquidations(let liquidations):
                switch try close(row, liquidations) {
                case .success(let close): content = .event(.closesObserved([close]))
                case .failure(let reason): return .leftOut(reason.text)
                }
            case .positions(let positions):
                switch try holder(row, positions) {
                case .impossible(let problem): return .impossible(problem)
                case .holder(let holder):
                    guard !holder.debts.isEmpty else { return .leftOut("who owe nothing") }
                    content = .account(positions.market, holder.state)
                }
            case .snapshots(let snapshots):
                switch try book(row, snapshots) {
                case .failure(let doubt): return .impossible(doubt.text)
                case .success(let book): content = .event(.depthPublished([book]))
                }
            case .books:
                preconditionFailure("Messages are no table; BookReader reads them")
            }
            return .row(
                ImportedRow(
                    eventAt: endedAt, availableAt: endedAt + layout.delay, content: content))
        } catch {
            throw ImportRefused(file: file, line: line, "\(error.problem)")
        }
    }

    private struct Reason: Error {
        let text: String
    }

    func index(_ name: String) -> Int {
        guard let index = columns[name] else {
            preconditionFailure("Columns of the layout were looked up when the table was opened")
        }
        return index
    }

    // MARK: Time

    /// From 2009, when there was first something to record, to 2100: a count in another unit than
    /// the layout says never falls between.
    static let plausible =
        Instant(milliseconds: 1_230_768_000_000)...Instant(milliseconds: 4_102_444_800_000)

    func instant(_ row: CSVRow) throws(CSVError) -> Instant {
        guard let timeColumn else {
            guard case .fixed(let instant) = layout.time else {
                preconditionFailure("A time is a column or fixed")
            }
            return instant
        }
        let instant = try ImportedTime.read(row, timeColumn.index, timeColumn.unit)
        guard Self.plausible.contains(instant) else {
            throw CSVError(
                .notRepresentable(
                    column: "time", as: "a time from 2009 to 2100 in \(timeColumn.unit.rawValue)"),
                line: row.line)
        }
        return instant
    }

    // MARK: Prices and gas

    private func doubt(_ row: CSVRow, _ prices: PriceColumns) throws(CSVError) -> String? {
        func value(_ name: String?) throws(CSVError) -> UInt256? {
            guard let name else { return nil }
            return try row.decimal(index(name), scale: prices.decimals)
        }
        guard let price = try value(prices.price), !price.isZero else { return "a price of 0" }
        let others = [price, try value(prices.open)].compactMap { $0 }
        if let low = try value(prices.low), others.contains(where: { $0 < low }) {
            return "a low of \(row.text(index(prices.low ?? ""))) above what it is the low of"
        }
        if let high = try value(prices.high), others.contains(where: { $0 > high }) {
            return "a high of \(row.text(index(prices.high ?? ""))) below what it is the high of"
        }
        return nil
    }

    private mutating func price(
        _ row: CSVRow, _ prices: PriceColumns, at endedAt: Instant
    ) throws(CSVError) -> EventBody {
        count += 1
        var round = count
        if let name = prices.round {
            round = try row.integer(index(name), as: UInt64.self)
            guard round > lastRound else {
                throw CSVError(
                    .notRepresentable(column: name, as: "a number above \(lastRound)"),
                    line: row.line)
            }
            lastRound = round
        }
        return .pricesPublished([
            PriceUpdate(
                asset: prices.asset, kind: prices.kind,
                price: try row.decimal(index(prices.price), scale: prices.decimals),
                round: round, sourceAt: endedAt)
        ])
    }

    /// Averages have fractions of a wei; a keeper that pays pays the whole of it.
    private func gas(_ row: CSVRow, _ gas: GasColumns) throws(CSVError) -> ChainNews? {
        let places = 18
        let fine: UInt256 = try row.decimal(index(gas.price), scale: gas.weiExponent + places)
        guard !fine.isZero else { return nil }
        let wei = fine.divided(byPowerOfTen: places, rounding: .up)
        return ChainNews(gas: GasPrice(baseFee: wei, usualTip: .zero), nextNonce: 0)
    }

    // MARK: Closes and accounts

    private func close(
        _ row: CSVRow, _ columns: LiquidationColumns
    ) throws(CSVError) -> Result<ObservedClose, Reason> {
        guard let paid = try amount(row, columns.paid, columns.assets) else {
            return .failure(Reason(text: "about \(row.text(index(columns.paid.asset)))"))
        }
        guard let taken = try amount(row, columns.taken, columns.assets) else {
            return .failure(Reason(text: "about \(row.text(index(columns.taken.asset)))"))
        }
        let keeper = columns.keeper.map { row.text(index($0)) } ?? ""
        return .success(
            ObservedClose(
                target: Target(
                    domain: HistoryDomain.id, market: columns.market,
                    account: try account(row, columns.account)),
                keeper: keeper.isEmpty ? "unknown" : keeper, height: 0, paid: paid, taken: taken,
                valueUnits: .zero))
    }

    private func amount(
        _ row: CSVRow, _ columns: AmountColumns, _ assets: [NamedAsset]
    ) throws(CSVError) -> AssetAmount? {
        let name = row.text(index(columns.asset))
        guard let asset = assets.first(where: { $0.name == name })?.description else { return nil }
        let places = FineAmount.places
        let fine: UInt256 = try row.decimal(index(columns.amount), scale: places)
        return AssetAmount(
            asset: asset.asset,
            amount: fine.divided(
                byPowerOfTen: places - Int(asset.decimals), rounding: .down))
    }

    func account(_ row: CSVRow, _ column: String) throws(CSVError) -> AccountID {
        guard let account = AccountID(checking: row.text(index(column))) else {
            throw CSVError(
                .notRepresentable(column: column, as: "1 to 64 of A-Z a-z 0-9 . _ -"),
                line: row.line)
        }
        return account
    }
}
