import KeeperCodec
import KeeperFeeds
package import KeeperModel
import KeeperRuntime

/// Files of history into one recording. Everything is read twice: once to check it and to know its
/// hash, because the header of a recording comes first and what is refused must leave no file; and
/// once to write. Neither needs more memory for a longer file.
package struct Importer {
    private let kind: String
    private let layout: ImportLayout
    private let skipsImpossible: Bool
    /// Which venue's it is; nil for what every venue hears of.
    private let domain: DomainID?

    package init(
        kind: ImportKind, layout: ImportLayout, skipsImpossible: Bool = false,
        domain: DomainID? = nil
    ) {
        self.domain = domain
        self.kind = kind.rawValue
        self.layout = layout
        self.skipsImpossible = skipsImpossible
    }

    package func run(
        _ files: [String], to recording: String, progress: (String) -> Void = { _ in }
    ) throws(ImportRefused) -> ImportReport {
        progress("checking")
        let checked = try read(files) { _ throws(ImportRefused) in }
        guard checked.keptCount > 0 else {
            throw ImportRefused(file: files[0], "has no row that could be taken")
        }
        progress("writing")
        let provenance = ImportProvenance(kind: kind, layout: layout, report: checked)
        let store = try ImportedRecording(recording, provenance, domain ?? HistoryDomain.id)
        let written = try read(files) { row throws(ImportRefused) in try store.append(row) }
        try store.close()
        guard written == checked else {
            throw ImportRefused(
                file: files[0], "changed while it was read; remove \(recording) and try again")
        }
        return checked
    }

    /// Every row that is taken, in order.
    func read(
        _ files: [String], _ take: (ImportedRow) throws(ImportRefused) -> Void
    ) throws(ImportRefused) -> ImportReport {
        if case .books(let form) = layout.content { return try readMessages(files, form, take) }
        var rows = RowSequence(layout, skipsImpossible: skipsImpossible)
        for file in files {
            var table = try TableStream(file: file, namesWithoutHeader: layout.namesWithoutHeader)
            var reader = try RowReader(layout, of: table, file: file)
            var rowCount: UInt64 = 0
            while let (row, line) = try table.next() {
                rowCount += 1
                let reading = try reader.read(row, line: line)
                if let row = try rows.take(reading, file: file, line: line) { try take(row) }
            }
            rows.close(
                ImportReport.File(
                    name: String(file.split(separator: "/").last ?? ""), sha256: table.sha256,
                    rowCount: rowCount))
        }
        return rows.report
    }

    private func readMessages(
        _ files: [String], _ form: BookForm, _ take: (ImportedRow) throws(ImportRefused) -> Void
    ) throws(ImportRefused) -> ImportReport {
        var reader = BookReader(
            form, span: layout.span, delay: layout.delay, skipsImpossible: skipsImpossible)
        for file in files {
            var pieces = try WholeLines(file: file)
            var line = 0
            while let piece = try pieces.next() {
                for text in piece.split(separator: WholeLines.newline) {
                    line += 1
                    if let row = try reader.read(Array(text), file: file, line: line) {
                        try take(row)
                    }
                }
            }
            reader.close(
                ImportReport.File(
                    name: String(file.split(separator: "/").last ?? ""), sha256: pieces.sha256,
                    rowCount: UInt64(line)))
        }
        if let row = reader.finish() { try take(row) }
        return reader.report
    }
}

/// The recording that an import writes: events in the order in which they became available.
private final class ImportedRecording {
    private let writer: RecordingWriter
    private let path: String
    private let domain: DomainID
    private var sequence: UInt64 = 0
    /// A set comes in pages, of which the last has to say so.
    private var page: [AccountState] = []
    private var pageNumber: UInt64 = 0
    private var pageOf: (market: MarketID, row: ImportedRow)?
    private static let pageRows = 1_024

    init(
        _ path: String, _ provenance: ImportProvenance, _ domain: DomainID
    ) throws(ImportRefused) {
        self.path = path
        self.domain = domain
        do {
            writer = try RecordingWriter(path: path, header: provenance.header(of: domain))
        } catch {
            throw ImportRefused(.cannotWrite, file: path, "\(error)")
        }
    }

    func append(_ row: ImportedRow) throws(ImportRefused) {
        switch row.content {
        case .event(let body): try append(body, row)
        case .account(let market, let state):
            if page.count == Self.pageRows { try appendPage(isLast: false) }
            pageOf = (market, row)
            page.append(state)
        }
    }

    func close() throws(ImportRefused) {
        if !page.isEmpty { try appendPage(isLast: true) }
        do {
            try writer.close()
        } catch {
            throw ImportRefused(.cannotWrite, file: path, "\(error)")
        }
    }

    private func appendPage(isLast: Bool) throws(ImportRefused) {
        guard let (market, row) = pageOf else {
            preconditionFailure("A page with accounts knows whose they are")
        }
        let accounts = AccountPage(number: pageNumber, isLast: isLast, states: page)
        try append(.accountsPaged(market, accounts), row)
        pageNumber += 1
        page = []
    }

    private func append(_ body: EventBody, _ row: ImportedRow) throws(ImportRefused) {
        sequence += 1
        let event = Event(
            sequence: sequence, domain: domain, receivedAt: row.availableAt, height: 0,
            body: body)
        do {
            try writer.append(RecordingRow(event, eventAt: row.eventAt))
        } catch {
            throw ImportRefused(.cannotWrite, file: path, "\(error)")
        }
    }
}
