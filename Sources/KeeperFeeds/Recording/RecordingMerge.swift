import KeeperCodec
import KeeperModel

/// What a merge wrote.
package struct MergeReport: Hashable, Sendable {
    package let eventCount: UInt64
    package let exchangeCount: UInt64
    /// Events that another file had said in the same words, and that were left out.
    package let duplicateCount: UInt64
}

/// Which of several files is meant, and what is wrong with it.
package struct RecordingProblem: Error, Equatable, Sendable, CustomStringConvertible {
    package let path: String
    package let error: RecordingError

    package var description: String { "\(path): \(error)" }

    static func inFile<Result>(
        _ path: String, _ body: () throws(RecordingError) -> Result
    ) throws(RecordingProblem) -> Result {
        do {
            return try body()
        } catch {
            throw RecordingProblem(path: path, error: error)
        }
    }
}

/// Recordings of the same feeds as one, by the time from which each row could be known.
///
/// Two recorders of one venue hear the same: what one file has said in the same words and of the
/// same height lately, another does not say again. Within one file nothing is a duplicate, because
/// a venue that says something twice means it.
package struct RecordingMerge {
    private let files: [(path: String, reader: RecordingReader)]
    package static let pinName = "merged"

    /// Refuses what does not belong together.
    package init(_ files: [(path: String, reader: RecordingReader)]) throws(RecordingProblem) {
        precondition(files.count > 1, "A merge has two sides")
        self.files = files
        let first = files[0]
        for (path, reader) in files {
            let header = reader.header
            if let reason = Self.refusal(of: header, beside: first.reader.header, first.path) {
                throw RecordingProblem(path: path, error: .unfit(reason: reason))
            }
        }
    }

    private static func refusal(
        of header: RecordingHeader, beside first: RecordingHeader, _ firstPath: String
    ) -> String? {
        if header.isOfRun {
            return "is of a run: its answers belong to its own decisions, and two runs do not make "
                + "one; merge what 'record' made"
        }
        if header.eventSchema != first.eventSchema {
            return "has events of the form \(header.eventSchema), and \(firstPath) of "
                + first.eventSchema
        }
        if header.domains != first.domains {
            let names = header.domains.map(\.text).joined(separator: ", ")
            return "is of \(names), and \(firstPath) of "
                + first.domains.map(\.text).joined(separator: ", ")
        }
        if header.config.sha256 != first.config.sha256 {
            return "pins another \(header.config.name) than \(firstPath)"
        }
        if header.strategies.map(\.sha256) != first.strategies.map(\.sha256) {
            return "pins other strategies than \(firstPath)"
        }
        return nil
    }

    package func write(to path: String) throws(RecordingProblem) -> MergeReport {
        let provenance = try provenance()
        let writer = try RecordingProblem.inFile(path) { () throws(RecordingError) in
            try RecordingWriter(
                path: path, header: files[0].reader.header.adding(provenance))
        }
        var seen = SeenLately(fileCount: files.count)
        var eventCount: UInt64 = 0
        var duplicateCount: UInt64 = 0
        try mergeRows(of: .event, to: writer, path) { (row, number) throws(JSONFormError) in
            let event = try row.event()
            guard !seen.isDuplicate(event, in: number) else {
                duplicateCount += 1
                return nil
            }
            eventCount += 1
            let numbered = Event(
                sequence: eventCount, domain: event.domain, receivedAt: event.receivedAt,
                height: event.height, body: event.body)
            return RecordingRow(numbered, eventAt: row.eventAt)
        }
        var exchangeCount: UInt64 = 0
        try mergeRows(of: .exchange, to: writer, path) { (row, _) throws(JSONFormError) in
            exchangeCount += 1
            return RecordingRow(
                kind: .exchange, availableAt: row.availableAt, eventAt: row.eventAt,
                sequence: exchangeCount, payload: row.payload)
        }
        try RecordingProblem.inFile(path) { () throws(RecordingError) in try writer.close() }
        return MergeReport(
            eventCount: eventCount, exchangeCount: exchangeCount, duplicateCount: duplicateCount)
    }

    /// By the time at which each became available, ties in the order of the files.
    private func mergeRows(
        of kind: RowKind, to writer: RecordingWriter, _ path: String,
        _ renewed: (RecordingRow, Int) throws(JSONFormError) -> RecordingRow?
    ) throws(RecordingProblem) {
        var cursors = files.map { $0.reader.rows(of: kind) }
        var heads: [RecordingRow?] = []
        for number in files.indices { heads.append(try next(&cursors, number)) }
        var instants = heads.map { $0?.availableAt }
        while let number = instants.earliest?.source, let row = heads[number] {
            let copy: RecordingRow?
            do {
                copy = try renewed(row, number)
            } catch {
                throw RecordingProblem(
                    path: files[number].path,
                    error: .unfit(reason: "\(kind.name) \(row.sequence) cannot be read: \(error)"))
            }
            if let copy {
                try RecordingProblem.inFile(path) { () throws(RecordingError) in
                    try writer.append(copy)
                }
            }
            heads[number] = try next(&cursors, number)
            instants[number] = heads[number]?.availableAt
        }
    }

    private func next(
        _ cursors: inout [RecordingCursor], _ number: Int
    ) throws(RecordingProblem) -> RecordingRow? {
        do {
            return try cursors[number].next()
        } catch {
            throw RecordingProblem(path: files[number].path, error: error)
        }
    }

    private func provenance() throws(RecordingProblem) -> PinnedText {
        var json = JSONWriter()
        json.beginArray()
        for (path, reader) in files {
            let hash = try RecordingProblem.inFile(path) { () throws(RecordingError) in
                try reader.sha256()
            }
            json.beginObject()
            json.member("name", String(path.split(separator: "/").last ?? ""))
            json.member("createdAt", reader.header.createdAt)
            json.key("sha256")
            json.hex(hash)
            json.endObject()
        }
        json.endArray()
        return PinnedText(
            name: Self.pinName, text: String(decoding: json.finish(), as: UTF8.self))
    }
}

/// How often each file has said what, within the last minute: what one said so often, and no more
/// often than another before it, is a duplicate.
private struct SeenLately {
    private struct Word {
        var counts: [Int]
        var writtenCount = 0
        var at: Instant
    }

    private let fileCount: Int
    private var words: [[UInt8]: Word] = [:]
    private var sweptAt = Instant(nanoseconds: .min)
    private static let span = TimeSpan.seconds(60)

    init(fileCount: Int) {
        self.fileCount = fileCount
    }

    mutating func isDuplicate(_ event: Event, in file: Int) -> Bool {
        sweep(now: event.receivedAt)
        let key = Event(
            sequence: 0, domain: event.domain, receivedAt: Instant(nanoseconds: 0),
            height: event.height, body: event.body)
        let hash = SHA256.hash(key.jsonBytes)
        var word =
            words[hash]
            ?? Word(counts: Array(repeating: 0, count: fileCount), at: event.receivedAt)
        word.counts[file] += 1
        word.at = event.receivedAt
        let isDuplicate = word.counts[file] <= word.writtenCount
        if !isDuplicate { word.writtenCount += 1 }
        words[hash] = word
        return isDuplicate
    }

    /// Bounds memory: what was said long ago is forgotten.
    private mutating func sweep(now: Instant) {
        guard sweptAt.nanoseconds == .min || now - sweptAt > Self.span else { return }
        sweptAt = now
        words = words.filter { now - $0.value.at <= Self.span }
    }
}
