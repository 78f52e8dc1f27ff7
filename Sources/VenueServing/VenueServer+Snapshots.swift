// All accounts of a market, in one reply or in pages.

import HTTPServing
import KeeperCodec
import KeeperModel
import KeeperTransport
import VenueSimulator

/// How a snapshot is asked for: whole, or `?page=NUMBER&sequence=SEQUENCE`, the first page of a new
/// one without a sequence.
struct SnapshotQuery {
    let page: Int?
    let sequence: UInt64?

    init(_ target: HTTPTarget) throws(VenueProblem) {
        sequence = try PollQuery.number("sequence", target)
        guard let number = try PollQuery.number("page", target) else {
            page = nil
            guard sequence == nil else {
                throw VenueProblem(.malformed, "a sequence is of a page: ask for one with page=")
            }
            return
        }
        guard let page = Int(exactly: number) else {
            throw VenueProblem(.malformed, "there is no page \(number)")
        }
        guard page == 0 || sequence != nil else {
            throw VenueProblem(.malformed, "page \(page) of which snapshot? Say its sequence")
        }
        self.page = page
    }
}

extension VenueServer {
    func snapshot(
        of market: MarketID, _ target: HTTPTarget, _ visit: Visit
    ) throws(VenueProblem) -> HTTPResponse {
        let query = try SnapshotQuery(target)
        guard let page = query.page else {
            let snapshot = try newSnapshot(of: market)
            return write(snapshot, snapshot.texts[...], visit)
        }
        let (snapshot, pages) = try held(market, query.sequence)
        guard pages.indices.contains(page) else {
            throw VenueProblem(.malformed, "it has \(pages.count) pages, counted from 0")
        }
        return write(snapshot, snapshot.texts[pages[page]], visit) { json in
            json.member("page", UInt64(page))
            json.member("pages", UInt64(pages.count))
        }
    }

    private func newSnapshot(of market: MarketID) throws(VenueProblem) -> MarketSnapshot {
        guard let accounts = venue.snapshot(of: market),
            let sequence = venue.sequence(of: .accounts(market))
        else { throw VenueProblem(.noSuchMarket, "no market is called '\(market)'") }
        return MarketSnapshot(
            of: market, accounts, sequence: sequence, salt: salt(of: market, sequence))
    }

    /// One that nothing changed since is as good as new.
    private func held(
        _ market: MarketID, _ asked: UInt64?
    ) throws(VenueProblem) -> (snapshot: MarketSnapshot, pages: [Range<Int>]) {
        let now = MonotonicTime.now()
        let sequence = asked ?? venue.sequence(of: .accounts(market)) ?? 0
        if let held = snapshots.pages(of: market, sequence, now: now) { return held }
        guard asked == nil else {
            throw VenueProblem(.gone, "no snapshot of \(sequence) is held: begin a new one")
        }
        snapshots.forget(now: now)
        guard snapshots.hasRoom else {
            throw VenueProblem(
                .tooManyRequests, "\(HeldSnapshots.countMax) snapshots are being read",
                headers: [HTTPField("Retry-After", "5")])
        }
        snapshots.hold(
            try newSnapshot(of: market), pageByteCountMax: settings.snapshotPageBytesMax, now: now)
        guard let held = snapshots.pages(of: market, sequence, now: now) else {
            preconditionFailure("What was just kept is there")
        }
        return held
    }

    private func write(
        _ snapshot: MarketSnapshot, _ texts: ArraySlice<[UInt8]>, _ visit: Visit,
        _ writePage: (inout JSONWriter) -> Void = { _ in }
    ) -> HTTPResponse {
        var texts = texts
        if !texts.isEmpty, StreamFaults.take(&faults.streams.lie) { texts.removeLast() }
        return reply(visit) { json in
            json.member("channel", VenueChannel.accounts(snapshot.market).name)
            json.member("sequence", snapshot.sequence)
            json.member("market", snapshot.market)
            json.member("stateHash", snapshot.stateHash)
            json.member("proof", snapshot.root)
            writePage(&json)
            json.key("accounts")
            json.beginArray()
            for text in texts { json.embed(text) }
            json.endArray()
        }
    }
}
