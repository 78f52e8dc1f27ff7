// An exception where it is made: a comment that names one rule and gives a reason. It covers its
// own line and the next one; where a function or a property begins there, all of it. One that
// allows nothing, or gives no reason, is a complaint itself.

struct Allowance: Hashable, Sendable {
    let rule: RuleName
    let line: Int
    private let lastLineCovered: Int

    private static let start = "tidy:allow("
    /// In the whole house.
    static let uncheckedMax = 3

    func covers(_ complaint: Complaint) -> Bool {
        complaint.rule == rule && (line...lastLineCovered).contains(complaint.line)
    }

    /// The allowances of a file, and complaints about those that are badly written.
    static func read(_ file: SourceFile) -> (allowances: [Allowance], complaints: [Complaint]) {
        var allowances: [Allowance] = []
        var complaints: [Complaint] = []
        for comment in file.comments {
            guard let mark = comment.text.firstRange(of: start) else { continue }
            let rest = comment.text[mark.upperBound...]
            let name = rest.prefix { $0 != ")" }
            let reason = rest.dropFirst(name.count + 1).drop { $0 == " " }
            guard let rule = RuleName(rawValue: String(name)) else {
                complaints.append(bad(file, comment, "there is no rule '\(name)'"))
                continue
            }
            guard reason.contains(" ") else {
                complaints.append(bad(file, comment, "an exception to '\(name)' without a reason"))
                continue
            }
            allowances.append(
                Allowance(
                    rule: rule, line: comment.line,
                    lastLineCovered: lastLineCovered(from: comment.lastLine + 1, in: file)))
        }
        return (allowances, complaints)
    }

    private static func lastLineCovered(from line: Int, in file: SourceFile) -> Int {
        FunctionMeasure(file).functions()
            .filter { $0.line == line }
            .map { line + $0.lineCount - 1 }
            .max() ?? line
    }

    /// Takes off what is allowed, and complains about what allowed nothing.
    static func apply(
        _ allowances: [Allowance], to complaints: [Complaint], of file: SourceFile
    ) -> [Complaint] {
        let left = complaints.filter { complaint in !allowances.contains { $0.covers(complaint) } }
        let unused = allowances.filter { allowance in !complaints.contains(where: allowance.covers)
        }
        return left
            + unused.map {
                file.complaint(
                    .allowance, line: $0.line, "nothing here breaks '\($0.rule.rawValue)'",
                    "remove the exception")
            }
    }

    private static func bad(
        _ file: SourceFile, _ comment: Comment, _ problem: String
    ) -> Complaint {
        file.complaint(
            .allowance, line: comment.line, problem,
            "write: // tidy:allow(rule) why it is right here")
    }
}
