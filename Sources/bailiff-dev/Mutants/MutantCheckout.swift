import Foundation

/// A copy of the checkout with a build of its own, in which bugs can be planted.
struct MutantCheckout {
    private let root: URL
    private let folder: URL
    private let logs: URL

    /// Brings the copy up to date. Files that did not change are left alone, so that what was built
    /// of them is used again.
    init(of root: URL) throws {
        self.root = root
        logs = root.appendingPathComponent(".build/mutants")
        folder = logs.appendingPathComponent("checkout")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let wanted = try Self.files(of: root)
        for path in wanted { try bring(path) }
        try dropAll(but: Set(wanted))
    }

    func text(of path: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
    }

    func write(_ text: String, to path: String) throws {
        try text.write(
            to: folder.appendingPathComponent(path), atomically: false, encoding: .utf8)
    }

    /// False where the program does not compile.
    func build(named name: String) throws -> Bool {
        let command = ["swift", "build", "-c", "release", "--product", "bailiff-dev"]
        return try run(command, log: "\(name).build").status == 0
    }

    func simulate(_ seeds: String, named name: String) throws -> ProcessEnd {
        try run(
            [".build/release/bailiff-dev", "sim", "--no-shrink", "--seeds", seeds],
            log: "\(name).sim")
    }

    // MARK: Files

    /// What belongs to the checkout, whether it was committed yet or not.
    private static func files(of root: URL) throws -> [String] {
        let command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
        let end = try ProcessEnd(
            of: command, in: root, log: root.appendingPathComponent(".build/mutants.files"))
        guard end.status == 0 else { throw MutationError("git does not list the files") }
        return end.output.split(separator: "\n").map(String.init).filter {
            FileManager.default.fileExists(atPath: root.appendingPathComponent($0).path)
        }
    }

    private func bring(_ path: String) throws {
        let source = root.appendingPathComponent(path)
        let copy = folder.appendingPathComponent(path)
        let data = try Data(contentsOf: source)
        // A copy that is not there is no copy that is the same.
        if (try? Data(contentsOf: copy)) == data { return }
        try FileManager.default.createDirectory(
            at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: copy)
    }

    private func dropAll(but wanted: Set<String>) throws {
        let found = FileManager.default.enumerator(atPath: folder.path)?.compactMap {
            $0 as? String
        }
        for path in (found ?? []).sorted()
        where !path.hasPrefix(".build") && !wanted.contains(path) {
            let url = folder.appendingPathComponent(path)
            let values = try url.resourceValues(forKeys: [.isDirectoryKey])
            if values.isDirectory != true { try FileManager.default.removeItem(at: url) }
        }
    }

    private func run(_ command: [String], log: String) throws -> ProcessEnd {
        try ProcessEnd(
            of: command, in: folder, log: logs.appendingPathComponent("\(log).log"))
    }
}

/// How another program ended, and what it said.
struct ProcessEnd {
    /// Nil where a signal or our patience ended it.
    let status: Int32?
    let output: String

    private static let secondsMax = 900.0

    init(of command: [String], in folder: URL, log: URL) throws {
        try Data().write(to: log)
        let writing = try FileHandle(forWritingTo: log)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.currentDirectoryURL = folder
        process.standardOutput = writing
        process.standardError = writing
        try process.run()
        let deadline = Date(timeIntervalSinceNow: Self.secondsMax)
        while process.isRunning, Date() < deadline { Thread.sleep(forTimeInterval: 0.05) }
        let isLate = process.isRunning
        if isLate { process.terminate() }
        process.waitUntilExit()
        try writing.close()
        status = isLate || process.terminationReason != .exit ? nil : process.terminationStatus
        output = try String(contentsOf: log, encoding: .utf8)
    }
}
