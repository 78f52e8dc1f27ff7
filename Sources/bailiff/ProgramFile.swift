import Glibc
import KeeperCommands
import KeeperRuntime

/// This program as a file.
enum ProgramFile {
    /// The version, and the size and time of the program's file: a program that was built anew
    /// shares no result with the one before, whatever its version says. Hashing the file would say
    /// it better and take longer than many a result.
    static func identity() throws(StartProblem) -> String {
        var status = stat()
        guard stat("/proc/self/exe", &status) == 0 else {
            throw StartProblem(.inputOutput, "this program's own file cannot be looked at")
        }
        let time = status.st_mtim
        return "\(Workplace.build), \(status.st_size) bytes of \(time.tv_sec).\(time.tv_nsec)"
    }
}
