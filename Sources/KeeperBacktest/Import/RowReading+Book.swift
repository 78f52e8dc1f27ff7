import KeeperCodec
import KeeperModel
import WideMath

extension RowReader {
    /// A side ends with the first of its prices that is empty.
    func book(
        _ row: CSVRow, _ columns: SnapshotColumns
    ) throws(CSVError) -> Result<DepthBook, BookDoubt> {
        let bids = try side(row, columns, columns.bidPrice, columns.bidQuantity)
        let asks = try side(row, columns, columns.askPrice, columns.askQuantity)
        do throws(BookDoubt) {
            return .success(
                try BookCheck.book(columns.book.asset.asset, bids: bids, asks: asks))
        } catch {
            return .failure(error)
        }
    }

    private func side(
        _ row: CSVRow, _ columns: SnapshotColumns, _ price: String, _ quantity: String
    ) throws(CSVError) -> [DepthLevel] {
        var levels: [DepthLevel] = []
        for number in columns.numbers {
            let place = index(SnapshotColumns.column(price, number))
            guard !row.isEmpty(place) else { break }
            levels.append(
                DepthLevel(
                    price: try row.decimal(place, scale: columns.book.priceDecimals),
                    quantity: try row.decimal(
                        index(SnapshotColumns.column(quantity, number)),
                        scale: Int(columns.book.asset.decimals))))
        }
        return levels
    }
}
