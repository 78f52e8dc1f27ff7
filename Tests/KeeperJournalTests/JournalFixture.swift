import Foundation
import KeeperJournal
import KeeperModel
import WideMath

/// A new directory for one test, gone with it.
final class TemporaryDirectory {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "bailiff-journal-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        // What cannot be removed is in the system's temporary directory and harms nobody.
        try? FileManager.default.removeItem(atPath: path)
    }

    var journalPath: String { path + "/journal.sqlite" }
    var decisionsPath: String { path + "/decisions.sqlite" }

    /// The files as they are on disk now: what a crash at this moment would leave.
    func crashImage() throws -> TemporaryDirectory {
        let image = try TemporaryDirectory()
        for name in try FileManager.default.contentsOfDirectory(atPath: path) {
            try FileManager.default.copyItem(
                atPath: path + "/" + name, toPath: image.path + "/" + name)
        }
        return image
    }
}

enum Sample {
    static let domain = DomainID("venue")
    static let second = Instant(nanoseconds: 1_000_000_000)
    /// 2026-01-31T23:59:59Z.
    static let january = Instant(nanoseconds: 1_769_903_999_000_000_000)
    static let february = Instant(nanoseconds: 1_769_904_000_000_000_000)

    static func target(_ account: String = "acc-1", market: String = "core") -> Target {
        Target(domain: domain, market: MarketID(market), account: AccountID(account))
    }

    static func intent(
        _ clientID: String, target: Target = target(), strategy: String = "default",
        version: UInt64 = 1
    ) -> CloseIntent {
        CloseIntent(
            plan: ClosePlan(
                clientID: ClientID(clientID), target: target, accountVersion: 3,
                action: .margin(MarginClose(lots: 5, limitPrice: 9, incentiveMin: 1)),
                validUntilHeight: 40),
            by: StrategyRun(StrategyName(strategy), version: version),
            expectation: Expectation(
                grossUnits: 20, costUnits: 5,
                inventoryNeeded: [AssetAmount(asset: AssetID("USD"), amount: 7)],
                notionalUnits: 100),
            proposedAt: second, decidedBy: 11)
    }

    static func attempt(_ number: UInt64, _ bytes: [UInt8]) -> Attempt {
        Attempt(
            terms: AttemptTerms(number: number, purpose: .close, lane: .venueAPI, bid: nil),
            bytes: bytes)
    }

    static func movement(
        _ asset: String, _ amount: Int256, _ cause: MovementCause, value: Int256
    ) -> Movement {
        Movement(asset: AssetID(asset), amount: amount, cause: cause, valueUnits: value)
    }

    static func settlement(
        _ id: UInt64, revision: UInt64 = 0, keeper: String = "us", units: Int256 = 15
    ) -> SettlementRecord {
        SettlementRecord(
            id: id, revision: revision, previousHash: "0x00", policyName: "p", policyVersion: 1,
            height: 8, account: "acc-1", keeper: keeper, facts: [],
            lines: [
                SettlementLine(
                    beneficiary: "proceeds", amountUnits: .zero - units, reason: "proceeds"),
                SettlementLine(beneficiary: "keeper", amountUnits: units, reason: "incentive"),
            ])
    }

    /// Repays 100 USD, takes WETH worth 112, and pays 2 of premium: earns 10 units.
    static func receipt(
        _ clientID: String, fill: String = "fill-1", at instant: Instant = january,
        settlements: [SettlementRecord] = []
    ) -> CloseReceipt {
        CloseReceipt(
            clientID: ClientID(clientID), fillID: fill, height: 9, settledAt: instant,
            movements: [
                movement("USD", -100, .repaid, value: -100),
                movement("WETH", 5_000, .seized, value: 112),
                movement("USD", -2, .flashPremium, value: -2),
            ], settlements: settlements)
    }
}
