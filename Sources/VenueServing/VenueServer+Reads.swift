// What can be asked without changing anything. Every reply carries height and server time, and the
// sequence of its stream where it has one.

import HTTPServing
import KeeperCodec
import KeeperModel
import KeeperTransport
import LiquidationRules
import VenueSimulator

extension VenueServer {
    func read(
        _ route: VenueRoute, _ exchange: HTTPExchange, _ visit: Visit
    ) throws(VenueProblem) {
        let request = exchange.request
        if !route.isSigned { try count(visit, .reads, of: "") }
        switch route {
        case .channel(let channel):
            try requireShown(channel)
            try follow(channel, exchange, visit)
        case .capabilities: exchange.respond(capabilities(visit))
        case .time: exchange.respond(time(visit))
        case .markets: exchange.respond(markets(visit))
        case .balances:
            let keeper = try keeper(of: request, for: .read, visit)
            exchange.respond(balances(of: keeper, visit))
        case .capacity:
            let keeper = try keeper(of: request, for: .read, visit)
            exchange.respond(try capacity(of: keeper, visit))
        case .close(let clientID):
            let keeper = try keeper(of: request, for: .read, visit)
            exchange.respond(try close(clientID, keeper, visit))
        case .transfer(let clientID):
            let keeper = try keeper(of: request, for: .read, visit)
            exchange.respond(try transfer(clientID, keeper, visit))
        case .settlements:
            let after = try PollQuery.number("after", request.target) ?? 0
            exchange.respond(settlements(after: after, visit))
        case .fund: exchange.respond(fund(visit))
        case .fundHistory:
            let after = try PollQuery.number("after", request.target) ?? 0
            exchange.respond(fundHistory(after: after, visit))
        case .statement(let day):
            let keeper = try keeper(of: request, for: .read, visit)
            exchange.respond(try statement(of: day, keeper, visit))
        case .proof(let market, let account):
            exchange.respond(try proof(of: account, in: market, visit))
        case .void, .voidTransfer, .testFaults:
            preconditionFailure("What only takes PUT is never read")
        }
    }

    /// The keeper that signed the request; it finds its endowment when it comes for the first time.
    func keeper(
        of request: HTTPRequest, for scope: KeyScope, _ visit: Visit
    ) throws(VenueProblem) -> String {
        let keeper = try gate.keeper(of: request, for: scope, now: SystemClock.machineTime())
        try count(visit, scope == .read ? .reads : .writes, of: keeper)
        withVenue { $0.admit(keeper: keeper) }
        return keeper
    }

    /// Takes the request out of its bucket; from now on its replies say what is left there.
    func count(
        _ visit: Visit, _ kind: RateBuckets.Kind, of keeper: String
    ) throws(VenueProblem) {
        let (standing, isAllowed) = buckets.take(kind, of: keeper, at: .now())
        visit.standing = standing
        guard isAllowed else {
            throw VenueProblem(
                .tooManyRequests, "at most \(standing.limit) \(kind) a second",
                headers: [HTTPField("Retry-After", "\(RateStanding.windowSeconds)")])
        }
    }

    func reply(
        _ visit: Visit, headers: [HTTPField] = [], _ members: (inout JSONWriter) -> Void
    ) -> HTTPResponse {
        var json = JSONWriter(reservingBytes: 4_096)
        json.beginObject()
        json.member("height", venue.height)
        json.member("serverTime", now)
        members(&json)
        json.endObject()
        let fields = [HTTPField("Content-Type", "application/json")] + visit.headers
        return HTTPResponse(status: 200, headers: fields + headers, body: json.finish())
    }

    func refusal(_ problem: VenueProblem, _ visit: Visit) -> HTTPResponse {
        problem.response(to: visit, height: venue.height, now: now)
    }

    private func capabilities(_ visit: Visit) -> HTTPResponse {
        let channels: [(VenueChannel, Int)] =
            [
                (.prices, venue.channels.prices.retainedMax),
                (.figures, venue.channels.figures.retainedMax),
                (.depth, venue.channels.depth.retainedMax),
                (.flashPools, venue.channels.flashPools.retainedMax),
                (.switches, venue.channels.switches.retainedMax),
                (.closes, venue.channels.closes.retainedMax),
            ] + (venue.offerRules == nil ? [] : [(.offers, venue.channels.offers.retainedMax)])
        let markets = venue.offerRules == nil ? venue.scenario.markets : []
        return reply(visit) { json in
            json.member("venue", venue.description)
            json.key("settlementKey")
            json.hex(settlementSigner.publicKey)
            json.key("channels")
            json.beginArray()
            for (channel, retainedMax) in channels {
                json.channel(channel.name, "/v1/" + channel.name, retainedMax)
            }
            for market in markets {
                let path = "/v1/markets/\(market)/accounts"
                json.channel("accounts", path, venue.channels.accounts[market]?.retainedMax ?? 0)
            }
            json.endArray()
            json.disclosure(venue.offerRules)
            json.key("limits")
            json.beginObject()
            json.member("waitMillisecondsMax", settings.waitMillisecondsMax)
            json.member("entriesMax", UInt64(ChannelNews.entriesMax))
            json.member("snapshotPageBytesMax", UInt64(settings.snapshotPageBytesMax))
            json.member("settlementsMax", UInt64(Self.settlementsMax))
            json.member("bodyBytesMax", UInt64(Self.bodyBytesMax))
            json.member("signatureWindowMilliseconds", RequestGate.windowMilliseconds)
            json.member("readsPerSecondMax", settings.limits.readsPerWindowMax)
            json.member("writesPerSecondMax", settings.limits.writesPerWindowMax)
            json.endObject()
        }
    }

    private func time(_ visit: Visit) -> HTTPResponse {
        reply(visit) { json in
            // The window of signatures is measured with this one.
            json.member("wallTime", SystemClock.machineTime())
            json.member("isOver", venue.isOver)
        }
    }

    private func balances(of keeper: String, _ visit: Visit) -> HTTPResponse {
        reply(visit) { json in
            json.member("keeper", keeper)
            json.member("balances", venue.balances(of: keeper))
            json.member("reserve", venue.reserve(of: keeper))
        }
    }

    private func close(
        _ clientID: ClientID, _ keeper: String, _ visit: Visit
    ) throws(VenueProblem) -> HTTPResponse {
        guard let stored = venue.lookUp(clientID, keeper: keeper) else {
            throw VenueProblem(.noSuchClose, "'\(clientID)' was never seen")
        }
        return answered(clientID, stored.answer, visit)
    }
}

extension VenueServer {
    // MARK: Streams

    private func follow(
        _ channel: VenueChannel, _ exchange: HTTPExchange, _ visit: Visit
    ) throws(VenueProblem) {
        let query = try PollQuery(
            exchange.request.target, waitMillisecondsMax: settings.waitMillisecondsMax)
        guard let after = query.after else {
            return give(try newest(of: channel, exchange.request.target, visit), exchange)
        }
        let hasNews = after != venue.sequence(of: channel) && !faults.streams.stall
        guard !hasNews, query.waitMilliseconds > 0 else {
            return give(try news(of: channel, after: after, visit), exchange)
        }
        let wait = TimeSpan.milliseconds(Int64(query.waitMilliseconds))
        let timer = reactor.after(wait) { [weak self] in
            guard let self, let poll = polls.take(visit.requestID) else { return }
            answer(poll)
        }
        polls.add(
            LongPoll(
                exchange: exchange, visit: visit, channel: channel, after: after,
                timer: timer))
    }

    /// Called whenever the venue may have published something.
    func answerReadyPolls() {
        let ready = polls.takeReady { poll in
            !poll.exchange.isOpen
                || venue.sequence(of: poll.channel) != poll.after && !faults.streams.stall
        }
        for poll in ready {
            reactor.cancel(poll.timer)
            answer(poll)
        }
    }

    private func answer(_ poll: LongPoll) {
        guard poll.exchange.isOpen else { return }
        do throws(VenueProblem) {
            give(try news(of: poll.channel, after: poll.after, poll.visit), poll.exchange)
        } catch {
            poll.exchange.respond(refusal(error, poll.visit))
        }
    }

    /// Unless a switch is on, at once.
    private func give(_ response: HTTPResponse, _ exchange: HTTPExchange) {
        guard !StreamFaults.take(&faults.streams.drop) else { return exchange.drop() }
        let delay = faults.streams.delayMilliseconds
        guard delay > 0 else { return exchange.respond(response) }
        reactor.after(.milliseconds(Int64(delay))) {
            guard exchange.isOpen else { return }
            exchange.respond(response)
        }
    }

    private func newest(
        of channel: VenueChannel, _ target: HTTPTarget, _ visit: Visit
    ) throws(VenueProblem) -> HTTPResponse {
        switch channel {
        case .offers: standingOffers(visit)
        case .accounts(let market): try snapshot(of: market, target, visit)
        default: try news(of: channel, after: nil, visit)
        }
    }

    private func news(
        of channel: VenueChannel, after: UInt64?, _ visit: Visit
    ) throws(VenueProblem) -> HTTPResponse {
        let isStalled = faults.streams.stall && after != nil
        let news = try venue.news(of: channel, after: after)
        let entries = isStalled ? [] : faults.streams.spoil(news.entries)
        return reply(visit) { json in
            json.member("channel", channel.name)
            json.member("sequence", isStalled ? after ?? 0 : news.sequence)
            json.key("entries")
            json.beginArray()
            for entry in entries { json.embed(entry) }
            json.endArray()
        }
    }
}

extension JSONWriter {
    fileprivate mutating func disclosure(_ offers: OfferRules?) {
        key("disclosure")
        beginObject()
        member("mode", offers == nil ? "full" : "offers")
        if let offers {
            member("allocation", offers.allocation.rawValue)
            member("expiryHeights", offers.expiryHeights)
            if offers.allocation == .sealedBid { member("windowHeights", offers.windowHeights) }
        }
        endObject()
    }

    fileprivate mutating func channel(_ name: String, _ path: String, _ retainedMax: Int) {
        beginObject()
        member("name", name)
        member("path", path)
        member("entriesRetained", UInt64(retainedMax))
        endObject()
    }
}
