// Pages may not say what is not so: links lead somewhere, files that they name exist, examples run.

/// What there is, for a page to speak of.
package struct DocumentedHouse {
    /// Whether a path from the root of the checkout is a file or a folder.
    let exists: (String) -> Bool
    /// What is wrong with the words after a program's name; nil where nothing is.
    let commandProblem: (_ program: String, _ words: [String]) -> String?

    package init(
        exists: @escaping (String) -> Bool,
        commandProblem: @escaping (_ program: String, _ words: [String]) -> String?
    ) {
        self.exists = exists
        self.commandProblem = commandProblem
    }
}

package enum Documents {
    /// Sorted by file and line; empty when every page is true.
    package static func complaints(
        about files: [TextFile], in house: DocumentedHouse
    ) -> [Complaint] {
        let texts = files.filter { $0.name.hasSuffix(".md") }
        let pages = texts.map { ($0.path, MarkdownPage($0.text)) }
        let anchors = Dictionary(
            uniqueKeysWithValues: pages.map { path, page in
                (path, page.headings.map { MarkdownPage.anchor(of: $0.text) })
            })
        let makefile = files.first { $0.path == "Makefile" }
        let targets = makefile.map { makeTargets($0.text) } ?? []
        let found = pages.flatMap { path, page in
            let rules = PageRules(path: path, page: page, house: house)
            return rules.deadLinks(anchors: anchors) + rules.deadPaths()
                + rules.examples(makeTargets: targets) + rules.deadTests(in: files)
        }
        return found.sorted()
    }

    /// Names before a colon at the beginning of a line.
    static func makeTargets(_ makefile: String) -> [String] {
        makefile.split(separator: "\n").compactMap { line in
            guard let colon = line.firstIndex(of: ":"), line[colon...].hasPrefix(":=") == false
            else { return nil }
            let name = line[..<colon]
            let isName = name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" }
            return isName && !name.isEmpty ? String(name) : nil
        }
    }
}

private struct PageRules {
    let path: String
    let page: MarkdownPage
    let house: DocumentedHouse

    /// A page speaks of these from the root, wherever it lies.
    private static let folders = [
        "Sources/", "Tests/", "docs/", "strategies/", "scenarios/", "deploy/", ".ci/",
    ]

    func deadLinks(anchors: [String: [String]]) -> [Complaint] {
        page.links.compactMap { link in
            guard !link.text.contains("://"), !link.text.hasPrefix("mailto:") else { return nil }
            let parts = link.text.split(
                separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
            let target = parts[0].isEmpty ? path : resolved(parts[0])
            guard house.exists(target) else {
                return complaint(.deadLink, link, "there is no \(target)")
            }
            guard parts.count == 2, let known = anchors[target],
                !known.contains(String(parts[1]))
            else { return nil }
            return complaint(.deadLink, link, "\(target) has no heading #\(parts[1])")
        }
    }

    func deadPaths() -> [Complaint] {
        page.codeSpans.compactMap { span in
            guard Self.folders.contains(where: span.text.hasPrefix), !span.text.contains(" "),
                !span.text.contains("*"), !house.exists(span.text)
            else { return nil }
            return complaint(.deadLink, span, "there is no \(span.text)")
        }
    }

    /// A line that names a file of tests and a sentence in code says that this test is there.
    func deadTests(in files: [TextFile]) -> [Complaint] {
        let spansByLine = Dictionary(grouping: page.codeSpans, by: \.line)
        return page.codeSpans.compactMap { span in
            guard isSentence(span.text), let spans = spansByLine[span.line] else { return nil }
            let named = spans.map(\.text).filter {
                $0.hasPrefix("Tests/") && $0.hasSuffix(".swift")
            }
            let texts = files.filter { named.contains($0.path) }.map(\.text)
            guard !texts.isEmpty, !texts.contains(where: { $0.contains("`\(span.text)`") })
            else { return nil }
            return complaint(
                .deadLink, span, "no test of that name in \(named.joined(separator: " "))")
        }
    }

    private func isSentence(_ text: String) -> Bool {
        text.split(separator: " ").count > 2 && !text.hasPrefix("swift ")
    }

    func examples(makeTargets: [String]) -> [Complaint] {
        let inProse = page.codeSpans.filter { $0.text.hasPrefix("make ") }
        return (page.shellLines + inProse).flatMap { example in
            ShellLine(example.text).commands.compactMap { words in
                problem(Array(words), makeTargets).map { complaint(.example, example, $0) }
            }
        }
    }

    private func problem(_ words: [String], _ makeTargets: [String]) -> String? {
        guard words[0] == "make" else {
            return house.commandProblem(words[0], Array(words.dropFirst()))
        }
        let unknown = words.dropFirst().first {
            !$0.contains("=") && !$0.hasPrefix("-") && !makeTargets.contains($0)
        }
        return unknown.map { "the Makefile has no target \($0)" }
    }

    /// A link as a path from the root.
    private func resolved(_ link: Substring) -> String {
        var parts = path.split(separator: "/").dropLast()
        for part in link.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }

    private func complaint(
        _ rule: RuleName, _ place: MarkdownPage.Place, _ problem: String
    ) -> Complaint {
        Complaint(
            file: path, line: place.line, rule: rule, problem: problem,
            advice: "say what is there, or put it there")
    }
}
