package import KeeperCodec

/// The rows of a table that may be far larger than memory. Whole lines are handed to the reader of
/// tables some at a time, so a row is read by the same rules as anywhere else; a quoted field that
/// holds a line end is refused here.
package struct TableStream {
    private var lines: WholeLines
    private let file: String
    /// Names for a table without a first line of names.
    private let names: [String]
    private var header: [UInt8] = []
    private var batch: CSVReader?
    /// Lines of the file before the batch, less the header that stands before every batch.
    private var lineOffset = 0
    private var batchLineCount = 0
    package private(set) var columns: [String] = []

    /// A first line that begins with a digit is no line of names; then the columns have these.
    package init(file: String, namesWithoutHeader names: [String]) throws(ImportRefused) {
        self.file = file
        self.names = names
        lines = try WholeLines(file: file)
        try readHeader()
    }

    /// The next row, with its line in the file.
    package mutating func next() throws(ImportRefused) -> (row: CSVRow, line: Int)? {
        while true {
            if let row = try nextInBatch() { return (row, row.line + lineOffset) }
            guard try fillBatch() else { return nil }
        }
    }

    package func column(_ name: String) throws(ImportRefused) -> Int {
        guard let index = columns.firstIndex(of: name) else {
            throw ImportRefused(
                file: file, line: 1,
                "there is no column '\(name)'; there are \(columns.joined(separator: ", "))")
        }
        return index
    }

    /// Of the file as it lies on the disk, once the last row was read.
    package var sha256: [UInt8] { lines.sha256 }

    // MARK: Batches

    private mutating func readHeader() throws(ImportRefused) {
        guard let lines = try lines.next(), let end = lines.firstIndex(of: WholeLines.newline)
        else {
            throw ImportRefused(file: file, "is empty")
        }
        let hasNames = lines.first.map { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        if hasNames ?? true {
            header = Array(lines[...end])
            lineOffset = 0
            try begin(Array(lines[(end + 1)...]))
        } else {
            guard !names.isEmpty else {
                throw ImportRefused(file: file, line: 1, "has no line with names of columns")
            }
            header = Array(names.joined(separator: ",").utf8) + [WholeLines.newline]
            lineOffset = -1
            try begin(lines)
        }
        columns = batch?.columns ?? []
    }

    private mutating func begin(_ lines: [UInt8]) throws(ImportRefused) {
        batchLineCount = lines.reduce(0) { $1 == WholeLines.newline ? $0 + 1 : $0 }
        do {
            batch = try CSVReader(header + lines)
        } catch {
            throw refused(error)
        }
    }

    private mutating func nextInBatch() throws(ImportRefused) -> CSVRow? {
        do {
            return try batch?.next()
        } catch {
            throw refused(error)
        }
    }

    private mutating func fillBatch() throws(ImportRefused) -> Bool {
        guard let lines = try lines.next() else { return false }
        lineOffset += batchLineCount
        try begin(lines)
        return true
    }

    private func refused(_ error: CSVError) -> ImportRefused {
        ImportRefused(file: file, line: error.line + lineOffset, "\(error.problem)")
    }
}
