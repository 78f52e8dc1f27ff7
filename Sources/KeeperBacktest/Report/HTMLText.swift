import KeeperRuntime
import WideMath

/// Text on a page. Whatever comes from a recording, a venue or a file is a stranger's, and goes
/// through `escaped` on its way.
enum HTMLText {
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            // Control characters are no text, and those that turn the reading order could make a
            // figure look like another.
            case "\u{0}"..."\u{8}", "\u{B}"..."\u{1F}", "\u{7F}"..."\u{9F}",
                "\u{200E}"..."\u{200F}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}":
                escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }

    static func paragraph(_ text: String, class name: String = "") -> String {
        name.isEmpty
            ? "<p>\(escaped(text))</p>" : "<p class=\"\(name)\">\(escaped(text))</p>"
    }
}

/// Rows of figures: the first column names, the others are aligned by their last digit.
struct HTMLTable {
    let caption: String
    let head: [String]
    let rows: [[String]]
    /// What is said where there are no rows.
    var silence = "Nothing of this occurred."

    var html: String {
        guard !rows.isEmpty else { return HTMLText.paragraph(silence, class: "soft") }
        let heads = head.enumerated().map { index, text in
            "<th scope=\"col\"\(index == 0 ? "" : " class=\"n\"")>\(HTMLText.escaped(text))</th>"
        }
        let body = rows.map { row in
            let cells = row.enumerated().map { index, text in
                index == 0
                    ? "<th scope=\"row\">\(HTMLText.escaped(text))</th>"
                    : "<td>\(HTMLText.escaped(text))</td>"
            }
            return "<tr>\(cells.joined())</tr>"
        }
        return "<table><caption>\(HTMLText.escaped(caption))</caption>"
            + "<thead><tr>\(heads.joined())</tr></thead><tbody>\(body.joined())</tbody></table>"
    }
}
