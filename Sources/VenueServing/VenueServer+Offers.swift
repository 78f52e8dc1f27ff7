// What a venue says that shows offers instead of accounts, and what keepers commit to take of them.

import HTTPServing
import KeeperCodec
import KeeperModel
import VenueSimulator
import WideMath

extension VenueServer {
    /// Where accounts are shown there are no offers, and the other way round.
    func requireShown(_ channel: VenueChannel) throws(VenueProblem) {
        switch channel {
        case .accounts(let market) where venue.offerRules != nil:
            try requireMarket(market)
            throw .accountsHidden
        case .offers where venue.offerRules == nil:
            throw VenueProblem(.noSuchPath, "this venue shows accounts and makes no offers")
        default: break
        }
    }

    func requireMarket(_ market: MarketID) throws(VenueProblem) {
        guard venue.scenario.markets.contains(market) else {
            throw VenueProblem(.noSuchMarket, "no market is called '\(market)'")
        }
    }

    /// All that stand, market by market.
    func standingOffers(_ visit: Visit) -> HTTPResponse {
        var markets = venue.standingOffers
        let stateHash = markets.stateHash
        if markets.contains(where: { !$0.offers.isEmpty }),
            StreamFaults.take(&faults.streams.lie)
        {
            markets = markets.map {
                MarketOffers(market: $0.market, offers: Array($0.offers.dropLast()))
            }
        }
        return reply(visit) { json in
            json.member("channel", VenueChannel.offers.name)
            json.member("sequence", venue.channels.offers.sequence)
            json.member("stateHash", stateHash)
            json.member("markets", markets)
        }
    }

    // MARK: Capacity

    func capacity(of keeper: String, _ visit: Visit) throws(VenueProblem) -> HTTPResponse {
        guard let capacity = venue.capacity(of: keeper) else { throw .noCapacity }
        return reply(visit) { json in
            json.member("keeper", keeper)
            json.member("asset", venue.scenario.quote.asset)
            json.member("amount", capacity.amount)
            json.member("used", capacity.used)
            json.member("optOut", capacity.optOut)
            json.member("allotments", venue.allotments(of: keeper))
        }
    }

    /// Says everything anew: what was used of an earlier promise counts no more.
    func commit(
        _ body: [UInt8], _ keeper: String, _ visit: Visit
    ) throws(VenueProblem) -> HTTPResponse {
        guard venue.capacity(of: keeper) != nil else { throw .noCapacity }
        let wanted: Capacity
        do {
            wanted = try capacity(JSONReader(JSONValue.parse(body)))
        } catch {
            throw VenueProblem(.malformed, "\(error)")
        }
        withVenue { $0.commit(wanted, of: keeper) }
        return try capacity(of: keeper, visit)
    }

    private func capacity(_ reader: JSONReader) throws(JSONReadError) -> Capacity {
        var object = try reader.object()
        let asset = try object.required("asset")
        guard try asset.identifier(as: AssetID.self) == venue.scenario.quote.asset else {
            throw asset.refused("what offers are paid in: \(venue.scenario.quote.asset)")
        }
        let amount: UInt256 = try object.quotedInteger("amount")
        let markets = object.optional("optOut")
        let optOut = try markets.map { (json) throws(JSONReadError) in
            try json.array(countMax: 64) { name throws(JSONReadError) in
                let market = try name.identifier(as: MarketID.self)
                guard venue.scenario.markets.contains(market) else {
                    throw name.refused("a market of this venue")
                }
                return market
            }
        }
        try object.finish()
        return Capacity(amount: amount, optOut: Set(optOut ?? []).sorted())
    }
}

extension VenueProblem {
    static var accountsHidden: VenueProblem {
        VenueProblem(.notDisclosed, "this venue shows offers and no accounts: GET /v1/offers")
    }

    fileprivate static var noCapacity: VenueProblem {
        VenueProblem(.noSuchPath, "this venue shares nothing out by capacity")
    }
}

extension ReferenceVenue {
    var standingOffers: [MarketOffers] {
        scenario.markets.map { market in
            MarketOffers(
                market: market,
                offers: published(offers.filter { $0.market == market }.map(\.state), of: market))
        }
    }

    /// In the order of the scenario's markets, as snapshots are.
    func published(_ delta: OfferDelta) -> [MarketOffers] {
        delta.markets.map {
            MarketOffers(
                market: $0.market, offers: published($0.changed, of: $0.market),
                withdrawn: $0.withdrawn)
        }
    }

    private func published(_ states: [AccountState], of market: MarketID) -> [PublishedOffer] {
        states.compactMap { state in
            guard case .offer(let position) = state.position, let offerRules else { return nil }
            return PublishedOffer(
                market: market, id: state.account, version: state.version,
                payAsset: scenario.quote.asset, allocation: offerRules.allocation,
                position: position)
        }
    }
}
