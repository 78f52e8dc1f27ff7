import Glibc
package import KeeperCommands
import KeeperFeeds
import KeeperModel
import KeeperTransport
import VenueREST

/// Feeds into a recording, without an engine: what a later dry run or backtest is fed with.
package final class FeedRecording {
    private let reactor: Reactor
    private let store: RecordingStore
    private let untilHeight: UInt64?
    private var lines: [VenueLine] = []
    private var sequence: UInt64 = 0
    private var height: UInt64 = 0
    private var lastReceivedAt = Instant(nanoseconds: .min)
    private var isAsked = false
    private var stop: KeeperStop?
    private var savedAt = MonotonicTime.now()
    private static let savingInterval = TimeSpan.seconds(1)

    package init(_ parsed: ParsedCommand, _ workplace: Workplace) throws(StartProblem) {
        // What is refused is refused before a file is made.
        let ways = try Station.ways(workplace.config)
        reactor = Reactor(clock: try Station.clock(parsed), venueCount: ways.count)
        untilHeight = try Station.height(parsed)
        if untilHeight != nil { try workplace.requireOneVenue(for: "--until-height") }
        store = try workplace.recording(
            parsed.arguments[0], keyPrefix: nil, at: SystemClock.machineTime())
        reactor.onSignals([SIGTERM, SIGINT]) { [weak self] _ in self?.isAsked = true }
        let record: ExchangeRecording = { [weak self] exchange, startedAt, endedAt in
            self?.keep { store throws(KeeperStop) in
                try store.append(exchange, startedAt: startedAt, endedAt: endedAt)
            }
        }
        let isOne = ways.count == 1
        lines = ways.map { way in
            VenueLine(
                way, reactor: reactor, comparedWith: nil, sign: nil,
                record: isOne ? record : NetworkSession.naming(way.domain, record),
                sink: { [weak self] letter in self?.take(letter) })
        }
    }

    /// How many events were recorded when it was told to stop.
    package func run() throws(KeeperStop) -> UInt64 {
        for line in lines { line.start() }
        while !isAsked, stop == nil, height < untilHeight ?? .max {
            reactor.runOnce(waitingAtMost: .milliseconds(200))
            try saveNowAndThen()
        }
        for line in lines { line.stop() }
        if let stop { throw stop }
        try store.close()
        return sequence
    }

    /// A recorder that is killed loses no more than about a second.
    private func saveNowAndThen() throws(KeeperStop) {
        let now = MonotonicTime.now()
        guard now > savedAt + Self.savingInterval else { return }
        savedAt = now
        try store.flush()
    }

    private func take(_ letter: FeedLetter) {
        sequence += 1
        height = max(height, letter.height)
        lastReceivedAt = max(lastReceivedAt, letter.receivedAt)
        let event = Event(
            sequence: sequence, domain: letter.domain, receivedAt: lastReceivedAt,
            height: letter.height, body: letter.body)
        keep { store throws(KeeperStop) in try store.append(event) }
    }

    /// A recording that cannot be written ends with its first failure.
    private func keep(_ write: (RecordingStore) throws(KeeperStop) -> Void) {
        guard stop == nil else { return }
        do {
            try write(store)
        } catch {
            stop = error
        }
    }
}
