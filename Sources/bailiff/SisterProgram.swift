import Glibc
import KeeperCommands
import KeeperRuntime

/// A program that lies beside this one: the one that signs, and the one that serves the venue.
struct SisterProgram {
    let path: String

    init(_ program: Program) throws(StartProblem) {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        guard count > 0 else {
            throw StartProblem(.failed, "cannot find out where this program lies")
        }
        let own = String(
            decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let folder = own.lastIndex(of: "/").map { own[..<$0] } ?? "."
        path = folder + "/" + program.rawValue
        guard access(path, X_OK) == 0 else {
            throw StartProblem(
                .unavailable, "\(path): is not there; build or install it beside bailiff")
        }
    }

    /// Becomes the other program. Returns only where that failed.
    func execute(_ words: [String]) -> StartProblem {
        withArguments(words) { arguments in _ = execv(path, arguments) }
        return StartProblem(
            .unavailable, "\(path): cannot be executed: \(String(cString: strerror(errno)))")
    }

    /// Starts the other program beside this one, with more variables than this one has.
    func start(
        _ words: [String], variables: [String: String] = [:], outputTo file: String? = nil
    ) throws(StartProblem) -> ChildProcess {
        let environment = ProcessEnvironment.all().merging(variables) { $1 }
        var process: pid_t = 0
        var code: Int32 = 0
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let file {
            posix_spawn_file_actions_addopen(
                &actions, STDOUT_FILENO, file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        }
        withArguments(words) { arguments in
            let entries = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
            code = posix_spawn(&process, path, &actions, nil, arguments, entries)
            for entry in entries { free(entry) }
        }
        guard code == 0 else {
            throw StartProblem(
                .unavailable, "\(path): cannot be started: \(String(cString: strerror(code)))")
        }
        return ChildProcess(process: process)
    }

    private func withArguments(
        _ words: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Void
    ) {
        let arguments = ([path] + words).map { strdup($0) } + [nil]
        body(arguments)
        for argument in arguments { free(argument) }
    }
}

/// A process that this one started, and so may end.
struct ChildProcess {
    let process: pid_t

    func terminate() {
        kill(process, SIGTERM)
    }

    /// Its exit code; 128 and the signal's number where a signal ended it.
    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }

    var isRunning: Bool {
        var status: Int32 = 0
        return waitpid(process, &status, WNOHANG) == 0
    }
}
