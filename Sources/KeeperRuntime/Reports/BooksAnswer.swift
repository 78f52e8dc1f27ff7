package import KeeperJournal
package import KeeperModel
import WideMath

/// What can be asked of the books, of those of a running keeper as of closed ones.
package enum BooksQuestion: Hashable, Sendable {
    case closes
    /// By cause where no other grouping is named.
    case revenue(by: RevenueGrouping?)
    case lots(LotMethod)
    case transfers
}

/// The same answer in every form that it can be read in.
package struct BooksAnswer: Hashable, Sendable {
    package let lines: [String]
    package let csvLines: [String]
    package let jsonText: String
    /// False where the ledger holds what no cause explains.
    package let isExplained: Bool

    package init(
        to question: BooksQuestion, from journal: Journal, unit: AssetDescription
    ) throws(JournalError) {
        switch question {
        case .closes:
            let report = try ClosesReport(journal, unit: unit)
            self.init(report.lines, report.csvLines, report.jsonText)
        case .transfers:
            let report = try TransfersReport(journal)
            self.init(report.lines, report.csvLines, report.jsonText)
        case .revenue(nil):
            let report = try RevenueReport(journal, unit: unit)
            self.init(
                report.lines, report.csvLines, report.jsonText,
                isExplained: report.unexplainedUnits.isZero)
        case .revenue(let grouping?):
            let table = try RevenueTable(journal, by: grouping, unit: unit)
            self.init(table.lines, table.csvLines, table.jsonText)
        case .lots(let method):
            let book = LotBook(
                try journal.inventoryMovements(), method: method, unit: unit.asset)
            let report = LotsReport(book, method: method, unit: unit)
            self.init(report.lines, report.csvLines, report.jsonText)
        }
    }

    private init(
        _ lines: [String], _ csvLines: [String], _ jsonText: String, isExplained: Bool = true
    ) {
        self.lines = lines
        self.csvLines = csvLines
        self.jsonText = jsonText
        self.isExplained = isExplained
    }
}
