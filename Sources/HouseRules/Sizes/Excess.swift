/// Something larger than the house allows, with its figure: what the ratchet file may list.
struct Excess: Hashable, Sendable {
    let rule: RuleName
    let file: String
    /// The function, or empty where the figure is about the whole file.
    let name: String
    let line: Int
    let figure: Int
    let limit: Int

    var complaint: Complaint {
        let what: (problem: String, advice: String) =
            switch rule {
            case .functionLength:
                (
                    "\(name) has \(figure) lines, \(limit) are allowed",
                    "take a step of it out by name"
                )
            case .fileLength:
                ("\(figure) lines, \(limit) are allowed", "split it by concept")
            default:
                ("longer than \(limit) columns: \(figure) in this file", "break the lines")
            }
        return Complaint(
            file: file, line: line, rule: rule, problem: what.problem, advice: what.advice)
    }
}

enum SizeLimits {
    static let functionLines = 70
    static let sourceLines = 600
    static let testLines = 1_000
    static let columns = 100
}
