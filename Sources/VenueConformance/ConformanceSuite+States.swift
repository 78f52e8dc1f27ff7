// What markets let happen: said of every market, in words that everybody knows, and kept to.

import KeeperCodec
import KeeperModel
import KeeperTransport

extension ConformanceSuite {
    static let states: [ConformanceCheck] = [
        ConformanceCheck(
            "market-states", "says of every market what it lets happen, in known words",
            marketStates),
        ConformanceCheck(
            "states-ahead", "lets what it told ahead come at its height, and nothing else",
            statesAhead),
    ]

    private static let path = "/v1/switches"

    private static func marketStates(_ probe: VenueProbe) throws {
        let markets = try marketsWithStates(probe)
        let newest = try StreamPage(probe, path, [])
        guard let entry = newest.entries.last else { throw Departure("\(path) has no entry") }
        let states = try PublishedState.all(of: entry)
        let named = states.map(\.market)
        try require(
            named.count == markets.count && Set(named) == Set(markets),
            "\(path) speaks of \(named.map(\.text)), and there are \(markets.map(\.text))")
        for state in states {
            guard let next = state.next else { continue }
            try require(
                next.effectiveHeight > entry.height,
                "\(state.market): told ahead at \(entry.height) for \(next.effectiveHeight)")
        }
    }

    /// What was told of a height is so at that height, unless another entry came between them.
    private static func statesAhead(_ probe: VenueProbe) throws {
        _ = try marketsWithStates(probe)
        let newest = try StreamPage(probe, path, []).sequence
        let after = newest - min(newest, 64)
        let page = try StreamPage(probe, path, [QueryItem("after", "\(after)")])
        try page.requireUnbroken(after: after, path)
        guard page.entries.count > 1 else {
            throw NotOffered(reason: "no market changed its state yet")
        }
        for (earlier, later) in zip(page.entries, page.entries.dropFirst()) {
            let then = try PublishedState.all(of: earlier)
            for state in try PublishedState.all(of: later) {
                let told = then.first { $0.market == state.market }?.next
                guard let told, told.effectiveHeight <= later.height else { continue }
                try require(
                    later.height == told.effectiveHeight && state.state == told.state,
                    "\(state.market): \(told.state) was told for \(told.effectiveHeight), "
                        + "and it is \(state.state) at \(later.height)")
            }
        }
        try requireOverdueNothing(probe)
    }

    /// Nor does the newest entry promise what should be there already.
    private static func requireOverdueNothing(_ probe: VenueProbe) throws {
        var document = try probe.document(at: path)
        let height = try document.uint64("height")
        guard let last = try document.required("entries").array(countMax: 4_096).last else {
            return
        }
        var entry = try last.object()
        for state in try PublishedState.all(in: &entry) {
            let due = state.next?.effectiveHeight ?? .max
            try require(
                due > height, "\(state.market): told for \(due), and it is \(height) by now")
        }
    }

    private static func marketsWithStates(_ probe: VenueProbe) throws -> [MarketID] {
        var document = try probe.document(at: "/v1/capabilities")
        let venue: VenueDescription = try document.value("venue")
        let names = try document.required("channels").array(countMax: 256).map { reader in
            var channel = try reader.object()
            return try channel.string("name")
        }
        guard names.contains("switches") else {
            throw NotOffered(reason: "the venue has no channel of switches")
        }
        return venue.markets.map(\.market)
    }
}

/// One market's row of an entry.
private struct PublishedState {
    struct Next {
        let state: MarketState
        let effectiveHeight: UInt64
    }

    let market: MarketID
    let state: MarketState
    let next: Next?

    static func all(of entry: StreamPage.Entry) throws -> [PublishedState] {
        var members = try entry.reader.object()
        return try all(in: &members)
    }

    static func all(in members: inout ObjectReader) throws -> [PublishedState] {
        try members.required("markets").array(countMax: 4_096).map { reader in
            var row = try reader.object()
            let next = try row.optional("next").map { reader in
                var next = try reader.object()
                return Next(
                    state: try next.value("state"),
                    effectiveHeight: try next.uint64("effectiveHeight"))
            }
            return PublishedState(
                market: try row.value("market"), state: try row.value("state"), next: next)
        }
    }
}
