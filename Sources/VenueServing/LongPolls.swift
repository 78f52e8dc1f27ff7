// Those who wait for a stream to go on. Each is answered when it does, or when its wait ends.

import HTTPServing
import KeeperTransport

struct LongPoll {
    let exchange: HTTPExchange
    let visit: Visit
    let channel: VenueChannel
    let after: UInt64
    let timer: TimerID
}

/// In the order in which they came. Bounded by the server's connections: each waits on its own.
struct LongPolls {
    private var waiting: [LongPoll] = []

    mutating func add(_ poll: LongPoll) {
        waiting.append(poll)
    }

    mutating func take(_ requestID: String) -> LongPoll? {
        waiting.firstIndex { $0.visit.requestID == requestID }.map { waiting.remove(at: $0) }
    }

    /// Takes out those for whom there is something new.
    mutating func takeReady(_ hasNews: (LongPoll) -> Bool) -> [LongPoll] {
        let ready = waiting.filter(hasNews)
        waiting.removeAll(where: hasNews)
        return ready
    }
}
