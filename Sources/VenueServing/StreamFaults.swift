// What a venue may do to those who follow its streams. Counts are of replies, and used up.

import KeeperCodec

struct StreamFaults: Hashable {
    /// Not answered: the connection just ends.
    var drop: UInt64 = 0
    /// The first entry comes twice.
    var duplicate: UInt64 = 0
    /// The last entry comes first; of pages of two and more.
    var reorder: UInt64 = 0
    /// An account is left out of a snapshot whose hash and root say that it is there.
    var lie: UInt64 = 0
    /// Polls are answered, and nothing is ever new.
    var stall = false
    /// Every reply comes so much later.
    var delayMilliseconds: UInt64 = 0

    init() {}

    init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        drop = try object.optional("drop")?.uint64 ?? 0
        duplicate = try object.optional("duplicate")?.uint64 ?? 0
        reorder = try object.optional("reorder")?.uint64 ?? 0
        lie = try object.optional("lie")?.uint64 ?? 0
        stall = try object.optional("stall")?.bool ?? false
        delayMilliseconds =
            try object.optional("delayMilliseconds")?
            .integer(in: 0...TestFaults.delayMillisecondsMax) ?? 0
        try object.finish()
    }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("drop", drop)
        json.member("duplicate", duplicate)
        json.member("reorder", reorder)
        json.member("lie", lie)
        json.member("stall", stall)
        json.member("delayMilliseconds", delayMilliseconds)
        json.endObject()
    }

    /// Uses up one of a count; false where nothing is left of it.
    static func take(_ count: inout UInt64) -> Bool {
        guard count > 0 else { return false }
        count -= 1
        return true
    }

    mutating func spoil(_ entries: [[UInt8]]) -> [[UInt8]] {
        var entries = entries
        if let first = entries.first, Self.take(&duplicate) { entries.insert(first, at: 0) }
        if entries.count > 1, Self.take(&reorder) { entries.insert(entries.removeLast(), at: 0) }
        return entries
    }
}
