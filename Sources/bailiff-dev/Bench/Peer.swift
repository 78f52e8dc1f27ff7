import Foundation

/// A program in another language that does the same work when it is told to, a round at a time.
struct Peer {
    private let process: Process?
    private let input: FileHandle?
    private let output: FileHandle?
    private let reason: String

    static let folder = ".build/bench"
    private static let rustNeeded = 1.89

    static func absent(_ reason: String) -> Peer {
        Peer(process: nil, input: nil, output: nil, reason: reason)
    }

    /// Built here, for this processor.
    static func rust(book: String) -> Peer {
        guard let version = text(of: ["rustc", "--version"]) else {
            return absent("rustc is absent")
        }
        let number = version.split(separator: " ").dropFirst().first.map(String.init) ?? ""
        let parts = number.split(separator: ".").prefix(2).joined(separator: ".")
        guard let found = Double(parts), found >= rustNeeded else {
            return absent("rustc \(number) is older than \(rustNeeded)")
        }
        let program = folder + "/rust_scan"
        let build = [
            "rustc", "--edition", "2021", "-O", "-C", "target-cpu=native", "-o", program,
            "Benchmarks/rust_scan.rs",
        ]
        guard text(of: build) != nil else {
            return absent("Benchmarks/rust_scan.rs does not build")
        }
        return start([program, book])
    }

    static func numpy(book: String) -> Peer {
        python(needing: "numpy", ["Benchmarks/numpy_scan.py", book])
            ?? absent("numpy is not installed")
    }

    /// A peer of the backtest bench, which needs this module of PyPI.
    static func backtest(_ script: String, needing module: String) -> Peer {
        python(needing: module, ["Benchmarks/\(script)"])
            ?? absent("\(module) is not installed; `make bench-backtest` does it")
    }

    /// A peer of the daemon bench, which needs this module of PyPI.
    static func http(_ script: String, needing module: String) -> Peer {
        python(needing: module, ["Benchmarks/\(script)"])
            ?? absent("\(module) is not installed; `make bench-daemon` does it")
    }

    static func node(_ script: String) -> Peer {
        guard text(of: ["node", "--version"]) != nil else { return absent("node is absent") }
        return start(["node", "Benchmarks/\(script)"])
    }

    /// Built here, with the compiler that builds us.
    static func swift(_ name: String) -> Peer {
        let program = folder + "/" + name
        let build = [
            "swiftc", "-O", "-parse-as-library", "-o", program, "Benchmarks/\(name).swift",
        ]
        guard text(of: ["mkdir", "-p", folder]) != nil, text(of: build) != nil else {
            return absent("Benchmarks/\(name).swift does not build")
        }
        return start([program])
    }

    /// Nil where no Python here has the module.
    private static func python(needing module: String, _ words: [String]) -> Peer? {
        for python in [folder + "/venv/bin/python", "python3"]
        where text(of: [python, "-c", "import \(module)"]) != nil {
            return start([python] + words)
        }
        return nil
    }

    /// The quickest of so many rounds; nil from a peer that is absent or has gone.
    func best(of tries: Int, _ accountCount: Int) -> (nanoseconds: Double, count: Int)? {
        let answers = (0..<tries).compactMap { _ in ask("\(accountCount)") }
        return answers.min { $0.nanoseconds < $1.nanoseconds }
    }

    func skipped(_ name: String) -> BenchResult? {
        process == nil ? .text("skipped, \(name)", reason) : nil
    }

    func ask(_ line: String) -> (nanoseconds: Double, count: Int)? {
        guard let parts = answer(to: line)?.split(separator: " "), parts.count == 2,
            let spent = Double(parts[0]), let count = Int(parts[1].filter(\.isNumber))
        else { return nil }
        return (spent, count)
    }

    /// One line for one line; nil from a peer that is absent or has gone.
    func answer(to line: String) -> String? {
        guard let input, let output else { return nil }
        input.write(Data((line + "\n").utf8))
        var answer = Data()
        while answer.last != UInt8(ascii: "\n") {
            let more = output.availableData
            guard !more.isEmpty else { return nil }
            answer += more
        }
        return String(decoding: answer, as: UTF8.self)
    }

    private static func start(_ words: [String]) -> Peer {
        let (process, input, output) = (process(words), Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        do {
            try process.run()
        } catch {
            return absent("\(words[0]) does not start: \(error)")
        }
        return Peer(
            process: process, input: input.fileHandleForWriting,
            output: output.fileHandleForReading, reason: "")
    }

    private static func process(_ words: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        return process
    }

    /// What a program prints; nil where it fails or is not there.
    static func text(of words: [String]) -> String? {
        let (process, output) = (process(words), Pipe())
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            return nil
        }
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? String(decoding: data, as: UTF8.self) : nil
    }
}
