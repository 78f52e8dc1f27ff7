import CLinux
import KeeperCodec
import KeeperRuntime
import KeeperTransport

/// Where the lines of a running keeper go. A log that cannot be written costs lines, which are
/// counted, and never a close.
package final class LogBook {
    private let form: LogForm
    private let journalSocket: String
    /// What matters less is not written: a picture that is drawn in place would be torn.
    private let leastLevel: LogLevel
    package private(set) var lostCount: UInt64 = 0

    package static let journalSocket = "/run/systemd/journal/socket"
    /// A datagram that is larger would need a file of its own; lines are cut long before.
    private static let byteCountMax = 32 << 10

    package init(
        form: LogForm, leastLevel: LogLevel = .info,
        journalSocket: String = LogBook.journalSocket
    ) {
        self.form = form
        self.leastLevel = leastLevel
        self.journalSocket = journalSocket
    }

    package func write(_ line: LogLine) {
        guard line.level.rawValue <= leastLevel.rawValue else { return }
        let bytes = line.bytes(in: form, at: UTCText.text(SystemClock.machineTime()))
        guard bytes.count <= Self.byteCountMax else {
            lostCount += 1
            return
        }
        guard form == .journald else {
            if !StandardStream.error.write(String(decoding: bytes, as: UTF8.self)) {
                lostCount += 1
            }
            return
        }
        let path = journalSocket
        guard clinux_send_datagram(path, path.utf8.count, bytes, bytes.count) != 0 else { return }
        // Without its socket the journal still reads what is written, by a number in front.
        let text = "<\(line.level.rawValue)>\(line.event): \(line.message)\n"
        if !StandardStream.error.write(text) { lostCount += 1 }
    }
}
