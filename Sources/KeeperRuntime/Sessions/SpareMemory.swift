// Reading a snapshot of many accounts takes as much memory again as keeping them, in pieces all
// over the heap. Freed, they stay with the process until it asks the allocator to look: a keeper of
// a million accounts would be twice its size for months.

import CLinux
import KeeperTransport
import VenueREST

package struct SpareMemory {
    /// What had been read of snapshots when memory was given back last.
    private var readByteCount: UInt64 = 0

    /// Less is used again by whatever comes next.
    package static let worthByteCount: UInt64 = 8 << 20

    package init() {}

    /// In a quiet moment. Beside the loop, because it takes time by the megabyte.
    mutating func giveBack(of lines: [VenueLine], beside reactor: Reactor) {
        let byteCount = lines.reduce(0) { $0 + $1.feed.tally.longSnapshotByteCount }
        let underWay = lines.reduce(0) { $0 + $1.feed.snapshotsUnderWay }
        guard isWorthIt(readByteCount: byteCount, snapshotsUnderWay: underWay) else { return }
        reactor.aside {
            clinux_give_memory_back()
        } _: { (_: Void) in
        }
    }

    /// Once for what was read since the last time, and not while more is on its way.
    package mutating func isWorthIt(readByteCount: UInt64, snapshotsUnderWay: Int) -> Bool {
        guard snapshotsUnderWay == 0,
            readByteCount >= self.readByteCount + Self.worthByteCount
        else { return false }
        self.readByteCount = readByteCount
        return true
    }
}
