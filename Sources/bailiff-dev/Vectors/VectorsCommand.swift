import FoundationEssentials
import KeeperCodec
import KnownAnswers

/// `bailiff-dev vectors`: runs known-answer files. Whatever a file holds that is not understood is
/// an error by name, never a skip.
func runVectorsCommand(_ arguments: [String]) -> ExitCode {
    guard let options = VectorOptions(arguments) else {
        print("usage: bailiff-dev vectors FILE... [--section NAME]... [--json]")
        return .usage
    }
    var outcomes: [VectorOutcome] = []
    for path in options.paths {
        do {
            let bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
            let file = try VectorFile(parsing: bytes)
            outcomes += file.run(sections: options.sections)
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
    var isJSON = false

    init?(_ arguments: [String]) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--json": isJSON = true
            case "--section":
                guard let name = rest.popFirst() else { return nil }
                sections.append(name)
            case let path where !path.hasPrefix("--"): paths.append(path)
            default: return nil
            }
        }
        guard !paths.isEmpty else { return nil }
    }
}
