/// Marks of unfinished work, and paths of somebody's machine.
struct LeftoverRule: FileRule {
    private static let marks = ["TODO", "FIXME", "XXX", "HACK"]
    private static let machinePaths = ["/home/", "/Users/", "/work/"]

    func complaints(about file: SourceFile) -> [Complaint] {
        file.comments.compactMap { leftover($0, file) }
            + eachToken(of: file) { _, token in machinePath(token, file) }
    }

    private func leftover(_ comment: Comment, _ file: SourceFile) -> Complaint? {
        let words = comment.text.split { !$0.isLetter }
        guard let mark = Self.marks.first(where: { words.contains(Substring($0)) }) else {
            return nil
        }
        return file.complaint(
            .leftover, line: comment.line, "\(mark) is left in a comment",
            "do it now or take it out; plans live in the issue tracker")
    }

    private func machinePath(_ token: Token, _ file: SourceFile) -> Complaint? {
        guard token.kind == .text, file.place != .room("HouseRules"),
            let path = Self.machinePaths.first(where: { token.text.hasPrefix($0) })
        else { return nil }
        return file.complaint(
            .machinePath, line: token.line, "a path under \(path) exists on one machine",
            "take it from an argument, the environment or a temporary folder")
    }
}
