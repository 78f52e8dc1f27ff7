import Foundation
import KeeperModel
import LiquidationRules
import VenueSimulator
import WideMath

/// The built-in crash at some height, and plans of closes against it.
enum TestVenue {
    static let lending = MarketID("lend-main")
    static let margin = MarketID("perp-btc")

    static func scenario(seed: UInt64, callsPerHeight: UInt64 = 50) throws -> Scenario {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(
            contentsOf: root.appending(path: "scenarios/crash.json"), encoding: .utf8)
        return try ScenarioFile.read(
            Array(
                text.replacing("\"seed\": 7", with: "\"seed\": \(seed)")
                    .replacing(
                        /"callsPerHeight": [0-9]+/, with: "\"callsPerHeight\": \(callsPerHeight)"
                    )
                    .utf8))
    }

    static func run(
        seed: UInt64, heights: Int64, callsPerHeight: UInt64 = 50
    ) throws -> ReferenceVenue {
        var venue = ReferenceVenue(
            scenario: try scenario(seed: seed, callsPerHeight: callsPerHeight),
            openedAt: Instant(milliseconds: 1_000_000))
        venue.advance(to: venue.openedAt + .seconds(heights))
        return venue
    }

    /// A close of the first borrower that the rules let go.
    static func lendingPlan(_ venue: ReferenceVenue, key: String) -> ClosePlan? {
        lendingPlans(venue, key: key).first
    }

    /// A close of the first borrower of whom something is left after it.
    static func partialPlan(_ venue: ReferenceVenue, key: String) -> ClosePlan? {
        lendingPlans(venue, key: key).first { plan in
            var trial = venue
            _ = trial.close(plan, bodyHash: "h", keeper: "me")
            return trial.closes.settledCount == 1
                && trial.accounts[lending]?[plan.target.account] != nil
        }
    }

    /// Why it is refused to `me`; nil where it is not.
    static func refusal(_ venue: inout ReferenceVenue, _ plan: ClosePlan) -> RefusalClass? {
        guard
            case .answered(.refused(let refusal), _) = venue.close(
                plan, bodyHash: "h", keeper: "me")
        else { return nil }
        return refusal.refusalClass
    }

    private static func lendingPlans(_ venue: ReferenceVenue, key: String) -> [ClosePlan] {
        (venue.snapshot(of: lending) ?? []).compactMap { state in
            guard case .lending(let position) = state.position,
                venue.markets[lending]?.isLiquidatable(state.position) == true,
                let collateral = position.collateral.first,
                let debt = position.debts.first
            else { return nil }
            return plan(
                state, lending, key, venue,
                .lending(
                    LendingClose(
                        repayAsset: debt.asset, repayAmountMax: .max, seizeAsset: collateral.asset,
                        seizeAmountMin: .zero, funding: .flash(premiumMax: .max),
                        exit: .sell(proceedsMin: .zero))))
        }
    }

    static func marginPlan(_ venue: ReferenceVenue, key: String) -> ClosePlan? {
        for state in venue.snapshot(of: margin) ?? [] {
            guard case .margin(let position) = state.position,
                venue.markets[margin]?.isLiquidatable(state.position) == true
            else { continue }
            return plan(
                state, margin, key, venue,
                .margin(
                    MarginClose(
                        lots: position.lots, limitPrice: position.side == .long ? 1 : .max,
                        incentiveMin: 0)))
        }
        return nil
    }

    static func anyPlan(_ venue: ReferenceVenue, key: String) -> ClosePlan? {
        key.hasSuffix("1") || key.hasSuffix("5")
            ? marginPlan(venue, key: key) ?? lendingPlan(venue, key: key)
            : lendingPlan(venue, key: key) ?? marginPlan(venue, key: key)
    }

    private static func plan(
        _ state: AccountState, _ market: MarketID, _ key: String, _ venue: ReferenceVenue,
        _ action: CloseAction
    ) -> ClosePlan {
        ClosePlan(
            clientID: ClientID(key),
            target: Target(domain: DomainID("venue"), market: market, account: state.account),
            accountVersion: state.version, action: action, validUntilHeight: venue.height + 50)
    }
}

extension ClosePlan {
    /// The same close with some of it changed.
    func with(
        key: String, version: UInt64? = nil, validUntil: UInt64? = nil, account: String? = nil
    ) -> ClosePlan {
        ClosePlan(
            clientID: ClientID(key),
            target: Target(
                domain: target.domain, market: target.market,
                account: account.map { AccountID($0) } ?? target.account),
            accountVersion: version ?? accountVersion, action: action,
            validUntilHeight: validUntil ?? validUntilHeight)
    }
}
