import FoundationEssentials
import KeeperCodec
import KnownAnswers

/// `bailiff-dev vectors`: runs known-answer files. Whatever a file holds that is not understood is
/// an error by name, never a skip; with `--known` the sections without a runner are named on
/// standard error and left out.
func runVectorsCommand(_ arguments: [String]) -> ExitCode {
    guard let options = VectorOptions(arguments) else {
        print("usage: bailiff-dev vectors FILE... [--section NAME]... [--known] [--json]")
        return .usage
    }
    var outcomes: [VectorOutcome] = []
    for path in options.paths {
        do {
            let bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
            let file = try VectorFile(parsing: bytes)
            if options.takesOnlyKnown, !file.unknownSections.isEmpty {
                printError("\(path): no runner for \(file.unknownSections.joined(separator: ", "))")
            }
            outcomes += file.run(
                sections: options.takesOnlyKnown ? file.knownSections : options.sections)
        } catch {
            print("\(path): \(error)")
            return .failure
        }
    }
    let report = VectorReport(outcomes: outcomes)
    print(options.isJSON ? report.json : report.text)
    return report.isClean ? .success : .mismatch
}

private struct VectorOptions {
    var paths: [String] = []
    /// Empty: every section of the file.
    var sections: [String] = []
    var takesOnlyKnown = false
    var isJSON = false

    init?(_ arguments: [String]) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--json": isJSON = true
            case "--known": takesOnlyKnown = true
            case "--section":
                guard let name = rest.popFirst() else { return nil }
                sections.append(name)
            case let path where !path.hasPrefix("--"): paths.append(path)
            default: return nil
            }
        }
        guard !paths.isEmpty, !takesOnlyKnown || sections.isEmpty else { return nil }
    }
}
