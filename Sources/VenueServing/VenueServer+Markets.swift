// Whether markets take closes, and from when.

import HTTPServing
import KeeperCodec
import KeeperModel
import VenueSimulator

extension VenueServer {
    func markets(_ visit: Visit) -> HTTPResponse {
        reply(visit) { json in
            json.key("markets")
            json.beginArray()
            for terms in venue.shownTerms { json.state(of: terms, venue) }
            json.endArray()
        }
    }

    /// Exactly these take no closes from now on. A market that is let go is open at once.
    func halt(_ halted: [MarketID]) {
        for market in venue.scenario.markets {
            let isHalted = venue.isPaused(market)
            guard halted.contains(market) != isHalted else { continue }
            withVenue { venue in
                if isHalted {
                    venue.resume(market, graceOf: .zero)
                } else {
                    venue.pause(market, reason: "a test switch")
                }
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func state(of terms: MarketTerms, _ venue: ReferenceVenue) {
        let standing = venue.switches[terms.market]
        beginObject()
        member("market", terms.market)
        member("protocol", terms.protocolName)
        member("state", standing?.isClosable ?? true ? "open" : "halted")
        if let from = standing?.closableFrom, from > venue.world.now {
            member("closableFrom", from)
        }
        if let standing, !standing.isClosable { member("reason", standing.reason) }
        endObject()
    }
}
