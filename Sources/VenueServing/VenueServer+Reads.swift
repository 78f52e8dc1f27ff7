// What can be asked without changing anything. Every reply carries height and server time, and the
// sequence of its stream where it has one.

import HTTPServing
import KeeperCodec
import KeeperModel
import KeeperTransport
import LiquidationRules
import VenueSimulator

extension VenueServer {
    static let settlementsMax = 200

    func read(
        _ route: VenueRoute, _ exchange: HTTPExchange, _ requestID: String
    ) throws(VenueProblem) {
        let request = exchange.request
        switch route {
        case .channel(let channel):
            try follow(channel, exchange, requestID)
        case .capabilities: exchange.respond(capabilities(requestID))
        case .time: exchange.respond(time(requestID))
        case .balances:
            let keeper = try keeper(of: request)
            exchange.respond(balances(of: keeper, requestID))
        case .close(let clientID):
            let keeper = try keeper(of: request)
            exchange.respond(try close(clientID, keeper, requestID))
        case .settlements:
            let after = try PollQuery.number("after", request.target) ?? 0
            exchange.respond(settlements(after: after, requestID))
        case .fund: exchange.respond(fund(requestID))
        case .void, .testFaults:
            preconditionFailure("What only takes PUT is never read")
        }
    }

    /// The keeper that signed the request; it finds its endowment when it comes for the first time.
    func keeper(of request: HTTPRequest) throws(VenueProblem) -> String {
        let keeper = try gate.keeper(of: request, now: SystemClock.machineTime())
        withVenue { $0.admit(keeper: keeper) }
        return keeper
    }

    func reply(
        _ requestID: String, headers: [HTTPField] = [], _ members: (inout JSONWriter) -> Void
    ) -> HTTPResponse {
        var json = JSONWriter(reservingBytes: 4_096)
        json.beginObject()
        json.member("height", venue.height)
        json.member("serverTime", now)
        members(&json)
        json.endObject()
        let fields = [
            HTTPField("Content-Type", "application/json"), HTTPField("Request-Id", requestID),
        ]
        return HTTPResponse(status: 200, headers: fields + headers, body: json.finish())
    }

    func refusal(_ problem: VenueProblem, _ requestID: String) -> HTTPResponse {
        problem.response(requestID: requestID, height: venue.height, now: now)
    }

    private func capabilities(_ requestID: String) -> HTTPResponse {
        let channels: [(VenueChannel, Int)] = [
            (.prices, venue.channels.prices.retainedMax),
            (.figures, venue.channels.figures.retainedMax),
            (.depth, venue.channels.depth.retainedMax),
            (.flashPools, venue.channels.flashPools.retainedMax),
        ]
        return reply(requestID) { json in
            json.member("venue", venue.description)
            json.key("channels")
            json.beginArray()
            for (channel, retainedMax) in channels {
                json.channel(channel.name, "/v1/" + channel.name, retainedMax)
            }
            for market in venue.scenario.markets {
                let path = "/v1/markets/\(market)/accounts"
                json.channel("accounts", path, venue.channels.accounts[market]?.retainedMax ?? 0)
            }
            json.endArray()
            json.key("limits")
            json.beginObject()
            json.member("waitMillisecondsMax", PollQuery.waitMillisecondsMax)
            json.member("entriesMax", UInt64(ChannelNews.entriesMax))
            json.member("settlementsMax", UInt64(Self.settlementsMax))
            json.member("bodyBytesMax", UInt64(Self.bodyBytesMax))
            json.member("signatureWindowMilliseconds", RequestGate.windowMilliseconds)
            json.endObject()
        }
    }

    private func time(_ requestID: String) -> HTTPResponse {
        reply(requestID) { json in
            // The window of signatures is measured with this one.
            json.member("wallTime", SystemClock.machineTime())
            json.member("isOver", venue.isOver)
        }
    }

    private func balances(of keeper: String, _ requestID: String) -> HTTPResponse {
        reply(requestID) { json in
            json.member("keeper", keeper)
            json.member("balances", venue.balances(of: keeper))
        }
    }

    private func close(
        _ clientID: ClientID, _ keeper: String, _ requestID: String
    ) throws(VenueProblem) -> HTTPResponse {
        guard let stored = venue.lookUp(clientID, keeper: keeper) else {
            throw VenueProblem(.noSuchClose, "'\(clientID)' was never seen")
        }
        return answered(clientID, stored.answer, requestID)
    }

    private func settlements(after: UInt64, _ requestID: String) -> HTTPResponse {
        let records = venue.world.settlements.records
        // Ids are 1, 2, 3 …, so an id is also how many to leave out.
        let first = Int(clamping: after)
        let page = records.dropFirst(first).prefix(Self.settlementsMax)
        return reply(requestID) { json in
            json.member("sequence", UInt64(records.count))
            json.settlements(Array(page))
        }
    }

    private func fund(_ requestID: String) -> HTTPResponse {
        reply(requestID) { json in json.fund(venue.world.settlements.state) }
    }
}

extension VenueServer {
    // MARK: Streams

    private func follow(
        _ channel: VenueChannel, _ exchange: HTTPExchange, _ requestID: String
    ) throws(VenueProblem) {
        let query = try PollQuery(exchange.request.target)
        guard let after = query.after else {
            return exchange.respond(try newest(of: channel, requestID))
        }
        guard after == venue.sequence(of: channel), query.waitMilliseconds > 0 else {
            return exchange.respond(try news(of: channel, after: after, requestID))
        }
        let wait = TimeSpan.milliseconds(Int64(query.waitMilliseconds))
        let timer = reactor.after(wait) { [weak self] in
            guard let self, let poll = polls.take(requestID) else { return }
            answer(poll)
        }
        polls.add(
            LongPoll(
                exchange: exchange, requestID: requestID, channel: channel, after: after,
                timer: timer))
    }

    /// Called whenever the venue may have published something.
    func answerReadyPolls() {
        let ready = polls.takeReady { poll in
            !poll.exchange.isOpen || venue.sequence(of: poll.channel) != poll.after
        }
        for poll in ready {
            reactor.cancel(poll.timer)
            answer(poll)
        }
    }

    private func answer(_ poll: LongPoll) {
        guard poll.exchange.isOpen else { return }
        do throws(VenueProblem) {
            poll.exchange.respond(
                try news(of: poll.channel, after: poll.after, poll.requestID))
        } catch {
            poll.exchange.respond(refusal(error, poll.requestID))
        }
    }

    private func newest(
        of channel: VenueChannel, _ requestID: String
    ) throws(VenueProblem) -> HTTPResponse {
        guard case .accounts(let market) = channel else {
            return try news(of: channel, after: nil, requestID)
        }
        guard let accounts = venue.snapshot(of: market),
            let sequence = venue.sequence(of: channel)
        else { throw VenueProblem(.noSuchMarket, "no market is called '\(market)'") }
        let text = accounts.jsonBytes
        return reply(requestID) { json in
            json.member("channel", channel.name)
            json.member("sequence", sequence)
            json.member("market", market)
            json.member("stateHash", "0x" + Hex.encode(SHA256.hash(text)))
            json.key("accounts")
            json.embed(text)
        }
    }

    private func news(
        of channel: VenueChannel, after: UInt64?, _ requestID: String
    ) throws(VenueProblem) -> HTTPResponse {
        let news = try venue.news(of: channel, after: after)
        return reply(requestID) { json in
            json.member("channel", channel.name)
            json.member("sequence", news.sequence)
            json.key("entries")
            json.beginArray()
            for entry in news.entries { json.embed(entry) }
            json.endArray()
        }
    }
}

extension JSONWriter {
    fileprivate mutating func channel(_ name: String, _ path: String, _ retainedMax: Int) {
        beginObject()
        member("name", name)
        member("path", path)
        member("entriesRetained", UInt64(retainedMax))
        endObject()
    }

    mutating func settlements(_ records: [SettlementBook.HashedRecord]) {
        key("settlements")
        beginArray()
        for record in records {
            beginObject()
            member("hash", record.hash)
            member("record", record.record)
            endObject()
        }
        endArray()
    }

    /// What stands behind the venue's promises.
    mutating func fund(_ state: SettlementState) {
        member("fund", state.fund)
        member("badDebt", state.badDebt)
        key("backstopLoans")
        beginArray()
        for loan in state.loans {
            beginObject()
            member("backstop", loan.id)
            member("amount", loan.amount)
            endObject()
        }
        endArray()
    }
}
