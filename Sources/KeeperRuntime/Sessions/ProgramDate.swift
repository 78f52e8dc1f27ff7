import Glibc
import KeeperCodec
import KeeperCommands
import KeeperModel
import KeeperTransport

/// When this program was made, as its file says.
enum ProgramDate {
    /// A file may be a little younger than the clock that it is held against: copied, or stamped by
    /// another machine.
    private static let leeway = TimeSpan.seconds(60)

    /// No machine can rightly be in a time before the program that runs on it was made. One whose
    /// battery is empty is in 1970; it would write that into the books.
    static func requireClockBehind(
        _ now: Instant = SystemClock.machineTime()
    ) throws(StartProblem) {
        // Where the file has no date there is nothing to hold the clock against.
        guard let madeAt, now + leeway < madeAt else { return }
        throw StartProblem(
            .configuration,
            "this machine's clock says \(UTCText.text(now)), and this program was made at "
                + "\(UTCText.text(madeAt)); set the clock, best by NTP, and start again")
    }

    private static var madeAt: Instant? {
        var status = stat()
        guard stat("/proc/self/exe", &status) == 0 else { return nil }
        return Instant(
            nanoseconds: Int64(status.st_mtim.tv_sec) * 1_000_000_000
                + Int64(status.st_mtim.tv_nsec))
    }
}
