import KeeperModel

/// Rows of all files as one sequence, and the rules that it has to keep: time never goes back, and
/// a row at an instant that was there already is the same row again.
struct RowSequence {
    private let layout: ImportLayout
    private let skipsImpossible: Bool
    private var last: ImportedRow?
    /// Who was in the set already.
    private var accounts: Set<AccountID> = []
    private(set) var report = ImportReport()

    init(_ layout: ImportLayout, skipsImpossible: Bool) {
        self.layout = layout
        self.skipsImpossible = skipsImpossible
    }

    mutating func close(_ file: ImportReport.File) {
        report.files.append(file)
    }

    /// The row, where it belongs into the recording.
    mutating func take(
        _ reading: RowReading, file: String, line: Int
    ) throws(ImportRefused) -> ImportedRow? {
        let place = "\(file), line \(line)"
        switch reading {
        case .leftOut(let what):
            report.note("rows left out: \(what)", at: place)
            return nil
        case .impossible(let problem):
            guard skipsImpossible else {
                throw ImportRefused(
                    file: file, line: line,
                    problem + "; --skip-impossible leaves such rows out and counts them")
            }
            report.note("impossible rows left out", at: "\(place): \(problem)")
            return nil
        case .row(let row):
            guard try isNew(row, file: file, line: line) else { return nil }
            report.keep(row.availableAt)
            return row
        }
    }

    private mutating func isNew(
        _ row: ImportedRow, file: String, line: Int
    ) throws(ImportRefused) -> Bool {
        if case .account(_, let state) = row.content {
            guard accounts.insert(state.account).inserted else {
                throw ImportRefused(
                    file: file, line: line, "the account \(state.account) for the second time")
            }
            return true
        }
        defer { last = row }
        guard let last else { return true }
        guard row.eventAt >= last.eventAt else {
            let seconds = (last.eventAt - row.eventAt).milliseconds / 1_000
            throw ImportRefused(
                file: file, line: line, "goes back in time, \(seconds) s behind the row before it")
        }
        guard row.eventAt == last.eventAt else {
            noteGap(from: last, to: row, at: "\(file), line \(line)")
            return true
        }
        return try isNewAtInstant(row, after: last, file: file, line: line)
    }

    private mutating func isNewAtInstant(
        _ row: ImportedRow, after last: ImportedRow, file: String, line: Int
    ) throws(ImportRefused) -> Bool {
        switch layout.content {
        case .liquidations: return true
        case .prices(let prices) where prices.sharesInstants: return true
        default: break
        }
        guard row.content.isSame(as: last.content) else {
            throw ImportRefused(
                file: file, line: line, "another row for the instant of the row before it")
        }
        report.note("duplicate rows left out", at: "\(file), line \(line)")
        return false
    }

    private mutating func noteGap(from last: ImportedRow, to row: ImportedRow, at place: String) {
        guard layout.content.isRegular else { return }
        let step = row.eventAt - last.eventAt
        guard step > layout.span else { return }
        report.note("gaps", at: place)
        report.note(gap: step)
    }
}

extension ImportLayout.Content {
    fileprivate var isRegular: Bool {
        switch self {
        case .prices(let prices): prices.isRegular
        case .snapshots(let snapshots): snapshots.isRegular
        case .gas, .liquidations, .positions, .books: false
        }
    }
}

extension ImportedRow.Content {
    /// Rounds that we count ourselves differ between a row and its copy.
    fileprivate func isSame(as other: Self) -> Bool {
        guard case .event(.pricesPublished(let ours)) = self,
            case .event(.pricesPublished(let theirs)) = other
        else { return self == other }
        return ours.map(\.price) == theirs.map(\.price)
    }
}
