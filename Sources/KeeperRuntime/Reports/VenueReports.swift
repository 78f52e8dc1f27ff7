import KeeperCodec
package import KeeperModel

/// The same report of each venue, one after the other. Of one venue it is that venue's own.
package struct VenueReports: Sendable {
    package typealias Part = (domain: DomainID, lines: [String], jsonText: String)

    private let parts: [Part]

    package init(_ parts: [Part]) {
        precondition(!parts.isEmpty, "A configuration has a venue")
        self.parts = parts
    }

    package var lines: [String] {
        guard parts.count > 1 else { return parts[0].lines }
        return parts.enumerated().flatMap { index, part in
            (index == 0 ? [] : [""]) + ["\(part.domain)"] + part.lines.map { "  " + $0 }
        }
    }

    /// Of several venues `domains` has an object for each, which is what one alone would be.
    package var jsonText: String {
        guard parts.count > 1 else { return parts[0].jsonText }
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.key("domains")
        json.beginArray()
        for part in parts {
            json.beginObject()
            json.member("domain", part.domain)
            json.key("report")
            json.embed(Array(part.jsonText.utf8))
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }
}
