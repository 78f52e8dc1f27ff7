import KeeperCodec
import KeeperModel
import WideMath

/// What a row says of one account: what it holds and what it owes.
struct HolderRow: Hashable {
    let account: AccountID
    let collateral: [ScaledBalance]
    let debts: [ScaledBalance]

    var state: AccountState {
        AccountState(
            account: account, version: 1,
            position: .lending(LendingPosition(collateral: collateral, debts: debts)))
    }
}

enum HolderReading {
    case holder(HolderRow)
    case impossible(String)
}

extension RowReader {
    /// Collateral is rounded down and debt up, so that nobody is healthier than the file says.
    func holder(
        _ row: CSVRow, _ columns: PositionColumns
    ) throws(CSVError) -> HolderReading {
        if let negative = (columns.collateral + columns.debts).first(where: {
            row.text(index($0.column)).hasPrefix("-")
        }) {
            return .impossible(
                "\(row.text(index(negative.column))) of \(negative.column), less than nothing")
        }
        return .holder(
            HolderRow(
                account: try account(row, columns.account),
                collateral: try balances(
                    row, columns.collateral, columns.scalePpm, rounding: .down),
                debts: try balances(row, columns.debts, columns.scalePpm, rounding: .up)))
    }

    /// Columns of the same asset are one balance.
    private func balances(
        _ row: CSVRow, _ columns: [BalanceColumn], _ scalePpm: UInt64, rounding: Rounding
    ) throws(CSVError) -> [ScaledBalance] {
        var amounts: [AssetID: UInt256] = [:]
        for column in columns where !row.isEmpty(index(column.column)) {
            let fine: UInt256 = try row.decimal(index(column.column), scale: FineAmount.places)
            guard let amount = FineAmount.tokens(fine, of: column, scalePpm, rounding),
                // A sum that does not fit is refused as its part would be.
                let sum = try? (amounts[column.asset.asset] ?? .zero).checkedAdd(amount)
            else {
                throw CSVError(
                    .notRepresentable(column: column.column, as: "an amount below 2^256"),
                    line: row.line)
            }
            guard !amount.isZero else { continue }
            amounts[column.asset.asset] = sum
        }
        return amounts.keys.sorted().map {
            ScaledBalance(asset: $0, scaledAmount: amounts[$0] ?? .zero)
        }
    }
}
