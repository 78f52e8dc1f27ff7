// What is offered, read the way a keeper reads it: strictly, for money hangs on every member.

import KeeperCodec
import KeeperModel
import KeeperTransport
import WideMath

/// All offers that stand, and after each entry of their stream.
struct OfferSnapshot {
    private(set) var sequence: UInt64
    private(set) var table: [AccountID: PublishedOffer] = [:]

    init(_ probe: VenueProbe) throws {
        var document = try probe.document(at: "/v1/offers")
        sequence = try document.uint64("sequence")
        let markets: [MarketOffers] = try document.value("markets")
        let said = try document.string("stateHash")
        try require(
            said == markets.stateHash, "offers hash to \(markets.stateHash), not \(said)")
        for offer in markets.flatMap(\.offers) {
            try require(table[offer.id] == nil, "offer '\(offer.id)' comes twice")
            table[offer.id] = offer
        }
    }

    mutating func apply(_ entry: OfferEntry) throws {
        try require(
            entry.sequence == sequence + 1, "/v1/offers: \(entry.sequence) follows \(sequence)")
        sequence = entry.sequence
        for market in entry.markets {
            for offer in market.offers {
                let known = table[offer.id]?.version ?? 0
                try require(
                    offer.version > known, "offer '\(offer.id)' changes and keeps its version")
                table[offer.id] = offer
            }
            for id in market.withdrawn { table[id] = nil }
        }
    }
}

struct OfferEntry {
    let sequence: UInt64
    let height: UInt64
    let markets: [MarketOffers]
}

extension VenueProbe {
    /// How the venue gives offers away; a reason to skip where it shows accounts.
    func offerAllocation() throws -> OfferAllocation {
        var document = try document(at: "/v1/capabilities")
        let venue: VenueDescription = try document.value("venue")
        for case .offers(let terms) in venue.markets { return terms.allocation }
        throw NotOffered(reason: "this venue shows accounts and makes no offers")
    }

    /// Every entry that the stream still holds; a reason to skip where the oldest are gone.
    func offerEntries() throws -> [OfferEntry] {
        try wholeStream("/v1/offers").map { entry in
            var members = try entry.reader.object()
            return OfferEntry(
                sequence: entry.sequence, height: entry.height,
                markets: try members.value("markets"))
        }
    }

    func observedCloses() throws -> [ObservedClose] {
        try wholeStream("/v1/closes").map { entry in
            var members = try entry.reader.object()
            return try members.value("close")
        }
    }

    private func wholeStream(_ path: String) throws -> [StreamPage.Entry] {
        var entries: [StreamPage.Entry] = []
        // Enough for what a venue retains, and an end for one that never comes to one.
        for _ in 1...100 {
            let query = [QueryItem("after", "\(entries.last?.sequence ?? 0)")]
            if entries.isEmpty, try get(path, query).status == 410 {
                throw NotOffered(reason: "the beginning of \(path) is gone")
            }
            let page = try StreamPage(self, path, query)
            if page.entries.isEmpty { break }
            entries += page.entries
        }
        return entries
    }
}
