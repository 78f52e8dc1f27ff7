// `bailiff-dev tidy`: reads the checkout, applies the rules, prints one line per complaint.

import Foundation
import HouseRules

func runTidyCommand(_ arguments: [String]) -> ExitCode {
    guard arguments.count <= 1, arguments.first?.hasPrefix("-") != true else {
        return complainAboutUsage("tidy takes at most a folder")
    }
    let root = URL(fileURLWithPath: arguments.first ?? ".", isDirectory: true)
    let manifest = root.appendingPathComponent("Package.swift").path
    guard FileManager.default.fileExists(atPath: manifest) else {
        return complainAboutUsage("\(root.path) has no Package.swift; name the root of a checkout")
    }
    do {
        let files = try CheckoutReader(root: root).files()
        let complaints = Tidy.complaints(about: files, ratchet: try ratchet(in: files))
        for complaint in complaints { print(complaint) }
        printError("tidy: \(files.count) files, \(complaints.count) complaints")
        return complaints.isEmpty ? .success : .mismatch
    } catch let problem as RatchetProblem {
        printError("\(Ratchet.fileName): \(problem)")
        return .mismatch
    } catch {
        printError("tidy: \(error)")
        return .failure
    }
}

private func complainAboutUsage(_ problem: String) -> ExitCode {
    printError("bailiff-dev: \(problem)")
    return .usage
}

private func ratchet(in files: [TextFile]) throws -> Ratchet {
    guard let file = files.first(where: { $0.path == Ratchet.fileName }) else { return .empty }
    return try Ratchet(json: Array(file.text.utf8))
}
