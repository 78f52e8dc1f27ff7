import KeeperCodec
import KeeperModel
import WideMath

/// Messages of an exchange into order books: one for each span in which something changed, as it
/// stood at the last message of the span.
///
/// A line is a message, or the time at which it was received in nanoseconds, a space and the
/// message. Without a snapshot nobody knows what stands where nothing changes, so a book begins
/// with one, and after a gap in the updates waits for the next.
struct BookReader {
    private let form: BookForm
    private let span: TimeSpan
    private let delay: TimeSpan
    private let skipsImpossible: Bool
    private let reading: BookMessageReading
    private(set) var report = ImportReport()

    private var book: RebuiltBook?
    private var lastID: UInt64?
    /// Changes since the book was lost, or before it began: the next snapshot may be older.
    private var waiting: [BookWords] = []
    private var name: String?
    private var line: (madeAt: Instant, knownAt: Instant)?
    private var receivedAt: Instant?
    /// The book has changed since it was told, then.
    private var untold: (madeAt: Instant, knownAt: Instant)?
    private static let waitingMax = 10_000

    init(_ form: BookForm, span: TimeSpan, delay: TimeSpan, skipsImpossible: Bool) {
        precondition(span > .zero, "A book is told once in a span")
        self.form = form
        self.span = span
        self.delay = delay
        self.skipsImpossible = skipsImpossible
        reading = BookMessageReading(form)
    }

    mutating func close(_ file: ImportReport.File) {
        report.files.append(file)
    }

    /// What is told before this line is taken in: the book at the end of a span that is over.
    mutating func read(
        _ text: [UInt8], file: String, line number: Int
    ) throws(ImportRefused) -> ImportedRow? {
        let place = "\(file), line \(number)"
        do throws(LineDoubt) {
            let (received, json) = try Self.parts(of: text)
            let message = try Self.reading { () throws(JSONReadError) in
                try reading.message(json)
            }
            switch message {
            case .other:
                report.note("lines left out: about something else", at: place)
                return nil
            case .snapshot(let words):
                let row = try move(to: words, received)
                try begin(words, at: place)
                return row
            case .change(let words):
                let row = try move(to: words, received)
                try change(words, at: place)
                return row
            }
        } catch {
            guard error.canBeSkipped, skipsImpossible else {
                let hint =
                    error.canBeSkipped
                    ? "; --skip-impossible forgets such a book until the next snapshot" : ""
                throw ImportRefused(file: file, line: number, error.text + hint)
            }
            lose("impossible books forgotten", at: "\(place): \(error.text)")
            return nil
        }
    }

    /// The last book, where it has changed since it was told.
    mutating func finish() -> ImportedRow? { tell() }

    // MARK: Lines

    private struct LineDoubt: Error {
        let text: String
        var canBeSkipped = false
    }

    private static func parts(
        of text: [UInt8]
    ) throws(LineDoubt) -> (received: Instant?, json: JSONReader) {
        let digits = text.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        var received: Instant?
        if !digits.isEmpty {
            guard let count = Decimal.integer(text, 0..<digits.count, as: Int64.self),
                RowReader.plausible.contains(Instant(nanoseconds: count))
            else {
                throw LineDoubt(text: "begins with a time that is none from 2009 to 2100 in ns")
            }
            received = Instant(nanoseconds: count)
        }
        do {
            let rest = Array(text.dropFirst(digits.count))
            return (received, JSONReader(try JSONValue.parse(rest)))
        } catch {
            throw LineDoubt(text: "is no message: \(error.problem)")
        }
    }

    private static func reading<Value>(
        _ read: () throws(JSONReadError) -> Value
    ) throws(LineDoubt) -> Value {
        do { return try read() } catch { throw LineDoubt(text: "\(error)") }
    }

    // MARK: Time

    /// Lines are in the order in which they were received, so nothing was known before the line
    /// that stands before it; nor before it was made, whatever the two clocks say.
    private mutating func move(
        to words: BookWords, _ received: Instant?
    ) throws(LineDoubt) -> ImportedRow? {
        if let name, let other = words.name, name != other {
            throw LineDoubt(text: "is about \(other), and those before it about \(name)")
        }
        name = name ?? words.name
        if let received, let last = receivedAt, received < last {
            throw LineDoubt(
                text: "goes back in time, \((last - received).milliseconds) ms behind the line "
                    + "before it")
        }
        if received == nil, let made = words.madeAt, let last = line?.madeAt, made < last {
            throw LineDoubt(
                text: "goes back in time, \((last - made).milliseconds) ms behind the line before "
                    + "it")
        }
        receivedAt = received ?? receivedAt
        guard let made = words.madeAt ?? received else {
            throw LineDoubt(text: "says no time, neither before the message nor in it")
        }
        let known = max(received ?? made, made, line?.knownAt ?? made)
        let row = untold.flatMap {
            spanNumber(of: known) > spanNumber(of: $0.knownAt) ? tell() : nil
        }
        line = (made, known)
        return row
    }

    private func spanNumber(of instant: Instant) -> Int64 {
        instant.nanoseconds / span.nanoseconds
    }

    private mutating func tell() -> ImportedRow? {
        // A book is checked with every message; one that fails is forgotten.
        guard let untold, let book, let checked = try? book.book() else { return nil }
        self.untold = nil
        report.keep(untold.knownAt + delay)
        return ImportedRow(
            eventAt: min(untold.madeAt, untold.knownAt), availableAt: untold.knownAt + delay,
            content: .event(.depthPublished([checked])))
    }

    // MARK: The book

    private mutating func begin(_ words: BookWords, at place: String) throws(LineDoubt) {
        // One that was asked for may come late; what an exchange sends by itself is in its place.
        if words.madeAt == nil, let id = words.lastID, let lastID, id < lastID, book != nil {
            report.note("snapshots left out: older than the book", at: place)
            return
        }
        do {
            book = try RebuiltBook(form.asset.asset, bids: words.bids, asks: words.asks)
        } catch {
            throw LineDoubt(text: error.text, canBeSkipped: true)
        }
        lastID = words.lastID
        untold = line
        let missed = waiting
        waiting = []
        for change in missed where book != nil {
            // Those that the snapshot has already are no duplicates.
            if let last = change.lastID, let lastID, last <= lastID { continue }
            try self.change(change, at: place)
        }
    }

    private mutating func change(_ words: BookWords, at place: String) throws(LineDoubt) {
        guard book != nil else { return wait(words, at: place) }
        if let last = words.lastID, let lastID, last <= lastID {
            report.note("duplicate changes left out", at: place)
            return
        }
        if let first = words.firstID, let lastID, first > lastID, first - lastID > 1 {
            lose("gaps in the updates: the book is unknown until the next snapshot", at: place)
            return wait(words, at: place)
        }
        do throws(BookDoubt) {
            // Taken out while it changes: a second owner would copy every level.
            guard var changed = book.take() else { return }
            try changed.apply(words)
            book = consume changed
        } catch {
            throw LineDoubt(text: error.text, canBeSkipped: true)
        }
        lastID = words.lastID ?? lastID
        untold = line
    }

    private mutating func wait(_ words: BookWords, at place: String) {
        report.note("changes without a book to change", at: place)
        if waiting.count == Self.waitingMax { waiting.removeFirst(Self.waitingMax / 2) }
        waiting.append(words)
    }

    private mutating func lose(_ what: String, at place: String) {
        report.note(what, at: place)
        book = nil
        untold = nil
        waiting = []
    }
}
