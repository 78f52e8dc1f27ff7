// `bailiff-dev docs`: whether the pages say what is so.

import Foundation
import HouseRules
import KeeperCommands

func runDocsCommand(_ arguments: [String]) -> ExitCode {
    let folders = arguments.filter { $0 != "--write" }
    guard folders.count <= 1, folders.first?.hasPrefix("-") != true else {
        printError("bailiff-dev: docs takes at most a folder, and --write")
        return .usage
    }
    let root = URL(fileURLWithPath: folders.first ?? ".", isDirectory: true)
    let house = DocumentedHouse(
        exists: { path in
            FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
        },
        commandProblem: problem)
    do {
        let page = root.appendingPathComponent(CommandPage.path)
        if arguments.contains("--write") {
            try Data(CommandPage.text().utf8).write(to: page)
        }
        let files = try CheckoutReader(root: root).files()
        let complaints = Documents.complaints(about: files, in: house)
        for complaint in complaints { print(complaint) }
        let isCurrent = files.contains {
            $0.path == CommandPage.path && $0.text == CommandPage.text()
        }
        if !isCurrent {
            print("\(CommandPage.path): not what the table says; run 'bailiff-dev docs --write'")
        }
        let pageCount = files.filter { $0.path.hasSuffix(".md") }.count
        printError("docs: \(pageCount) pages, \(complaints.count) complaints")
        return complaints.isEmpty && isCurrent ? .success : .mismatch
    } catch {
        printError("docs: \(error)")
        return .failure
    }
}

/// What the programs themselves would say to such a command line.
private func problem(of program: String, _ words: [String]) -> String? {
    switch program {
    case "bailiff":
        do throws(UsageError) {
            _ = try CommandLineParser.parse(words)
            return nil
        } catch {
            return error.description
        }
    case "bailiff-dev":
        let isKnown = commands.contains { $0.name == words.first }
        return isKnown ? nil : "bailiff-dev has no command \(words.first ?? "")"
    default: return nil
    }
}
