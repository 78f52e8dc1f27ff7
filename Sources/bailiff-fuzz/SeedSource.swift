import Foundation
import KeeperCodec
import KeeperModel
import VenueSimulator
import WideMath

@testable import KeeperFeeds

/// Where inputs to begin with come from: the shipped files, a venue that plays the shipped
/// scenario, and recorded replies where BAILIFF_SHARED has them. Nothing of it is kept in the
/// repository.
struct SeedSource: Sendable {
    /// Longer inputs teach nothing that shorter ones do not.
    static let byteCountMax = 64 << 10
    private static let fileCountMax = 400

    /// The shipped configuration.
    static let config = contents("config.json") ?? []

    static let recordingHeader = RecordingHeader(
        createdAt: Instant(nanoseconds: 5), build: "fuzz", domains: [DomainID("venue")],
        config: PinnedText(name: "config.json", text: "{}"), strategies: [],
        protocolParameters: [])

    private let venue: ReferenceVenue
    private let sharedData: String?

    /// Reads the checkout that is the current folder.
    init() throws {
        let text = try Data(contentsOf: URL(filePath: "scenarios/crash.json"))
        venue = ReferenceVenue(
            scenario: try ScenarioFile.read(Array(text)), openedAt: Instant(nanoseconds: 0))
        sharedData = ProcessInfo.processInfo.environment["BAILIFF_SHARED"].map { $0 + "/data" }
    }

    // MARK: Files

    /// A shipped file, the files of a shipped folder, or all shipped files of an ending.
    func shipped(_ name: String) -> [[UInt8]] {
        switch name {
        case "json": files(in: "strategies") + files(in: "scenarios") + [Self.config]
        case "config.json": [Self.config]
        default: files(in: name)
        }
    }

    /// Recorded replies of exchanges and nodes, and texts that were written to break parsers.
    var json: [[UInt8]] {
        guard let sharedData else { return shipped("json") }
        let folders = ["http-feeds", "jsonrpc", "test-vectors/JSONTestSuite"]
        return shipped("json") + folders.flatMap { files(in: sharedData + "/" + $0) }
    }

    /// What nodes answered, one reply each.
    var nodeReplies: [[UInt8]] {
        let mark = Array("<< ".utf8)
        let recorded = sharedData.map { files(in: $0 + "/jsonrpc/execution-apis") } ?? []
        let replies = recorded.flatMap { $0.split(separator: UInt8(ascii: "\n")) }
            .filter { $0.starts(with: mark) }.map { Array($0.dropFirst(mark.count)) }
        return replies + Self.replySamples.map { Array($0.utf8) }
    }

    private static let replySamples = [
        #"[{"jsonrpc":"2.0","id":2,"result":null},{"jsonrpc":"2.0","id":1,"result":"0x1a"}]"#,
        #"{"jsonrpc":"2.0","id":1,"error":{"code":3,"message":"execution reverted","#
            + #""data":"0x08c379a0"}}"#,
        #"{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"batch too large"}}"#,
    ]

    private func files(in folder: String) -> [[UInt8]] {
        // What is absent gives no seeds.
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
        return names.sorted().filter { $0.hasSuffix("json") || $0.hasSuffix(".io") }
            .prefix(Self.fileCountMax).compactMap { Self.contents(folder + "/" + $0) }
            .filter { $0.count <= Self.byteCountMax }
    }

    private static func contents(_ path: String) -> [UInt8]? {
        // A file that cannot be read gives no seed.
        (try? Data(contentsOf: URL(filePath: path))).map { Array($0) }
    }

    // MARK: A venue's values

    var descriptions: [VenueDescription] { [venue.description] }

    var policies: [JSONValue] {
        venue.description.markets.compactMap { market in
            // A market that cannot be read gives no seed; its form holds the policy.
            (try? JSONValue.parse(market.jsonBytes))?["terms"]?["policy"]
        }
    }

    /// One of each kind that the venue publishes, and the keeper's own.
    var events: [Event] {
        bodies.enumerated().map { index, body in
            Event(
                sequence: UInt64(index + 1), domain: DomainID("venue"),
                receivedAt: Instant(milliseconds: Int64(index)), height: venue.height, body: body)
        }
    }

    private var bodies: [EventBody] {
        var bodies: [EventBody] = [
            .venueDescribed(venue.description), .balancesReported(venue.balances(of: "keeper")),
            .drainRequested, .killSwitchSet(true), .venuePauseSet(true),
            .settingsAdopted(SettingsTexts(config: "{}", strategies: [])),
            .intentDurable(ClientID("c1")), .timerFired(.resolve(ClientID("c1"))),
        ]
        let channels = venue.channels
        if let entry = channels.prices.newest { bodies.append(.pricesPublished(entry.payload)) }
        if let entry = channels.depth.newest { bodies.append(.depthPublished(entry.payload)) }
        if let entry = channels.flashPools.newest {
            bodies.append(.flashPoolsPublished(entry.payload))
        }
        if let entry = channels.figures.newest { bodies.append(.figuresPublished(entry.payload)) }
        for market in venue.scenario.markets {
            bodies.append(.gapDetected(market))
            let accounts = Array((venue.snapshot(of: market) ?? []).prefix(3))
            bodies.append(.accountsReplaced(market, accounts))
            bodies.append(
                .accountsChanged(market, changed: accounts, removed: [AccountID("gone")]))
        }
        return bodies + answers.map { .closeAnswered(ClientID("c1"), $0) }
    }

    var answers: [CloseAnswer] {
        let movement = Movement(
            asset: AssetID("USD"), amount: -5, cause: .repaid, valueUnits: -5)
        let record = SettlementRecord(
            id: 1, revision: 1, previousHash: "", policyName: "p", policyVersion: 1, height: 7,
            account: "a", keeper: "k", facts: [SettlementFact(name: "f", value: "1")],
            lines: [SettlementLine(beneficiary: "keeper", amountUnits: 5, reason: "penalty")])
        let receipt = CloseReceipt(
            clientID: ClientID("c1"), fillID: "f1", height: 7,
            settledAt: Instant(nanoseconds: 9), movements: [movement], settlements: [record])
        return [
            .settled(receipt), .unknown(evidence: "reset"), .notFound, .voided,
            .refused(Refusal(.healthy, detail: "d")),
        ]
    }

    // MARK: On the wire

    var closeDocuments: [[UInt8]] {
        answers.map { answer in
            var json = JSONWriter()
            json.beginObject()
            json.member("height", venue.height)
            json.member("clientId", ClientID("c1"))
            json.member("answer", answer)
            json.endObject()
            return json.finish()
        }
    }

    /// A reply of each channel behind the byte that names it.
    var venueReplies: [[UInt8]] {
        var replies: [[UInt8]] = []
        let news = venue.channels
        replies.append(reply(0) { $0.member("venue", venue.description) })
        replies.append(entries(1) { $0.member("prices", news.prices.newest?.payload ?? []) })
        replies.append(
            entries(2) { $0.member("markets", news.figures.newest?.payload ?? []) })
        replies.append(entries(3) { $0.member("books", news.depth.newest?.payload ?? []) })
        replies.append(entries(4) { $0.member("pools", news.flashPools.newest?.payload ?? []) })
        replies.append(reply(5) { $0.member("balances", venue.balances(of: "keeper")) })
        for (index, market) in venue.scenario.markets.enumerated() {
            let accounts = Array((venue.snapshot(of: market) ?? []).prefix(3))
            let number = UInt8(6 + index)
            replies.append(
                reply(number) { json in
                    json.member("sequence", UInt64(2))
                    json.member("stateHash", "0x" + Hex.encode(SHA256.hash(accounts.jsonBytes)))
                    json.member("accounts", accounts)
                })
            replies.append(
                entries(number) { json in
                    json.member("changed", accounts)
                    json.member("removed", [AccountID("gone")])
                })
        }
        let offered = [Self.offers]
        replies.append(
            reply(9) { json in
                json.member("sequence", UInt64(2))
                json.member("stateHash", offered.stateHash)
                json.member("markets", offered)
            })
        replies.append(entries(9) { $0.member("markets", offered) })
        return replies
    }

    private static let offers = MarketOffers(
        market: MarketID("lending"),
        offers: [OfferAllocation.claim, .sealedBid, .proRata].map { allocation in
            PublishedOffer(
                market: MarketID("lending"), id: AccountID("offer-1"), version: 3,
                payAsset: AssetID("USD"), allocation: allocation,
                position: OfferPosition(
                    payAmount: 1_900_000_000, takeAsset: AssetID("ETH"), takeAmount: .max,
                    closesAtHeight: allocation == .sealedBid ? 7 : nil, expiresAtHeight: 9))
        }, withdrawn: [AccountID("offer-2")])

    private func reply(_ channel: UInt8, _ members: (inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("height", venue.height)
        members(&json)
        json.endObject()
        return [channel] + json.finish()
    }

    private func entries(_ channel: UInt8, _ members: (inout JSONWriter) -> Void) -> [UInt8] {
        reply(channel | 0x80) { json in
            json.member("sequence", UInt64(2))
            json.key("entries")
            json.beginArray()
            json.beginObject()
            json.member("sequence", UInt64(2))
            json.member("height", venue.height)
            members(&json)
            json.endObject()
            json.endArray()
        }
    }

    // MARK: Recordings

    func rows() -> [[UInt8]] {
        let all = events.filter { $0.jsonBytes.count < 4_096 }
        return [all.prefix(1), all.prefix(4), all[...]].map { events in
            var bytes: [UInt8] = []
            for event in events {
                RecordingRow(event, eventAt: event.receivedAt).encode(to: &bytes)
            }
            return bytes
        }
    }

    /// A finished file, and one that was left open.
    func recordings() throws -> [[UInt8]] {
        try [true, false].map { isFinished in
            let folder = FileManager.default.temporaryDirectory.appending(
                path: "bailiff-fuzz-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            // A folder that stays is the system's to clear away.
            defer { try? FileManager.default.removeItem(at: folder) }
            let path = folder.appending(path: "seed").path
            let writer = try RecordingWriter(path: path, header: Self.recordingHeader)
            for event in events.prefix(8) {
                try writer.append(RecordingRow(event, eventAt: event.receivedAt))
                try writer.flush()
            }
            if isFinished { try writer.close() } else { try writer.flush(isDurable: true) }
            return Array(try Data(contentsOf: URL(filePath: path)))
        }
    }
}
