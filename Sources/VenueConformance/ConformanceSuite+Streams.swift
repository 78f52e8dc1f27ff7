// The streams: snapshots that are what they say, entries without a hole, and an honest end.

import KeeperCodec
import KeeperModel
import KeeperTransport
import WideMath

extension ConformanceSuite {
    static let streams: [ConformanceCheck] = [
        ConformanceCheck(
            "snapshot-hash", "publishes accounts that hash to their state hash", snapshotHash),
        ConformanceCheck(
            "snapshot-root", "publishes a root that stands for accounts and totals", snapshotRoot),
        ConformanceCheck(
            "snapshot-pages", "gives a snapshot in pages of one moment", snapshotPages),
        ConformanceCheck("account-path", "shows an account's path to the root", accountPath),
        ConformanceCheck(
            "deltas", "publishes deltas that lead from one snapshot to the next", deltas),
        ConformanceCheck(
            "stream-order", "publishes entries in order and without a hole", streamOrder),
        ConformanceCheck(
            "heartbeat", "answers a poll with news, or empty when its wait is over", heartbeat),
        ConformanceCheck(
            "gone", "answers 410 for what its stream does not hold", gone),
        ConformanceCheck(
            "prices", "publishes eligible prices with round and source time", prices),
        ConformanceCheck(
            "price-references", "puts index and book mid beside eligible prices and nowhere else",
            priceReferences),
    ]

    private static func accountsPath(_ probe: VenueProbe) throws -> String {
        var document = try probe.document(at: "/v1/capabilities")
        let venue: VenueDescription = try document.value("venue")
        guard let market = venue.markets.first else { throw Departure("there is no market") }
        guard !market.showsOffers else {
            throw NotOffered(reason: "this venue shows offers and no accounts")
        }
        return "/v1/markets/\(market.market)/accounts"
    }

    /// The stream of accounts, or of what is offered instead.
    private static func peoplePath(_ probe: VenueProbe) throws -> String {
        do {
            return try accountsPath(probe)
        } catch is NotOffered {
            return "/v1/offers"
        }
    }

    private static func snapshot(_ probe: VenueProbe) throws -> Snapshot {
        try Snapshot(probe, try accountsPath(probe))
    }

    private static func snapshotHash(_ probe: VenueProbe) throws {
        let snapshot = try snapshot(probe)
        let computed = "0x" + Hex.encode(SHA256.hash(snapshot.accounts.jsonBytes))
        try require(
            computed == snapshot.stateHash,
            "accounts hash to \(computed), not \(snapshot.stateHash)")
    }

    private static func snapshotRoot(_ probe: VenueProbe) throws {
        let snapshot = try snapshot(probe)
        guard let published = snapshot.proof else {
            throw NotOffered(reason: "snapshots name no root")
        }
        guard let tree = AccountTree(snapshot.accounts, salt: published.salt) else {
            throw Departure("the accounts' totals pass 256 bits")
        }
        try require(
            tree.root.totals == published.root.totals,
            "the totals are not the sums of the accounts")
        try require(tree.root.hash == published.root.hash, "the root is another tree's")
    }

    private static func snapshotPages(_ probe: VenueProbe) throws {
        let path = try accountsPath(probe)
        guard try givesPages(probe) else { throw NotOffered(reason: "snapshots come whole") }
        let first = try SnapshotPage(probe, path, 0)
        var accounts = first.accounts
        for number in 1..<max(1, first.count) {
            let next = try SnapshotPage(probe, path, number, of: first.sequence)
            try require(
                next.sequence == first.sequence && next.stateHash == first.stateHash
                    && next.count == first.count, "page \(number) is of another snapshot")
            accounts += next.accounts
        }
        let computed = "0x" + Hex.encode(SHA256.hash(accounts.jsonBytes))
        try require(
            computed == first.stateHash,
            "the accounts of \(first.count) pages hash to \(computed), not \(first.stateHash)")
        let unheld = SnapshotPage.query(0, of: first.sequence + 1_000_000)
        let status = try probe.get(path, unheld).status
        try require(status == 410, "a snapshot that there is not answers \(status), not 410")
    }

    private static func givesPages(_ probe: VenueProbe) throws -> Bool {
        var document = try probe.document(at: "/v1/capabilities")
        guard let limits = document.optional("limits") else { return false }
        var object = try limits.object()
        return object.optional("snapshotPageBytesMax") != nil
    }

    private static func accountPath(_ probe: VenueProbe) throws {
        let path = try accountsPath(probe)
        let snapshot = try Snapshot(probe, path)
        guard snapshot.proof != nil else { throw NotOffered(reason: "snapshots name no root") }
        guard let state = snapshot.accounts.last else {
            throw NotOffered(reason: "the market has no accounts")
        }
        let place = path.dropLast("accounts".count) + "proofs/\(state.account)"
        var document = try probe.document(at: String(place))
        let account: AccountState = try document.value("account")
        let blind = try document.required("blind").bytes(count: 32)
        let steps: [AccountPathStep] = try document.value("path")
        let root: AccountNode = try document.value("root")
        try require(account.account == state.account, "the path is of '\(account.account)'")
        guard let leaf = AccountNode(account, blind: blind) else {
            throw Departure("the account's figures pass 256 bits")
        }
        try require(steps.root(from: leaf) == root, "the path does not lead to the root")
        // Between the two questions the book may have moved on.
        guard try document.uint64("sequence") == snapshot.sequence else { return }
        try require(root == snapshot.proof?.root, "the snapshot names another root")
    }

    private static func deltas(_ probe: VenueProbe) throws {
        let path = try accountsPath(probe)
        let first = try Snapshot(probe, path)
        let after = QueryItem("after", "\(first.sequence)")
        // Something may happen meanwhile; where nothing does, the two snapshots are equal.
        _ = try probe.document(at: path, [after, QueryItem("wait", "100")])
        let second = try Snapshot(probe, path)
        var known = first
        while known.sequence < second.sequence {
            let query = [QueryItem("after", "\(known.sequence)")]
            let page = try StreamPage(probe, path, query)
            try require(!page.entries.isEmpty, "\(path) has nothing after \(known.sequence)")
            for entry in page.entries where known.sequence < second.sequence {
                try known.apply(entry)
            }
        }
        try require(
            known.accounts == second.accounts,
            "the deltas from \(first.sequence) to \(second.sequence) lead to other accounts")
    }

    private static func streamOrder(_ probe: VenueProbe) throws {
        for path in ["/v1/prices", "/v1/figures", "/v1/depth"] {
            let newest = try StreamPage(probe, path, []).sequence
            let after = newest - min(newest, 5)
            let page = try StreamPage(probe, path, [QueryItem("after", "\(after)")])
            try page.requireUnbroken(after: after, path)
        }
    }

    private static func heartbeat(_ probe: VenueProbe) throws {
        let path = "/v1/prices"
        var capabilities = try probe.document(at: "/v1/capabilities")
        var limits = try capabilities.required("limits").object()
        let wait = min(400, Int64(clamping: try limits.uint64("waitMillisecondsMax")))
        let newest = try StreamPage(probe, path, []).sequence
        let start = MonotonicTime.now()
        let page = try StreamPage(
            probe, path, [QueryItem("after", "\(newest)"), QueryItem("wait", "\(wait)")])
        let waited = MonotonicTime.now() - start
        try page.requireUnbroken(after: newest, path)
        guard page.entries.isEmpty else { return }
        try require(page.sequence == newest, "an empty reply says \(page.sequence), not \(newest)")
        try require(
            waited >= .milliseconds(wait * 3 / 4),
            "asked to wait \(wait) ms, it answers empty after \(waited.milliseconds) ms")
    }

    private static func gone(_ probe: VenueProbe) throws {
        for path in ["/v1/prices", try peoplePath(probe)] {
            let query = [QueryItem("after", "9007199254740991")]
            let code = try probe.refusal(
                try probe.get(path, query), status: 410, of: "GET \(path) from beyond its end")
            try require(code == "gone", "what is gone is called '\(code)'")
        }
    }

    private static func prices(_ probe: VenueProbe) throws {
        var document = try probe.document(at: "/v1/prices")
        let serverTime: Instant = try document.value("serverTime")
        guard let reader = try document.required("entries").array().last else {
            throw Departure("no price was ever published")
        }
        var entry = try reader.object()
        let updates: [PriceUpdate] = try entry.value("prices")
        let eligible = updates.filter { $0.kind == .eligible }
        try require(!eligible.isEmpty, "no price is an eligible one")
        try require(
            Set(eligible.map(\.asset)).count == eligible.count, "an asset has two prices at once")
        for update in eligible {
            try require(!update.price.isZero, "\(update.asset) is worth nothing")
            try require(
                update.sourceAt <= serverTime, "the price of \(update.asset) is of the future")
        }
    }

    /// What stands beside a price is worth something, and beside a price that there is.
    private static func priceReferences(_ probe: VenueProbe) throws {
        var document = try probe.document(at: "/v1/prices")
        guard let reader = try document.required("entries").array().last else {
            throw Departure("no price was ever published")
        }
        var entry = try reader.object()
        let updates: [PriceUpdate] = try entry.value("prices")
        let eligible = Set(updates.filter { $0.kind == .eligible }.map(\.asset))
        guard let rows = try entry.optional("references")?.array(countMax: 4_096) else {
            throw NotOffered(reason: "prices come alone")
        }
        var named: Set<AssetID> = []
        for row in rows {
            var reference = try row.object()
            let asset: AssetID = try reference.value("asset")
            try require(named.insert(asset).inserted, "\(asset) has two references")
            try require(eligible.contains(asset), "\(asset) has a reference and no price")
            for name in ["index", "bookMid"] {
                guard let said = reference.optional(name) else { continue }
                let price: UInt256 = try said.quotedInteger(as: UInt256.self)
                try require(!price.isZero, "the \(name) of \(asset) is nothing")
            }
        }
    }
}
