// A venue and its clients on one thread and one reactor, over real sockets.

import Foundation
import HTTPServing
import KeeperCodec
import KeeperModel
import KeeperRisk
import KeeperSigner
import KeeperTransport
import KeeperWriteDoor
import LiquidationRules
import Testing
import VenueREST
import VenueServing
import VenueSimulator
import VenueWriters
import WideMath

final class VenueRig {
    static let lending = MarketID("lend-main")
    static let domain = DomainID("venue")

    /// Whether venue time stands still, or how many times faster than real it runs.
    enum Pace {
        case still
        case times(Int64)
    }

    let reactor = Reactor()
    let server: VenueServer
    let endpoint: Endpoint
    let key: SigningKey
    let signer: RequestSigner
    /// Of the same keeper by another key.
    let secondSigner: RequestSigner?
    /// Of another keeper, whose secret the venue has.
    let secretSigner: RequestSigner?

    /// The built-in crash, played to this height before anybody comes.
    init(
        heights: Int64 = 300, pace: Pace = .still, hasTestSwitches: Bool = true,
        limits: RateLimits = RateLimits(), retirement: VenueRetirement? = nil,
        secondKey: SigningKey? = nil, secondScopes: Set<KeyScope> = Set(KeyScope.allCases),
        snapshotPageBytesMax: Int? = nil,
        secondAddresses: [AddressRange] = [], secret: SharedSecret? = nil,
        playing scenario: Scenario? = nil, settlementKey: SigningKey? = nil
    ) throws {
        let openedAt = Instant(milliseconds: 1_000_000)
        var venue = ReferenceVenue(
            scenario: try scenario ?? Self.scenario("crash"), openedAt: openedAt)
        venue.advance(to: openedAt + .seconds(heights))
        key = try Self.freshKey()
        signer = try #require(RequestSigner(key: key, keyID: "me"))
        var settings = VenueServerSettings()
        try settings.keys.add(key.publicKey, named: "me")
        secondSigner = secondKey.flatMap { RequestSigner(key: $0, keyID: "me") }
        if let secondKey {
            try settings.keys.add(
                secondKey.publicKey, named: "me", for: secondScopes, from: secondAddresses)
        }
        secretSigner = secret.flatMap { RequestSigner(secret: $0, keyID: "shared") }
        if let secret { try settings.keys.add(.hmac(secret), named: "shared") }
        settings.hasTestSwitches = hasTestSwitches
        settings.limits = limits
        settings.retirement = retirement
        if let snapshotPageBytesMax { settings.snapshotPageBytesMax = snapshotPageBytesMax }
        server = try VenueServer(
            venue: venue, clock: Self.clock(venue.world.now, pace), settings: settings,
            reactor: reactor, settlementKey: settlementKey)
        endpoint = try Endpoint(
            name: EndpointName("venue"), baseURL: "http://127.0.0.1:\(server.port)")
    }

    private static func clock(_ origin: Instant, _ pace: Pace) -> VenueServer.Clock {
        let real = SystemClock()
        switch pace {
        case .times(let factor):
            return ScaledClock(
                origin: origin, factor: factor, startedAt: real.now(), real: real)
        case .still:
            // It starts an hour from now; until then the next height is not due.
            return ScaledClock(
                origin: origin, factor: 1, startedAt: real.now() + .seconds(3_600), real: real)
        }
    }

    /// A shipped one, with one text of it in the place of another.
    static func scenario(
        _ name: String, _ text: String = "", with other: String = ""
    ) throws -> Scenario {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let file = root.appending(path: "scenarios/\(name).json")
        var shipped = try String(contentsOf: file, encoding: .utf8)
        if !text.isEmpty {
            try #require(shipped.contains(text))
            shipped = shipped.replacing(text, with: other)
        }
        return try ScenarioFile.read(Array(shipped.utf8))
    }

    static func freshKey() throws -> SigningKey {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "bailiff-venue-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // A folder left behind harms nobody.
        defer { try? FileManager.default.removeItem(at: folder) }
        return try KeyFile.generate(folder.appending(path: "key").path)
    }
}

extension VenueRig {
    // MARK: Raw requests

    func get(
        _ path: String, _ query: [QueryItem] = [], headers: [HeaderField] = []
    ) throws -> Reply {
        try finish(ReadRequest(endpoint, path: path, query: query, headers: headers)).get()
    }

    /// Signed, unless the headers are given.
    func put(
        _ path: String, _ body: [UInt8] = [], headers: [HeaderField]? = nil
    ) throws -> Result<Reply, TransportError> {
        let headers = headers ?? signer.headers("PUT", path, body)
        let head = try RequestHead(endpoint, path: path, headers: headers)
        return try finish(WriteRequest(.put, head, body: body))
    }

    func setFaults(_ json: String) throws {
        #expect(try put("/v1/test/faults", Array(json.utf8), headers: []).get().status == 200)
    }

    func finish(_ exchange: some Exchange) throws -> Result<Reply, TransportError> {
        var result: Result<Reply, TransportError>?
        reactor.start(exchange) { result = $0 }
        run { result != nil }
        return try #require(result)
    }

    /// Rounds until it is so, for ten seconds at most.
    func run(_ isSo: () -> Bool) {
        let end = MonotonicTime.now() + .seconds(10)
        while !isSo(), MonotonicTime.now() < end {
            reactor.runOnce(waitingAtMost: .milliseconds(100))
        }
    }

    // MARK: Closes

    /// A flash-funded close of a borrower that the rules let go.
    /// Changes accounts: two that may be closed are.
    func closeTwo() throws {
        for number in 0..<2 {
            let plan = try plan("k\(number)", skipping: number)
            _ = try put("/v1/closes/k\(number)", plan.jsonBytes).get()
        }
    }

    func plan(_ key: String, skipping count: Int = 0) throws -> ClosePlan {
        let venue = server.venue
        let states = try #require(venue.snapshot(of: Self.lending))
        let state = try #require(states.filter { venue.isOpenToClose($0) }.dropFirst(count).first)
        guard case .lending(let position) = state.position else {
            throw RigProblem("a lending market holds lending positions")
        }
        return ClosePlan(
            clientID: ClientID(key),
            target: Target(domain: Self.domain, market: Self.lending, account: state.account),
            accountVersion: state.version,
            action: .lending(
                LendingClose(
                    repayAsset: try #require(position.debts.first).asset, repayAmountMax: .max,
                    seizeAsset: try #require(position.collateral.first).asset,
                    seizeAmountMin: .zero, funding: .flash(premiumMax: .max),
                    exit: .sell(proceedsMin: .zero))),
            validUntilHeight: venue.height + 50)
    }

    /// By a keeper that owns plenty and has a rule for what is moved.
    func approveTransfer(_ plan: ClosePlan) throws -> Approved<CloseAttempt> {
        let plenty = UInt256(1) << 80
        let asset = try #require(plan.action.transfer).asset
        let rule = PurseRule(
            domain: plan.target.domain, asset: asset, decimals: 6, floor: 0, target: 0,
            ceiling: 0, perTransferMax: plenty, perDayMax: plenty)
        return try approve(
            plan, by: .treasury,
            treasury: TreasuryRules(
                isAutomatic: true, coolDown: .seconds(1), gasPerTransferMaxUnits: 1,
                purses: [rule]))
    }

    func approve(
        _ plan: ClosePlan, by run: StrategyRun = StrategyRun(StrategyName("test"), version: 1),
        treasury: TreasuryRules? = nil
    ) throws -> Approved<CloseAttempt> {
        let plenty = UInt256(1) << 80
        var gate = RiskGate(
            limits: RiskLimits(
                notionalPerCloseMaxUnits: plenty, notionalOpenMaxUnits: plenty, openIntentsMax: 9,
                closesPerHourMax: 9, lossPerHourMaxUnits: plenty, lossPerDayMaxUnits: plenty,
                gasPerDayMaxUnits: 1_000_000_000_000_000,
                failuresPerHourMax: 100_000, unknownOpenMax: 1_000,
                profitPlausibleMaxPpm: 1_000_000, treasury: treasury))
        let intent = CloseIntent(
            plan: plan, by: run,
            expectation: Expectation(
                grossUnits: 2, costUnits: 1, inventoryNeeded: [], notionalUnits: 1_000),
            proposedAt: Instant(milliseconds: 0), decidedBy: 1)
        let now = Instant(milliseconds: 0)
        let terms = AttemptTerms(number: 1, purpose: .close, lane: .venueAPI, bid: nil)
        guard case .approved = gate.review(intent, now: now),
            case .approved(let approved) = gate.readmit(
                CloseAttempt(intent: intent, terms: terms), height: 0, now: now)
        else { throw RigProblem("the gate approves") }
        return approved
    }
}

struct RigProblem: Error {
    let text: String
    init(_ text: String) { self.text = text }
}

extension ReferenceVenue {
    fileprivate func isOpenToClose(_ state: AccountState) -> Bool {
        markets[VenueRig.lending]?.isLiquidatable(state.position) ?? false
    }
}

extension Reply {
    func json() throws -> JSONValue { try JSONValue.parse(body) }

    func code() throws -> String? { try json()["code"]?.text }
}

extension JSONValue {
    var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    var number: UInt64? {
        if case .number(let number) = self { number.integer(as: UInt64.self) } else { nil }
    }

    var elements: [JSONValue] {
        if case .array(let elements) = self { elements } else { [] }
    }
}
