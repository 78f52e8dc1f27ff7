package import KeeperCodec
package import KeeperModel

/// What an import found: how many rows, what was left out, and where it first was so.
package struct ImportReport: Hashable, Sendable {
    package struct File: Hashable, Sendable {
        package let name: String
        package let sha256: [UInt8]
        package let rowCount: UInt64
    }

    /// Something that was seen and did not stop the import.
    package struct Note: Hashable, Sendable {
        package let what: String
        package fileprivate(set) var count: UInt64
        package let first: String
    }

    package internal(set) var files: [File] = []
    package private(set) var keptCount: UInt64 = 0
    package private(set) var firstAt: Instant?
    package private(set) var lastAt: Instant?
    package private(set) var longestGap = TimeSpan.zero
    /// In the order in which they were first seen.
    package private(set) var notes: [Note] = []

    mutating func keep(_ availableAt: Instant) {
        keptCount += 1
        firstAt = firstAt ?? availableAt
        lastAt = availableAt
    }

    mutating func note(_ what: String, at place: String) {
        if let index = notes.firstIndex(where: { $0.what == what }) {
            notes[index].count += 1
        } else {
            notes.append(Note(what: what, count: 1, first: place))
        }
    }

    mutating func note(gap: TimeSpan) {
        longestGap = max(longestGap, gap)
    }

    package func count(of what: String) -> UInt64 {
        notes.first { $0.what == what }?.count ?? 0
    }

    package var lines: [String] {
        let rowCount = files.reduce(0) { $0 + $1.rowCount }
        var lines = ["read \(rowCount) rows of \(files.count) files, kept \(keptCount)"]
        lines += notes.map { "\($0.count) \($0.what), first at \($0.first)" }
        if longestGap > .zero { lines.append("longest gap: \(longestGap.milliseconds / 1_000) s") }
        return lines
    }

    package func write(to json: inout JSONWriter) {
        json.key("files")
        json.beginArray()
        for file in files {
            json.beginObject()
            json.member("name", file.name)
            json.key("sha256")
            json.hex(file.sha256)
            json.member("rows", file.rowCount)
            json.endObject()
        }
        json.endArray()
        json.member("kept", keptCount)
        json.member("longestGapMilliseconds", longestGap.milliseconds)
        json.key("notes")
        json.beginArray()
        for note in notes {
            json.beginObject()
            json.member("what", note.what)
            json.member("count", note.count)
            json.member("first", note.first)
            json.endObject()
        }
        json.endArray()
    }
}
