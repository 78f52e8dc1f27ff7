// The exceptions of today, each with its figure. The list may only shrink: a figure that grew is a
// complaint, and so is one that is no longer true.

package import KeeperCodec

package struct Ratchet: Sendable {
    package static let fileName = "tidy-ratchet.json"

    private struct Entry: Hashable, Sendable {
        let rule: RuleName
        let file: String
        let name: String
        let figure: Int

        var title: String { name.isEmpty ? rule.rawValue : "\(rule.rawValue) of \(name)" }

        func isAbout(_ excess: Excess) -> Bool {
            rule == excess.rule && file == excess.file && name == excess.name
        }
    }

    private let entries: [Entry]

    package static let empty = Ratchet(entries: [])

    private init(entries: [Entry]) { self.entries = entries }

    /// `{"exceptions": [{"rule": …, "file": …, "name": …, "figure": …}]}`
    package init(json bytes: [UInt8]) throws(RatchetProblem) {
        let value: JSONValue
        do throws(JSONError) { value = try JSONValue.parse(bytes) } catch { throw .json(error) }
        do throws(JSONReadError) {
            var object = try JSONReader(value).object()
            let list = try object.required("exceptions").array(countMax: 1_000)
            try object.finish()
            var entries: [Entry] = []
            for reader in list { entries.append(try Ratchet.entry(reader)) }
            self.entries = entries
        } catch {
            throw .content(error)
        }
    }

    private static func entry(_ reader: JSONReader) throws(JSONReadError) -> Entry {
        var object = try reader.object()
        let ruleReader = try object.required("rule")
        guard let rule = RuleName(rawValue: try ruleReader.string) else {
            throw ruleReader.refused("the name of a size rule")
        }
        let entry = Entry(
            rule: rule, file: try object.required("file").string,
            name: try object.optional("name")?.string ?? "",
            figure: Int(clamping: try object.required("figure").int64))
        try object.finish()
        return entry
    }

    /// What remains to complain about once the listed exceptions are taken off.
    func complaints(about excesses: [Excess]) -> [Complaint] {
        let found = excesses.compactMap { excess -> Complaint? in
            let entry = entries.first { $0.isAbout(excess) }
            guard let entry else { return excess.complaint }
            return entry.figure == excess.figure ? nil : changed(entry, excess)
        }
        let stale = entries.filter { entry in !excesses.contains { entry.isAbout($0) } }
        return found + stale.map(staleComplaint)
    }

    private func changed(_ entry: Entry, _ excess: Excess) -> Complaint {
        let grew = excess.figure > entry.figure
        return Complaint(
            file: excess.file, line: excess.line, rule: .ratchet,
            problem: "\(entry.title) was \(entry.figure) and is \(excess.figure)",
            advice: grew
                ? "the list only shrinks: bring it back" : "shrink the entry to \(excess.figure)")
    }

    private func staleComplaint(_ entry: Entry) -> Complaint {
        Complaint(
            file: Ratchet.fileName, line: 1, rule: .ratchet,
            problem: "\(entry.title) in \(entry.file) is within the limit now",
            advice: "remove the entry")
    }
}

package enum RatchetProblem: Error, Equatable, Sendable {
    case json(JSONError)
    case content(JSONReadError)
}
