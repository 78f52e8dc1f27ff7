// Descriptors of others that share our poll: a wake-up bell, signals, a listening server.

import CCurl
import Glibc

package struct WatchID: Hashable, Sendable {
    let number: UInt64
}

package struct Interest: OptionSet, Sendable {
    package let rawValue: Int16
    package init(rawValue: Int16) { self.rawValue = rawValue }

    package static let readable = Interest(rawValue: Int16(POLLIN))
    package static let writable = Interest(rawValue: Int16(POLLOUT))
}

package struct Readiness: Hashable, Sendable {
    package let isReadable: Bool
    package let isWritable: Bool
    /// The other end is gone or the descriptor is broken; reading may still yield what was left.
    package let isEnded: Bool

    package init(isReadable: Bool, isWritable: Bool, isEnded: Bool) {
        self.isReadable = isReadable
        self.isWritable = isWritable
        self.isEnded = isEnded
    }
}

struct WatchList {
    private struct Watch {
        let number: UInt64
        let descriptor: Int32
        let interest: Interest
        let action: (Readiness) -> Void
    }

    private var watches: [Watch] = []
    private var lastNumber: UInt64 = 0

    mutating func add(
        _ descriptor: Int32, _ interest: Interest, _ action: @escaping (Readiness) -> Void
    ) -> WatchID {
        precondition(descriptor >= 0, "A watched descriptor is open")
        lastNumber += 1
        watches.append(
            Watch(
                number: lastNumber, descriptor: descriptor, interest: interest, action: action))
        return WatchID(number: lastNumber)
    }

    mutating func remove(_ watch: WatchID) {
        watches.removeAll { $0.number == watch.number }
    }

    /// What libcurl's poll waits for beside its own sockets.
    var pollList: [curl_waitfd] {
        watches.map {
            curl_waitfd(fd: $0.descriptor, events: $0.interest.curlEvents, revents: 0)
        }
    }

    /// Asks the descriptors themselves, because libcurl does not report a hang-up, and calls those
    /// that are ready. One that an earlier action removed is left alone.
    func fire(isStillThere: (WatchID) -> Bool) {
        var entries = watches.map {
            pollfd(fd: $0.descriptor, events: $0.interest.rawValue, revents: 0)
        }
        guard poll(&entries, nfds_t(entries.count), 0) > 0 else { return }
        for (watch, entry) in zip(watches, entries) where entry.revents != 0 {
            guard isStillThere(WatchID(number: watch.number)) else { continue }
            watch.action(Readiness(entry.revents))
        }
    }

    func contains(_ watch: WatchID) -> Bool {
        watches.contains { $0.number == watch.number }
    }
}

extension Interest {
    fileprivate var curlEvents: Int16 {
        var events: Int32 = 0
        if contains(.readable) { events |= CURL_WAIT_POLLIN }
        if contains(.writable) { events |= CURL_WAIT_POLLOUT }
        return Int16(events)
    }
}

extension Readiness {
    fileprivate init(_ events: Int16) {
        let has = { (flag: Int32) in events & Int16(flag) != 0 }
        self.init(
            isReadable: has(POLLIN), isWritable: has(POLLOUT),
            isEnded: has(POLLHUP) || has(POLLERR) || has(POLLNVAL))
    }
}
