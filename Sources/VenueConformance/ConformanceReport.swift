// What a venue keeps of its promises, for people and for programs.

import KeeperCodec

package struct ConformanceReport: Hashable, Sendable {
    package struct Row: Hashable, Sendable {
        package let name: String
        package let promise: String
        package let verdict: ConformanceVerdict
    }

    package let rows: [Row]

    /// Names of the checks that failed, in their order.
    package var broken: [String] {
        rows.compactMap { row in
            if case .broken = row.verdict { row.name } else { nil }
        }
    }

    package var skippedCount: Int {
        rows.count { row in
            if case .skipped = row.verdict { true } else { false }
        }
    }

    package var keptCount: Int { rows.count - broken.count - skippedCount }

    /// A line for each check, and one for all.
    package var text: String {
        let width = rows.map(\.name.count).max() ?? 0
        let lines = rows.map { row in
            let name = row.name + String(repeating: " ", count: width - row.name.count)
            switch row.verdict {
            case .kept: return "kept     \(name)  \(row.promise)"
            case .broken(let why): return "BROKEN   \(name)  \(row.promise): \(why)"
            case .skipped(let why): return "skipped  \(name)  \(why)"
            }
        }
        let sum = "\(keptCount) kept, \(broken.count) broken, \(skippedCount) skipped"
        return (lines + [sum]).joined(separator: "\n")
    }

    package var jsonBytes: [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("kept", UInt64(keptCount))
        json.member("broken", UInt64(broken.count))
        json.member("skipped", UInt64(skippedCount))
        json.key("checks")
        json.beginArray()
        for row in rows { json.write(row) }
        json.endArray()
        json.endObject()
        return json.finish()
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ row: ConformanceReport.Row) {
        beginObject()
        member("check", row.name)
        member("promise", row.promise)
        switch row.verdict {
        case .kept:
            member("verdict", "kept")
        case .broken(let why):
            member("verdict", "broken")
            member("detail", why)
        case .skipped(let why):
            member("verdict", "skipped")
            member("detail", why)
        }
        endObject()
    }
}
