// What a stream has to say to somebody who knows it up to a sequence.

import HTTPServing
import KeeperCodec
import KeeperModel
import VenueSimulator

/// How a poll asks: `?after=SEQUENCE&wait=MILLISECONDS`.
struct PollQuery {
    /// Nil: the newest entry, or the snapshot of a market's accounts.
    let after: UInt64?
    let waitMilliseconds: UInt64

    init(_ target: HTTPTarget, waitMillisecondsMax: UInt64) throws(VenueProblem) {
        after = try Self.number("after", target)
        waitMilliseconds = try Self.number("wait", target) ?? 0
        guard waitMilliseconds <= waitMillisecondsMax else {
            throw VenueProblem(.malformed, "wait is at most \(waitMillisecondsMax) ms")
        }
    }

    static func number(_ name: String, _ target: HTTPTarget) throws(VenueProblem) -> UInt64? {
        guard let text = target.queryValue(name) else { return nil }
        guard let number = UInt64(text), String(number) == text else {
            throw VenueProblem(.malformed, "\(name) is a whole number")
        }
        return number
    }
}

/// Entries of a stream, each already a JSON text.
struct ChannelNews {
    static let entriesMax = 256

    /// Of the stream's newest entry, which may lie beyond the last one here.
    let sequence: UInt64
    let entries: [[UInt8]]
}

extension ReferenceVenue {
    /// Nil where there is no such market.
    func sequence(of channel: VenueChannel) -> UInt64? {
        switch channel {
        case .prices: channels.prices.sequence
        case .figures: channels.figures.sequence
        case .depth: channels.depth.sequence
        case .flashPools: channels.flashPools.sequence
        case .switches: channels.switches.sequence
        case .closes: channels.closes.sequence
        case .offers: channels.offers.sequence
        case .accounts(let market): channels.accounts[market]?.sequence
        }
    }

    func news(of channel: VenueChannel, after: UInt64?) throws(VenueProblem) -> ChannelNews {
        switch channel {
        case .prices:
            return try channels.prices.news(
                after,
                entries: { entry, json in
                    json.member("prices", entry.payload)
                    json.references(channels.references.payload(at: entry.sequence) ?? [])
                })
        case .figures:
            return try channels.figures.news(after) { $1.member("markets", $0) }
        case .depth:
            return try channels.depth.news(after) { $1.member("books", $0) }
        case .flashPools:
            return try channels.flashPools.news(after) { $1.member("pools", $0) }
        case .switches:
            return try channels.switches.news(after) { write($0, to: &$1) }
        case .closes:
            return try channels.closes.news(after) { $1.member("close", $0) }
        case .offers:
            return try channels.offers.news(after) { $1.member("markets", published($0)) }
        case .accounts(let market):
            guard let deltas = channels.accounts[market] else {
                throw VenueProblem(.noSuchMarket, "no market is called '\(market)'")
            }
            return try deltas.news(after) {
                $1.member("changed", $0.changed)
                $1.member("removed", $0.removed)
            }
        }
    }
}

extension Channel {
    fileprivate func news(
        _ after: UInt64?, _ writePayload: (Payload, inout JSONWriter) -> Void
    ) throws(VenueProblem) -> ChannelNews {
        try news(after, entries: { writePayload($0.payload, &$1) })
    }

    fileprivate func news(
        _ after: UInt64?, entries writeEntry: (Entry, inout JSONWriter) -> Void
    ) throws(VenueProblem) -> ChannelNews {
        let read: [Entry]
        if let after {
            guard
                case .entries(let entries) = reading(
                    after: after, countMax: ChannelNews.entriesMax)
            else {
                throw VenueProblem(
                    .gone, "entries after \(after) are not held; the newest is \(sequence)")
            }
            read = entries
        } else {
            read = newest.map { [$0] } ?? []
        }
        return ChannelNews(
            sequence: sequence,
            entries: read.map { entry in
                var json = JSONWriter()
                json.beginObject()
                json.member("sequence", entry.sequence)
                json.member("height", entry.height)
                json.member("publishedAt", entry.publishedAt)
                writeEntry(entry, &json)
                json.endObject()
                return json.finish()
            })
    }
}

extension JSONWriter {
    fileprivate mutating func references(_ references: [PriceReference]) {
        key("references")
        beginArray()
        for reference in references {
            beginObject()
            member("asset", reference.asset)
            member("index", String(reference.index))
            if let mid = reference.bookMid { member("bookMid", String(mid)) }
            endObject()
        }
        endArray()
    }
}
