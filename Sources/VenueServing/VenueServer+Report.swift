// The venue's own books, for whoever wants to compare them with a keeper's.

import KeeperCodec
import KeeperModel
import VenueSimulator

extension VenueServer {
    /// One JSON object: balances, every settlement, every key with its answer, and the requests
    /// that came in.
    package func report() -> [UInt8] {
        var json = JSONWriter(reservingBytes: 65_536)
        json.beginObject()
        json.member("scenario", venue.scenario.name)
        json.member("seed", venue.scenario.seed)
        json.member("height", venue.height)
        json.member("isOver", venue.isOver)
        json.member("endowment", venue.scenario.keeperEndowment)
        json.keepers(settings.keys.keyIDs, venue)
        json.member("settledCount", venue.closes.settledCount)
        json.answers("closes", venue.closes)
        json.answers("transfers", venue.transfers)
        json.settlements(venue.world.settlements.records, signedBy: settlementSigner)
        json.fund(venue.world.settlements.state)
        json.member("totals", totals)
        if let closableSpans { json.spans(closableSpans.all(upTo: venue.height)) }
        json.requests(tally)
        json.endObject()
        return json.finish()
    }

    /// Of each asset over all holders: what the opening and the endowments brought in.
    private var totals: [AssetAmount] {
        let assets = venue.scenario.assets.map(\.description.asset) + [venue.scenario.quote.asset]
        return assets.sorted().map {
            AssetAmount(asset: $0, amount: venue.world.custody.total(of: $0))
        }
    }
}

extension JSONWriter {
    fileprivate mutating func keepers(_ keepers: [String], _ venue: ReferenceVenue) {
        key("keepers")
        beginArray()
        for keeper in keepers {
            beginObject()
            member("keeper", keeper)
            // Empty where the keeper never came.
            member("balances", venue.balances(of: keeper))
            member("reserve", venue.reserve(of: keeper))
            endObject()
        }
        endArray()
    }

    fileprivate mutating func answers(_ name: String, _ ledger: CloseLedger) {
        key(name)
        beginArray()
        for (clientID, close) in ledger.all {
            beginObject()
            member("clientId", clientID)
            member("keeper", close.keeper)
            member("storedAt", close.storedAt)
            member("answer", close.answer.asCloseAnswer)
            endObject()
        }
        endArray()
    }

    fileprivate mutating func spans(_ spans: [ClosableSpans.Span]) {
        key("closable")
        beginArray()
        for span in spans {
            beginObject()
            member("market", span.market)
            member("account", span.account)
            member("firstHeight", span.firstHeight)
            member("lastHeight", span.lastHeight)
            endObject()
        }
        endArray()
    }

    fileprivate mutating func requests(_ tally: RequestTally) {
        key("requests")
        beginObject()
        member("reads", tally.reads)
        member("writes", tally.writes)
        member("closes", tally.closes)
        member("voids", tally.voids)
        member("transfers", tally.transfers)
        member("otherWrites", tally.otherWrites)
        member("testSwitches", tally.testSwitches)
        endObject()
    }
}
