/// What of a page can be true or false: its links, its headings, what it says in code.
///
/// A subset of CommonMark, the one that the pages of this house are written in: fences of three
/// backticks, headings with hashes, links in one line, code between single backticks.
struct MarkdownPage {
    struct Place: Hashable {
        let line: Int
        let text: String
    }

    private(set) var links: [Place] = []
    private(set) var headings: [Place] = []
    private(set) var codeSpans: [Place] = []
    /// The lines of blocks fenced as sh, continued ones joined.
    private(set) var shellLines: [Place] = []

    init(_ text: String) {
        var fence: String?
        var continued: Place?
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let bare = line.drop { $0 == " " }
            if bare.hasPrefix("```") {
                fence = fence == nil ? String(bare.dropFirst(3)) : nil
            } else if fence == "sh" {
                let place = Place(
                    line: continued?.line ?? index + 1, text: (continued?.text ?? "") + bare)
                continued = bare.hasSuffix("\\") ? place.withoutLastCharacter : nil
                if continued == nil { shellLines.append(place) }
            } else if fence == nil {
                readProse(bare, line: index + 1)
            }
        }
    }

    private mutating func readProse(_ text: Substring, line: Int) {
        if text.hasPrefix("#") {
            headings.append(
                Place(line: line, text: String(text.drop { $0 == "#" || $0 == " " })))
        }
        // Every second piece between backticks is code.
        let pieces = text.split(separator: "`", omittingEmptySubsequences: false)
        for (number, piece) in pieces.enumerated() where number % 2 == 1 {
            codeSpans.append(Place(line: line, text: String(piece)))
        }
        var rest = text
        while let start = rest.firstRange(of: "](") {
            rest = rest[start.upperBound...]
            guard let end = rest.firstIndex(of: ")") else { return }
            links.append(Place(line: line, text: String(rest[..<end])))
        }
    }

    /// What stands after # in a link to a heading: small letters and digits, dashes for spaces.
    static func anchor(of heading: String) -> String {
        String(
            heading.lowercased().compactMap { letter in
                if letter == " " { return "-" }
                return letter.isLetter || letter.isNumber || "-_".contains(letter) ? letter : nil
            })
    }
}

extension MarkdownPage.Place {
    fileprivate var withoutLastCharacter: MarkdownPage.Place {
        MarkdownPage.Place(line: line, text: String(text.dropLast()))
    }
}
