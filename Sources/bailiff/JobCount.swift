import Glibc
import KeeperCommands

/// How many things a command does at once: what `--jobs` says, or one per core.
func jobCount(_ parsed: ParsedCommand) throws(UsageError) -> Int {
    let most = 1_024
    guard let text = parsed.value("jobs") else {
        return max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    }
    guard let count = Int(text), (1...most).contains(count) else {
        throw UsageError("--jobs \(text): expected a number from 1 to \(most)")
    }
    return count
}
