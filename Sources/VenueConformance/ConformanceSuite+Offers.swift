// A venue that shows offers instead of accounts: what it must not show, and what an offer is worth
// that was made. Nothing is taken here: whether offers settle as they were offered is read off what
// others took.

import KeeperCodec
import KeeperModel
import KeeperTransport
import WideMath

extension ConformanceSuite {
    static let offers: [ConformanceCheck] = [
        ConformanceCheck(
            "offers-hide-accounts", "shows no account where it makes offers", hiddenAccounts),
        ConformanceCheck(
            "offers-stream", "publishes what of its offers changed, from one snapshot to the next",
            offerStream),
        ConformanceCheck(
            "offers-settle", "settles offers as they were offered", settledOffers),
        ConformanceCheck(
            "offers-end", "lets nobody take an offer that stands no more", needsKey: true,
            endedOffers),
        ConformanceCheck(
            "offers-bids", "says of sealed bids only when they are opened", sealedBids),
    ]

    private static func hiddenAccounts(_ probe: VenueProbe) throws {
        _ = try probe.offerAllocation()
        var document = try probe.document(at: "/v1/capabilities")
        let venue: VenueDescription = try document.value("venue")
        for market in venue.markets.map(\.market) {
            for end in ["accounts", "proofs/anybody"] {
                let path = "/v1/markets/\(market)/\(end)"
                let code = try probe.refusal(
                    try probe.get(path), status: 404, of: "GET \(path)")
                try require(code == "notDisclosed", "\(path) is refused as '\(code)'")
            }
        }
        let offered = Set(try probe.offerEntries().flatMap(\.markets).flatMap(\.offers).map(\.id))
        for close in try probe.observedCloses() {
            let name = close.target.account
            try require(offered.contains(name), "a close names '\(name)', which is no offer")
        }
    }

    private static func offerStream(_ probe: VenueProbe) throws {
        _ = try probe.offerAllocation()
        let first = try OfferSnapshot(probe)
        let query = [QueryItem("after", "\(first.sequence)"), QueryItem("wait", "300")]
        _ = try probe.document(at: "/v1/offers", query)
        let second = try OfferSnapshot(probe)
        var known = first
        for entry in try probe.offerEntries()
        where entry.sequence > first.sequence && entry.sequence <= second.sequence {
            try known.apply(entry)
        }
        try require(
            known.table == second.table,
            "entries from \(first.sequence) to \(second.sequence) lead to other offers")
    }

    /// A close of a height was made on what was said until then.
    private static func settledOffers(_ probe: VenueProbe) throws {
        let allocation = try probe.offerAllocation()
        let entries = try probe.offerEntries()
        let closes = try probe.observedCloses()
        guard !closes.isEmpty else { throw NotOffered(reason: "nobody took anything yet") }
        let byOffer = Dictionary(grouping: closes, by: \.target.account)
        for id in byOffer.keys.sorted() {
            let taken = byOffer[id] ?? []
            let height = taken.map(\.height).max() ?? 0
            let said = entries.filter { $0.height <= height }.flatMap(\.markets)
                .flatMap(\.offers).filter { $0.id == id }
            let paid = taken.compactMap(\.paid?.amount).reduce(UInt256.zero, +)
            let got = taken.compactMap(\.taken?.amount).reduce(UInt256.zero, +)
            // What is shared out may be less than all of it.
            let fits = said.contains { offer in
                allocation == .proRata
                    ? paid <= offer.position.payAmount && got <= offer.position.takeAmount
                    : paid == offer.position.payAmount && got == offer.position.takeAmount
            }
            try require(fits, "offer '\(id)' was settled at \(got) for \(paid), never offered so")
        }
    }

    /// With limits that no offer meets, so that nothing moves at a venue that is wrong.
    private static func endedOffers(_ probe: VenueProbe) throws {
        _ = try probe.offerAllocation()
        let entries = try probe.offerEntries()
        guard let id = entries.flatMap(\.markets).flatMap(\.withdrawn).first,
            let offer = entries.flatMap(\.markets).flatMap(\.offers).last(where: { $0.id == id })
        else { throw NotOffered(reason: "no offer has ended yet") }
        var document = try probe.document(at: "/v1/capabilities")
        let key = probe.freshKey()
        let plan = ClosePlan(
            clientID: key,
            target: Target(
                domain: DomainID("conformance"), market: offer.market, account: id),
            accountVersion: offer.version,
            action: .purchase(
                LendingClose(
                    repayAsset: offer.payAsset, repayAmountMax: .one,
                    seizeAsset: offer.position.takeAsset, seizeAmountMin: .max,
                    funding: .inventory, exit: .hold)),
            validUntilHeight: try document.uint64("height") + 1_000)
        let path = "/v1/closes/\(key)"
        let reply = try probe.signedPut(path, plan.jsonBytes)
        var settled = try probe.document(reply, of: "PUT \(path)")
        guard case .refused(let refusal) = try settled.value("answer", as: CloseAnswer.self) else {
            throw Departure("an offer that stands no more is not refused")
        }
        try require(
            [.unknownAccount, .expired].contains(refusal.refusalClass),
            "an offer that stands no more is refused as \(refusal.refusalClass)")
    }

    /// Offers have the members of the page and no others: reading them is strict.
    private static func sealedBids(_ probe: VenueProbe) throws {
        guard try probe.offerAllocation() == .sealedBid else {
            throw NotOffered(reason: "no bids are sealed here")
        }
        let entries = try probe.offerEntries()
        let standing = try OfferSnapshot(probe).table.values.map { $0 }
        for offer in standing + entries.flatMap(\.markets).flatMap(\.offers) {
            try require(
                offer.position.closesAtHeight != nil,
                "nobody is told when the bids for '\(offer.id)' are opened")
        }
    }
}
