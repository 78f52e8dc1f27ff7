package import Glibc

/// One of our programs as a real process. It never outlives this value.
package final class SpawnedProgram {
    package enum Ending: Hashable {
        case exited(Int32)
        case killed(by: Int32)
        /// It was still running when the patience was over, and was killed for it.
        case outOfPatience
    }

    package let process: pid_t
    private var ending: Ending?

    package convenience init(
        _ name: String, _ words: [String], variables: [String: String], output: String,
        errors: String
    ) throws {
        try self.init(
            at: Checkout.program(name), words, variables: variables, output: output,
            errors: errors)
    }

    /// Output and errors go to these files, behind what is there already.
    package init(
        at path: String, _ words: [String], variables: [String: String], output: String,
        errors: String
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let flags = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, flags, 0o600)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, flags, 0o600)
        var process: pid_t = 0
        let arguments = ([path] + words).map { strdup($0) } + [nil]
        let entries = Self.environment(with: variables).map { strdup($0) } + [nil]
        let code = posix_spawn(&process, path, &actions, nil, arguments, entries)
        for entry in arguments + entries { free(entry) }
        guard code == 0 else {
            throw RoadProblem("\(path) cannot be started: \(String(cString: strerror(code)))")
        }
        self.process = process
    }

    deinit {
        guard ending == nil else { return }
        kill(process, SIGKILL)
        var status: Int32 = 0
        waitpid(process, &status, 0)
    }

    package func send(_ signal: Int32) {
        guard endingNow() == nil else { return }
        kill(process, signal)
    }

    /// Waits without holding a thread of the tests: other suites run meanwhile.
    package func end(within seconds: Int = 90) async throws -> Ending {
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {
            if let ending = endingNow() { return ending }
            try await Task.sleep(for: .milliseconds(10))
        }
        kill(process, SIGKILL)
        var status: Int32 = 0
        waitpid(process, &status, 0)
        ending = .outOfPatience
        return .outOfPatience
    }

    /// Nil while it runs.
    package func endingNow() -> Ending? {
        if let ending { return ending }
        var status: Int32 = 0
        guard waitpid(process, &status, WNOHANG) == process else { return nil }
        let signal = status & 0x7F
        ending = signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(by: signal)
        return ending
    }

    /// What this process has, without settings of whoever runs the tests, and with the given ones.
    private static func environment(with variables: [String: String]) -> [String] {
        var entries: [String] = []
        var entry = environ
        while let text = entry.pointee.map({ String(cString: $0) }) {
            if !text.hasPrefix("BAILIFF_") { entries.append(text) }
            entry += 1
        }
        return entries + variables.map { "\($0.key)=\($0.value)" }
    }
}

/// Rounds of waiting for something that a process does.
package func wait(
    for what: String, within seconds: Int = 60, until isSo: () throws -> Bool
) async throws {
    let end = ContinuousClock.now + .seconds(seconds)
    while try !isSo() {
        guard ContinuousClock.now < end else {
            throw RoadProblem("\(what): not within \(seconds) s")
        }
        try await Task.sleep(for: .milliseconds(20))
    }
}
