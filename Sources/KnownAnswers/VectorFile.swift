import KeeperCodec

// What an independent page says must come out, against what our arithmetic makes of the same
// inputs. `bailiff-dev vectors` prints it; a test asks for it too.

/// A file of known answers: sections of vectors, each with inputs and what must come out.
package struct VectorFile {
    private let sections: [(name: String, reader: JSONReader)]
    /// Entries of the list of signatures; nil where the file has none.
    private let selectors: [JSONReader]?

    package init(parsing bytes: [UInt8]) throws {
        var file = try JSONReader(JSONValue.parse(bytes)).object()
        var sections = try file.required("sections").object()
        self.sections = sections.entries().map { ($0.key, $0.value) }
        selectors = try file.optional(SelectorList.name)?.array()
        // What is told about the file, and requests that have no answer of ours.
        for key in ["meta", "examples"] { _ = file.optional(key) }
        try file.finish()
    }

    /// Runs the sections named, or all of them. A name that the file lacks is a failure, too.
    package func run(sections wanted: [String]) -> [VectorOutcome] {
        let isListThere = selectors != nil
        let missing = wanted.filter { name in
            !sections.contains { $0.name == name } && !(name == SelectorList.name && isListThere)
        }
        let isListWanted = wanted.isEmpty || wanted.contains(SelectorList.name)
        let chosen = sections.filter { wanted.isEmpty || wanted.contains($0.name) }
        return missing.map { VectorOutcome(section: $0, id: "-", verdict: .noSuchSection) }
            + chosen.flatMap { run(section: $0.name, $0.reader) }
            + (isListWanted ? selectors ?? [] : []).map { SelectorList.outcome(of: $0) }
    }

    private func run(section name: String, _ reader: JSONReader) -> [VectorOutcome] {
        guard let section = vectorSections.first(where: { $0.names.contains(name) }) else {
            return [VectorOutcome(section: name, id: "-", verdict: .unknownSection)]
        }
        do {
            var object = try reader.object()
            _ = object.optional("note")
            let vectors = try object.required("vectors").array()
            try object.finish()
            return vectors.map { run($0, among: vectors, of: name, by: section) }
        } catch {
            return [VectorOutcome(section: name, id: "-", verdict: .notUnderstood("\(error)"))]
        }
    }

    private func run(
        _ reader: JSONReader, among siblings: [JSONReader], of name: String,
        by section: VectorSection
    ) -> VectorOutcome {
        var id = "\(reader.path)"
        do {
            var object = try reader.object()
            id = try object.required("id").string
            for key in ["desc", "source"] { _ = object.optional(key) }
            let inputs = try object.required("inputs").object()
            let expected = try object.required("expected").value
            try object.finish()
            var question = VectorQuestion(inputs: inputs, siblings: siblings)
            let actual = try section.answer(&question)
            try question.inputs.finish()
            return VectorOutcome(
                section: name, id: id,
                verdict: section.comparison.verdict(expected: expected, actual: actual))
        } catch {
            return VectorOutcome(section: name, id: id, verdict: .notUnderstood("\(error)"))
        }
    }
}

/// What one vector asks.
struct VectorQuestion {
    var inputs: ObjectReader
    /// All vectors of the section: some speak of what another one lists.
    let siblings: [JSONReader]
}

/// A family of sections that one runner understands.
struct VectorSection: Sendable {
    let names: [String]
    var comparison = VectorComparison.exact
    let answer: @Sendable (inout VectorQuestion) throws -> JSONValue
}

struct UnknownOperation: Error, CustomStringConvertible {
    let name: String

    var description: String { "unknown operation \"\(name)\"" }
}
