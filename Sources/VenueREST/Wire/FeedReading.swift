// The venue's documents, read into events. Members that are new to us are ignored in the documents
// themselves; the values inside are the vocabulary's, and those are strict: a market with a rule
// that we do not know is not half understood.

import KeeperCodec
import KeeperModel

/// An event body with the height that it speaks of.
struct ReadBody: Hashable {
    let height: UInt64
    let body: EventBody
}

/// What a reply said.
struct FeedReading: Hashable {
    /// The venue's height when it answered.
    let height: UInt64
    /// Where its stream stands after this reply; nil for what is no stream.
    let sequence: UInt64?
    var bodies: [ReadBody]
    /// What time it was there when it answered, where that is worth reading: what is long in coming
    /// says nothing of clocks.
    var serverTime: Instant?
    /// Of a description: the streams that the venue says it has, where it says so.
    var channelNames: [String] = []
    /// Of a description: accounts of a market may be asked for in pages.
    var givesPages = false
}

extension FeedReading {
    /// More markets than this in one venue are not followed.
    static let marketsMax = 64
    static let entriesMax = 4_096

    static func read(
        _ channel: FeedChannel, after: UInt64?, _ bytes: [UInt8]
    ) throws(FeedProblem) -> FeedReading {
        var part: SnapshotPart?
        guard let reading = try read(channel, after: after, bytes, onto: &part) else {
            throw FeedProblem(.unexpected, "\(channel.path): a page of several")
        }
        return reading
    }

    /// `part` is what has come of a snapshot that is read in pages; nil where more of it follows.
    static func read(
        _ channel: FeedChannel, after: UInt64?, _ bytes: [UInt8], onto part: inout SnapshotPart?
    ) throws(FeedProblem) -> FeedReading? {
        do {
            if case .accounts(let market) = channel, after == nil {
                return try SnapshotReading.read(market, bytes, onto: &part)
            }
            var document = try JSONReader(JSONValue.parse(bytes)).object()
            let serverTime: Instant? = try document.valueIfPresent("serverTime")
            var reading = try read(channel, after: after, &document)
            reading.serverTime = serverTime
            return reading
        } catch let error as JSONError {
            throw FeedProblem(.malformed, "\(channel.path): \(error)")
        } catch let error as JSONReadError {
            throw FeedProblem(.unexpected, "\(channel.path): \(error)")
        } catch let error as FeedProblem {
            throw error
        } catch {
            preconditionFailure("Reading throws its own three errors: \(error)")
        }
    }

    private static func read(
        _ channel: FeedChannel, after: UInt64?, _ document: inout ObjectReader
    ) throws -> FeedReading {
        let height = try document.uint64("height")
        switch (channel, after) {
        case (.description, _):
            let venue: VenueDescription = try document.value("venue")
            guard venue.markets.count <= marketsMax else {
                throw FeedProblem(.unexpected, "more than \(marketsMax) markets")
            }
            // Believed, it would leave the keeper ready and watching nothing, for ever.
            guard !venue.markets.isEmpty else {
                throw FeedProblem(.unexpected, "\(channel.path): a venue without a market")
            }
            guard !venue.markets.contains(where: { $0.market == .treasury }) else {
                throw FeedProblem(
                    .unexpected, "\(channel.path): a market with a name that is kept for transfers")
            }
            let key = try document.optional("settlementKey")?.bytes(count: 32)
            var reading = single(height, .venueDescribed(venue.signing(by: key)))
            reading.channelNames = try channelNames(&document)
            reading.givesPages = try givesPages(&document)
            return reading
        case (.balances, _):
            var reading = single(height, .balancesReported(try document.value("balances")))
            if let reserve: [AssetAmount] = try document.valueIfPresent("reserve") {
                reading.bodies.append(ReadBody(height: height, body: .reserveReported(reserve)))
            }
            return reading
        case (.offers, nil):
            return try offers(height, &document)
        default:
            return try entries(channel, after: after, height: height, &document)
        }
    }

    private static func single(_ height: UInt64, _ body: EventBody) -> FeedReading {
        FeedReading(
            height: height, sequence: nil, bodies: [ReadBody(height: height, body: body)])
    }

    private static func channelNames(_ document: inout ObjectReader) throws -> [String] {
        guard let channels = document.optional("channels") else { return [] }
        return try channels.array(countMax: marketsMax + 16).map { reader in
            var channel = try reader.object()
            return try channel.string("name")
        }
    }

    private static func givesPages(_ document: inout ObjectReader) throws -> Bool {
        guard let limits = document.optional("limits") else { return false }
        var object = try limits.object()
        return object.optional("snapshotPageBytesMax") != nil
    }

    /// Entries without a hole: the first is the one after what we know, each the one after it.
    private static func entries(
        _ channel: FeedChannel, after: UInt64?, height: UInt64, _ document: inout ObjectReader
    ) throws -> FeedReading {
        let newest = try document.uint64("sequence")
        var known = after
        var bodies: [ReadBody] = []
        for reader in try document.required("entries").array(countMax: entriesMax) {
            var entry = try reader.object()
            let sequence = try entry.uint64("sequence")
            if let known, sequence != known &+ 1 {
                throw FeedProblem(.gap, "\(channel.path): \(sequence) follows \(known)")
            }
            known = sequence
            let height = try entry.uint64("height")
            bodies += try self.bodies(channel, &entry).map { ReadBody(height: height, body: $0) }
        }
        if bodies.isEmpty, let after, newest != after {
            throw FeedProblem(.gap, "\(channel.path): nothing after \(after), newest \(newest)")
        }
        // What was closed before anybody listened was missed by nobody.
        if channel == .closes, after == nil { bodies = [] }
        return FeedReading(height: height, sequence: known ?? newest, bodies: bodies)
    }

    /// All that stand now, of every market, held against their hash.
    private static func offers(
        _ height: UInt64, _ document: inout ObjectReader
    ) throws -> FeedReading {
        let sequence = try document.uint64("sequence")
        let stateHash = try document.string("stateHash")
        let markets: [MarketOffers] = try document.value("markets")
        guard markets.stateHash == stateHash else {
            throw FeedProblem(
                .stateHash, "offers hash to \(markets.stateHash), not \(stateHash)")
        }
        return FeedReading(
            height: height, sequence: sequence,
            bodies: markets.map { market in
                ReadBody(
                    height: height,
                    body: .accountsReplaced(market.market, market.offers.map(\.state)))
            })
    }

    /// One of each entry, or one of each market that it speaks of.
    private static func bodies(
        _ channel: FeedChannel, _ entry: inout ObjectReader
    ) throws(JSONReadError) -> [EventBody] {
        if channel == .switches {
            return try entry.required("markets").array(countMax: marketsMax) {
                reader throws(JSONReadError) in
                .marketSwitched(try MarketSwitch(published: reader))
            }
        }
        guard channel == .offers else { return [try body(channel, &entry)] }
        let markets: [MarketOffers] = try entry.value("markets")
        return markets.map { market in
            .accountsChanged(
                market.market, changed: market.offers.map(\.state), removed: market.withdrawn)
        }
    }

    private static func body(
        _ channel: FeedChannel, _ entry: inout ObjectReader
    ) throws(JSONReadError) -> EventBody {
        switch channel {
        case .prices: .pricesPublished(try entry.value("prices"))
        case .figures: .figuresPublished(try entry.value("markets"))
        case .depth: .depthPublished(try entry.value("books"))
        case .flashPools: .flashPoolsPublished(try entry.value("pools"))
        case .closes: .closesObserved([try entry.value("close")])
        case .accounts(let market):
            .accountsChanged(
                market, changed: try entry.value("changed"), removed: try entry.value("removed"))
        case .description, .balances, .offers, .switches:
            preconditionFailure("Only streams of one body have entries here")
        }
    }
}
