// Follows one venue over HTTP: its description, then for each stream the newest or a snapshot, then
// whatever comes after it, by long polls. Only what parses is handed on; what is lost is said.

package import KeeperCodec
package import KeeperModel
package import KeeperTransport

/// Headers that sign a request. The target is path and query as they go on the wire.
package typealias RequestSigning = (
    _ method: String, _ target: String, _ body: [UInt8]
) -> [HeaderField]

/// What a recorder wants to keep: each exchange with the times of its start and end.
package typealias ExchangeRecording = (
    _ exchange: RawExchange, _ startedAt: Instant, _ endedAt: Instant
) -> Void

package struct RESTFeedSettings: Hashable, Sendable {
    /// Real time; the venue answers earlier when there is something to say.
    package var pollWaitMilliseconds = 10_000
    package var balancesInterval = TimeSpan.seconds(3)
    /// Beyond the wait of a long poll.
    package var timeoutMilliseconds = 5_000
    /// A venue of many accounts takes its time to write them all down.
    package var snapshotTimeoutMilliseconds = 30_000
    /// One is read here while the next one is made there.
    package var snapshotsMax = 2
    /// A snapshot of more bytes is read beside the loop.
    package var readAsideBytes = 32 << 10
    package var replyBytesMax = 32 << 20

    package init() {}
}

package final class RESTFeed {
    package let domain: DomainID
    package private(set) var tally = FeedTally()

    /// One or several ways to the venue.
    package let pool: ReadPool
    private let settings: RESTFeedSettings
    private let reactor: any Carrier
    private let sign: RequestSigning?
    private let record: ExchangeRecording?
    private let sink: (FeedLetter) -> Void
    /// How long ago, in real time, an instant of the venue's is here; nil where nobody asks.
    private let age: ((Instant) -> TimeSpan)?
    private var clockWatch = ClockWatch()
    /// Called where clocks part, and with nil where they agree again.
    package var onClocks: ((TimeSpan?) -> Void)?
    /// The name that our requests carry; nil for a program without keys.
    private let ownName: String?
    private var followed: [FollowedChannel] = []
    /// Markets of which only offers are seen.
    private var offered: Set<MarketID> = []
    /// Accounts of a market are asked for in pages: there may be more than one reply can hold.
    private var asksForPages = false
    private var described: Set<MarketID> = []
    /// What was last handed on of each market's switches.
    private var switches: [MarketID: MarketSwitch] = [:]
    private var isStopped = false
    private var heightWatch: HeightWatch?

    /// Without `sign` balances are not read: a program without keys sees everything else.
    package init(
        domain: DomainID, endpoint: Endpoint, mirrors: [Endpoint] = [], reactor: any Carrier,
        settings: RESTFeedSettings = RESTFeedSettings(), sign: RequestSigning? = nil,
        record: ExchangeRecording? = nil, age: ((Instant) -> TimeSpan)? = nil,
        sink: @escaping (FeedLetter) -> Void
    ) {
        self.domain = domain
        self.age = age
        pool = ReadPool([endpoint] + mirrors, carrier: reactor)
        self.reactor = reactor
        self.settings = settings
        self.sign = sign
        let headers = sign?("GET", FeedChannel.balances.path, []) ?? []
        ownName = headers.first { $0.name == SignedHeaders.Name.key }?.value
        self.record = record
        self.sink = sink
    }

    /// The description first; the streams follow when it has come.
    package func start() {
        precondition(followed.isEmpty, "A feed is started once")
        follow(.description)
        guard pool.endpoints.count > 1 else { return }
        heightWatch = HeightWatch(pool, carrier: reactor)
        heightWatch?.start()
    }

    /// Nothing is handed on any more; requests under way end without effect.
    package func stop() {
        isStopped = true
        heightWatch?.stop()
        for channel in followed {
            if let request = channel.request { pool.cancel(request) }
            if let pause = channel.pause { reactor.cancel(pause) }
        }
        followed = []
    }

    /// Whether everything that a decision rests on has come at least once.
    package var isReady: Bool {
        followed.count > 1
            && followed.allSatisfy { channel in
                switch channel.channel {
                case .description, .prices, .switches, .accounts, .offers, .balances:
                    channel.hasBegun
                case .figures, .depth, .flashPools, .closes: true
                }
            }
    }

    /// Snapshots that were asked for and have not been handed on.
    package var snapshotsUnderWay: Int {
        followed.count(where: \.isSnapshotUnderWay)
    }

    /// Fetches a market's accounts anew.
    package func resync(_ market: MarketID) {
        askAnew(offered.contains(market) ? .offers : .accounts(market))
    }

    /// Reads the balances now, or once more when they are being read.
    package func refreshBalances() {
        askAnew(.balances)
    }

    private func askAnew(_ wanted: FeedChannel) {
        guard let channel = followed.first(where: { $0.channel == wanted }) else { return }
        channel.after = nil
        channel.part = nil
        if channel.isReading {
            channel.isStale = true
        } else if let request = channel.request {
            channel.isStale = true
            pool.cancel(request)
        } else {
            ask(channel)
        }
    }

    private func follow(_ channel: FeedChannel) {
        let channel = FollowedChannel(channel)
        followed.append(channel)
        ask(channel)
    }
}

extension RESTFeed {
    // MARK: Asking

    private func ask(_ channel: FollowedChannel) {
        guard !isStopped, channel.request == nil, !channel.isReading else { return }
        guard mayAsk(channel) else {
            channel.waitsForTurn = true
            return
        }
        channel.waitsForTurn = false
        if let pause = channel.pause { reactor.cancel(pause) }
        channel.pause = nil
        do {
            let startedAt = reactor.clock.now()
            let isLongPoll = channel.channel.isStream && channel.after != nil
            let build: ReadPool.Building = { [self] endpoint throws(RequestProblem) in
                try request(channel, at: endpoint)
            }
            // As it is sent to the endpoint of the configuration, whichever answers in the end.
            let target = try build(pool.endpoints[0]).head.target
            // Only who gave the first page has the others.
            let isHedged = !isLongPoll && channel.part == nil
            channel.request = try pool.read(hedged: isHedged, build) {
                [weak self] result, endpoint in
                guard let self else { return }
                let exchange = RawExchange(method: "GET", path: target, result: .init(result))
                record?(exchange, startedAt, reactor.clock.now())
                take(result, channel, from: endpoint)
            }
        } catch {
            settle(FeedProblem(.unaskable, "\(channel.channel.path): \(error)"), channel)
        }
    }

    /// All at once they would time each other out.
    private func mayAsk(_ channel: FollowedChannel) -> Bool {
        guard channel.isSnapshot, channel.part == nil else { return true }
        return snapshotsUnderWay < settings.snapshotsMax
    }

    private func askWhoWaits() {
        for channel in followed where channel.waitsForTurn { ask(channel) }
    }

    private func request(
        _ channel: FollowedChannel, at endpoint: Endpoint
    ) throws(RequestProblem) -> ReadRequest {
        var query: [QueryItem] = []
        var limits = ExchangeLimits()
        limits.replyBytesMax = settings.replyBytesMax
        limits.timeoutMilliseconds = settings.timeoutMilliseconds
        if channel.channel.isStream, let after = channel.after {
            query = [
                QueryItem("after", "\(after)"),
                QueryItem("wait", "\(settings.pollWaitMilliseconds)"),
            ]
            limits.timeoutMilliseconds += settings.pollWaitMilliseconds
            limits.lowSpeed = nil
        }
        if channel.isSnapshot {
            if asksForPages { query = channel.pageQuery }
            limits.timeoutMilliseconds = settings.snapshotTimeoutMilliseconds
            // Silence is how it looks while the venue writes: given up early it would write again.
            limits.lowSpeed = .init(
                bytesPerSecond: 100, seconds: settings.snapshotTimeoutMilliseconds / 1_000)
        }
        let path = channel.channel.path
        let plain = try ReadRequest(endpoint, path: path, query: query, limits: limits)
        guard channel.channel == .balances, let sign else { return plain }
        return try ReadRequest(
            endpoint, path: path, query: query, headers: sign("GET", plain.head.target, []),
            limits: limits)
    }

    private func pause(_ channel: FollowedChannel, for span: TimeSpan) {
        channel.pause = reactor.after(span) { [weak self] in
            channel.pause = nil
            self?.ask(channel)
        }
    }

    // MARK: Taking

    private func take(
        _ result: Result<Reply, TransportError>, _ channel: FollowedChannel, from endpoint: Endpoint
    ) {
        channel.request = nil
        guard !isStopped, !askedAgain(channel) else { return }
        defer { askWhoWaits() }
        do throws(FeedProblem) {
            let reply = try usable(result, channel)
            guard channel.isSnapshot, reply.body.count > settings.readAsideBytes else {
                let reading = try FeedReading.read(
                    channel.channel, after: channel.after, reply.body, onto: &channel.part)
                return take(reading, channel, from: endpoint)
            }
            readAside(reply.body, channel, from: endpoint)
        } catch {
            settle(error, channel)
        }
    }

    /// Somebody wanted something newer meanwhile.
    private func askedAgain(_ channel: FollowedChannel) -> Bool {
        guard channel.isStale else { return false }
        channel.isStale = false
        ask(channel)
        return true
    }

    /// Tens of thousands of accounts take longer to read than a price may wait.
    private func readAside(
        _ body: [UInt8], _ channel: FollowedChannel, from endpoint: Endpoint
    ) {
        let kind = channel.channel
        let pages = LentPages(channel.part.take())
        channel.isReading = true
        tally.noteLongSnapshot(body.count)
        reactor.aside {
            var part = pages.take()
            do throws(FeedProblem) {
                let reading = try FeedReading.read(kind, after: nil, body, onto: &part)
                pages.put(part)
                return Result<FeedReading?, FeedProblem>.success(reading)
            } catch {
                return .failure(error)
            }
        } _: { [weak self] result in
            channel.isReading = false
            guard let self, !isStopped, !askedAgain(channel) else { return }
            defer { askWhoWaits() }
            do throws(FeedProblem) {
                channel.part = pages.take()
                take(try result.get(), channel, from: endpoint)
            } catch {
                settle(error, channel)
            }
        }
    }

    /// Nil where more pages follow.
    private func take(
        _ reading: FeedReading?, _ channel: FollowedChannel, from endpoint: Endpoint
    ) {
        tally.noteReply()
        channel.backOff.reset()
        guard let reading else { return ask(channel) }
        pool.note(height: reading.height, of: endpoint)
        compareClocks(reading)
        hand(on: reading, channel)
    }

    private func compareClocks(_ reading: FeedReading) {
        guard let age, let theirs = reading.serverTime, let said = clockWatch.note(age(theirs))
        else { return }
        post(.clocksParted(said), height: reading.height)
        onClocks?(said)
    }

    private func usable(
        _ result: Result<Reply, TransportError>, _ channel: FollowedChannel
    ) throws(FeedProblem) -> Reply {
        let path = channel.channel.path
        switch result {
        case .failure(let error):
            throw FeedProblem(.transport, "\(path): \(error)")
        case .success(let reply) where reply.status == 200:
            return reply
        case .success(let reply)
        where reply.status == 410 && (channel.after != nil || channel.part != nil):
            throw FeedProblem(.gap, "\(path): gone")
        case .success(let reply):
            let isRefused = reply.status == 401 || reply.status == 403
            var problem = FeedProblem(
                isRefused ? .unauthorised : .status, "\(path): \(reply.status)")
            problem.retryAfter = BackOff.asked(by: reply)
            throw problem
        }
    }

    private func hand(on reading: FeedReading, _ channel: FollowedChannel) {
        channel.after = reading.sequence
        if !reading.bodies.isEmpty { channel.hasBegun = true }
        for read in reading.bodies where isExpected(read.body, channel) { hand(on: read) }
        // A receiver may have stopped the feed.
        guard !isStopped else { return }
        switch channel.channel {
        case .description: followStreams(reading)
        case .balances: pause(channel, for: settings.balancesInterval)
        // A venue that answers empty at once must not be asked in a circle.
        default: reading.bodies.isEmpty ? pause(channel, for: .milliseconds(20)) : ask(channel)
        }
    }

    /// Offers of a market that the venue never described are none, nor are its switches. An entry
    /// speaks of all markets: what is the same as before, or as if nothing were said, is no news.
    private func isExpected(_ body: EventBody, _ channel: FollowedChannel) -> Bool {
        switch (channel.channel, body) {
        case (.offers, .accountsReplaced(let market, _)),
            (.offers, .accountsChanged(let market, _, _)):
            return offered.contains(market)
        case (.switches, .marketSwitched(let change)):
            guard described.contains(change.market) else { return false }
            let known = switches.updateValue(change, forKey: change.market)
            return known != change && !(known == nil && change.saysNothing)
        default: return true
        }
    }

    /// Closes are told of others only, and as of our own domain: what we closed we know better, and
    /// a venue knows no domains.
    private func hand(on read: ReadBody) {
        guard case .closesObserved(let closes) = read.body else {
            return post(read.body, height: read.height)
        }
        let others = closes.filter { $0.keeper != ownName }.map { $0.inDomain(domain) }
        guard !others.isEmpty else { return }
        post(.closesObserved(others), height: read.height)
    }

    private func followStreams(_ reading: FeedReading) {
        guard case .venueDescribed(let venue) = reading.bodies.first?.body else { return }
        let hidden = venue.markets.filter(\.showsOffers).map(\.market)
        offered = Set(hidden)
        asksForPages = reading.givesPages
        described = Set(venue.markets.map(\.market))
        var markets = venue.markets.filter { !$0.showsOffers }.map {
            FeedChannel.accounts($0.market)
        }
        if !hidden.isEmpty { markets.append(.offers) }
        var fixed: [FeedChannel] = [.prices, .figures, .depth, .flashPools]
        // Not every venue says what others did.
        if reading.channelNames.contains("closes") { fixed.append(.closes) }
        // Before anything that a plan could rest on.
        if reading.channelNames.contains("switches") { fixed.insert(.switches, at: 0) }
        // Snapshots may be long in coming; prices go first.
        for channel in fixed + markets + (sign == nil ? [] : [.balances]) { follow(channel) }
    }

    /// Nothing usable came: say what was lost, and try again a little later.
    private func settle(_ problem: FeedProblem, _ channel: FollowedChannel) {
        tally.note(problem)
        // What could not be read is as good as lost: only a fresh start makes the stream whole.
        let isLost = ![.transport, .unauthorised, .status].contains(problem.trouble)
        // A page that did not come is asked for again; of one that was wrong none is believed.
        if isLost { channel.part = nil }
        if isLost, channel.after != nil {
            channel.after = nil
            switch channel.channel {
            case .accounts(let market): post(.gapDetected(market), height: 0)
            case .offers:
                for market in offered.sorted() { post(.gapDetected(market), height: 0) }
            default: break
            }
        }
        let own = channel.backOff.next()
        pause(channel, for: max(own, problem.retryAfter ?? .zero))
    }

    private func post(_ body: EventBody, height: UInt64) {
        guard !isStopped else { return }
        tally.noteLetter()
        sink(
            FeedLetter(
                domain: domain, receivedAt: reactor.clock.now(), height: height, body: body))
    }
}

extension ObservedClose {
    fileprivate func inDomain(_ domain: DomainID) -> ObservedClose {
        ObservedClose(
            target: Target(domain: domain, market: target.market, account: target.account),
            keeper: keeper, height: height, paid: paid, taken: taken, valueUnits: valueUnits)
    }
}
