/// Files that nothing leads to: Swift outside of every target, scripts and pages without a mention.
struct DeadFileRule {
    private static let mentioned = [".md", ".sh", ".py", ".bats"]
    /// Where a reader begins; nothing has to lead there.
    private static let entrances = ["README.md"]

    func complaints(about files: [TextFile], manifest: SourceFile?) -> [Complaint] {
        let targets = manifest?.tokens.filter { $0.kind == .text }.map(\.text) ?? []
        return files.compactMap { file in
            if file.isSwift { return homeless(file, targets) }
            return unmentioned(file, files)
        }
    }

    private func homeless(_ file: TextFile, _ targets: [String]) -> Complaint? {
        let parts = file.path.split(separator: "/").map(String.init)
        guard parts.count > 2, ["Sources", "Tests"].contains(parts[0]), !targets.contains(parts[1])
        else { return nil }
        return complaint(
            file, "Package.swift has no target \(parts[1])", "add the target or remove the file")
    }

    private func unmentioned(_ file: TextFile, _ files: [TextFile]) -> Complaint? {
        guard Self.mentioned.contains(where: file.name.hasSuffix),
            !Self.entrances.contains(file.path),
            !files.contains(where: { $0.path != file.path && $0.text.contains(file.name) })
        else { return nil }
        return complaint(
            file, "no other file mentions \(file.name)",
            "link it where a reader would look, or remove it")
    }

    private func complaint(_ file: TextFile, _ problem: String, _ advice: String) -> Complaint {
        Complaint(file: file.path, line: 1, rule: .deadFile, problem: problem, advice: advice)
    }
}
