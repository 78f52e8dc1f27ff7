// What each market lets happen, and what it will.

import HTTPServing
import KeeperCodec
import KeeperModel
import VenueSimulator

extension VenueServer {
    func markets(_ visit: Visit) -> HTTPResponse {
        reply(visit) { json in
            venue.write(venue.scenario.markets.map { venue.marketSwitch(of: $0) }, to: &json)
        }
    }

    /// Puts into force what the switches for tests say of markets now; a market that they let go is
    /// open at once. What a scenario brought is left alone.
    func takeMarketFaults(_ old: TestFaults, _ new: TestFaults) {
        for market in venue.scenario.markets {
            let wanted = new.state(of: market)
            guard wanted != old.state(of: market) else { continue }
            withVenue { venue in
                guard let wanted else { return venue.resume(market, graceOf: .zero) }
                venue.announce(
                    wanted.state, of: market, fromHeight: venue.height + wanted.inHeights,
                    reason: "a test switch")
            }
        }
    }
}

extension ReferenceVenue {
    /// What everybody is told of the markets.
    func write(_ standing: [MarketSwitch], to json: inout JSONWriter) {
        var names: [MarketID: String] = [:]
        for terms in shownTerms { names[terms.market] = terms.protocolName }
        json.key("markets")
        json.beginArray()
        for market in standing { json.state(market, names[market.market] ?? "") }
        json.endArray()
    }
}

extension JSONWriter {
    fileprivate mutating func state(_ standing: MarketSwitch, _ protocolName: String) {
        beginObject()
        member("market", standing.market)
        member("protocol", protocolName)
        member("state", word(standing.state))
        if let since = standing.sinceHeight { member("sinceHeight", since) }
        if let from = standing.closableFrom { member("closableFrom", from) }
        if !standing.reason.isEmpty { member("reason", standing.reason) }
        if let next = standing.next {
            key("next")
            beginObject()
            member("state", word(next.state))
            member("effectiveHeight", next.effectiveHeight)
            member("reason", next.reason)
            endObject()
        }
        endObject()
    }

    private func word(_ state: MarketState?) -> String {
        guard let state else { preconditionFailure("The reference venue knows its own states") }
        return state.rawValue
    }
}
