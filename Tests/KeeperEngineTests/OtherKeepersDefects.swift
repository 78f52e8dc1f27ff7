import KeeperEngine
import KeeperModel
import KeeperRisk
import Testing
import WideMath

/// What went wrong in other keepers must not go wrong here: a test for each row of the table in
/// docs/other-keepers.md, by its number. These are the rows about what is known and what may be
/// planned on it.
@Suite struct OtherKeepersDefects {
    private static let healthy: UInt64 = 2_700_000_000
    private static let low: UInt64 = 1_950_000_000

    private static func quiet(accounts: [AccountState]? = nil) -> EngineScript {
        EngineScript(publishes: false, ether: healthy, accounts: accounts)
    }

    // MARK: What is known

    @Test func `row 1: an account that cannot be read is still watched, and closed when it can`() {
        var script = Self.quiet()
        script.tell(.gapDetected(EngineScript.market))
        script.publishPrices(round: 2, ether: Self.low)
        #expect(script.engine.eligibleTargets() == [EngineScript.target], "not healthy for ever")
        #expect(script.skips == ["skipped-accounts-uncertain"])
        #expect(script.persists.isEmpty)
        script.publishAccount(version: 1)
        #expect(script.persists.count == 1)
    }

    @Test func `row 2: an empty list of accounts keeps what is known, asks again, and is counted`()
    {
        var script = Self.quiet()
        script.tell(.accountsReplaced(EngineScript.market, []))
        #expect(script.engine.domain(EngineScript.venue)?.doubtedReportCount == 1)
        #expect(script.resyncs == [EngineScript.market])
        script.publishPrices(round: 2, ether: Self.low)
        #expect(script.engine.eligibleTargets() == [EngineScript.target])
        #expect(script.skips == ["skipped-accounts-uncertain"])
        script.publishAccount(version: 1)
        #expect(script.persists.count == 1)
    }

    @Test func `row 2: an empty list that is said twice in a row is believed`() {
        var script = EngineScript()
        script.tell(.accountsReplaced(EngineScript.market, []))
        script.publishAccount(version: 1)
        script.tell(.accountsReplaced(EngineScript.market, []))
        #expect(script.engine.eligibleTargets() == [EngineScript.target], "not in a row")
        script.tell(.accountsReplaced(EngineScript.market, []))
        #expect(script.engine.eligibleTargets().isEmpty)
        #expect(script.engine.domain(EngineScript.venue)?.uncertainMarkets.isEmpty == true)
    }

    @Test func `row 2: a description without markets leaves those that are known`() {
        var script = Self.quiet()
        let full = EngineScript.description()
        script.tell(
            .venueDescribed(
                VenueDescription(
                    quote: full.quote, assets: [], markets: [],
                    capabilities: full.capabilities)))
        #expect(script.engine.domain(EngineScript.venue)?.doubtedReportCount == 1)
        script.publishPrices(round: 2, ether: Self.low)
        #expect(script.persists.count == 1)
    }

    @Test func `row 11: a bad feed disables its dependants and nobody else`() {
        var script = Self.quiet(accounts: [
            EngineScript.borrower(
                "bitcoin", owes: 34_000_000_000, against: 100_000_000, of: "BTC"),
            EngineScript.borrower("ether", owes: 1_700_000_000, against: EngineScript.ether()),
        ])
        script.publishBitcoin(52_000_000_000, round: 1)
        script.publishBitcoin(30_000_000_000, round: 2)
        #expect(script.engine.eligibleTargets().map(\.account) == [AccountID("bitcoin")])
        script.publishPrices(round: 2, ether: Self.low)
        #expect(script.intents.map(\.plan.target.account) == [AccountID("ether")])
        #expect(script.skips == ["skipped-price-uncertain"])
    }

    @Test func `row 11: a feed that stands still disables its dependants and nobody else`() {
        var script = Self.quiet(accounts: [
            EngineScript.borrower(
                "bitcoin", owes: 34_000_000_000, against: 100_000_000, of: "BTC"),
            EngineScript.borrower("ether", owes: 1_700_000_000, against: EngineScript.ether()),
        ])
        script.reportWallet(900_000_000_000)
        script.publishBitcoin(52_000_000_000, round: 1)
        script.advance(.seconds(11))
        script.publishPrices(round: 2, ether: Self.low)
        #expect(script.intents.map(\.plan.target.account) == [AccountID("ether")])
        script.publishBitcoin(40_000_000_000, round: 2)
        #expect(script.intents.map(\.plan.target.account).last == AccountID("bitcoin"))
    }

    @Test func `row 14: an exit that takes for ever delays no look at others`() {
        var script = EngineScript(accounts: [
            EngineScript.borrower("a", owes: 1_700_000_000, against: EngineScript.ether()),
            EngineScript.borrower("b", owes: 1_560_000_000, against: EngineScript.ether()),
        ])
        let key = script.sent()
        script.tell(.closeAnswered(key, .unknown(evidence: "no word")))
        script.tell(.timerFired(.resolve(key)))
        script.publishPrices(round: 2, ether: 1_870_000_000)
        #expect(script.intents.map(\.plan.target.account).last == AccountID("b"), "same tick")
        #expect(script.intents.count == 2)
    }

    @Test func `row 19: what has no price is worth nothing that a plan could rest on`() {
        var script = Self.quiet(accounts: [
            EngineScript.borrower(
                "bitcoin", owes: 34_000_000_000, against: 100_000_000, of: "BTC")
        ])
        script.publishPrices(round: 2, ether: Self.low)
        #expect(script.intents.isEmpty, "neither 1 USD nor anything else")
    }

    @Test func `row 21: an asset nobody told us of stops its account and nobody else`() {
        var script = Self.quiet(accounts: [
            EngineScript.borrower("ether", owes: 1_700_000_000, against: EngineScript.ether()),
            EngineScript.borrower("new", owes: 1_700_000_000, against: 5, of: "NEW"),
        ])
        script.tell(
            .pricesPublished([
                PriceUpdate(
                    asset: AssetID("NEWER"), kind: .eligible, price: 1, round: 1,
                    sourceAt: Instant(milliseconds: 1_000_000))
            ]))
        script.publishPrices(round: 2, ether: Self.low)
        #expect(script.intents.map(\.plan.target.account) == [AccountID("ether")])
        #expect(script.engine.domain(EngineScript.venue)?.books.names.count == 1)
    }

    @Test func `row 24: accounts of an older height are not mixed with newer ones`() {
        var script = Self.quiet()
        let newer = EngineScript.borrower("b", owes: 1, against: EngineScript.ether(), version: 2)
        script.tell(
            .accountsChanged(EngineScript.market, changed: [newer], removed: []), height: 8)
        script.publishAccount(version: 1)
        #expect(script.resyncs == [EngineScript.market], "its snapshot is of height 5")
        script.publishPrices(round: 2, ether: Self.low)
        #expect(script.intents.isEmpty)
        #expect(
            script.engine.domain(EngineScript.venue)?.state(of: EngineScript.target) == newer)
        script.tell(.accountsReplaced(EngineScript.market, [newer]), height: 8)
        #expect(script.engine.domain(EngineScript.venue)?.uncertainMarkets.isEmpty == true)
    }

    @Test func `row 24: debt and collateral are one value with one version`() {
        var script = EngineScript()
        let key = script.proposed()
        script.publishAccount(version: 2)
        script.tell(.intentDurable(key))
        #expect(script.submits.isEmpty)
        #expect(script.conclusions == [key.text + " cancelled"], "planned on version 1")
        script.publishPrices(round: 2)
        #expect(script.intents.map(\.plan.accountVersion) == [1, 2])
    }

    @Test func `row 25: what a lagging endpoint says later is not news`() {
        var script = Self.quiet()
        script.publishPrices(round: 5, ether: Self.healthy, height: 9)
        script.publishPrices(round: 4, ether: Self.low, height: 4)
        #expect(script.engine.eligibleTargets().isEmpty, "an older round")
        script.tell(
            .balancesReported([AssetAmount(asset: AssetID("USD"), amount: 9_000)]), height: 9)
        script.reportWallet(5)
        let inventory = script.engine.risk.inventory(of: EngineScript.venue)
        #expect(inventory.available(AssetID("USD")) == 9_000, "an older height")
        script.tell(.chainReported(ChainTests.news(gwei: 70, nonce: 12)), height: 9)
        script.tell(.chainReported(ChainTests.news(gwei: 10, nonce: 7)), height: 8)
        let news = script.engine.domain(EngineScript.venue)?.chainNews
        #expect(news == ChainTests.news(gwei: 70, nonce: 12))
    }

    // MARK: What may be planned

    @Test func `row 4: where the cost is unknown nothing is sent`() {
        let script = ChainTests.script(gwei: nil)
        #expect(script.persists.isEmpty)
        #expect(script.skips == ["skipped-cost-unknown"])
    }

    /// Two bitcoin pay for gas, worth nothing that is known, then 40,000 USD each, then that of
    /// eleven seconds ago.
    @Test func `row 10: gas is priced in the chain's own asset, or nothing is sent`() {
        var script = ChainTests.script(
            gwei: 0, gasAsset: "BTC", wallet: [("USD", 5_000_000_000), ("BTC", 200_000_000)])
        #expect(script.persists.isEmpty)
        #expect(script.skips == ["skipped-cost-unknown"])
        script.publishBitcoin(40_000_000_000, round: 1)
        script.tell(
            .chainReported(
                ChainNews(gas: GasPrice(baseFee: .zero, usualTip: .zero), nextNonce: 7)))
        script.publishPrices(round: 3, ether: Self.low)
        #expect(script.persists.count == 1)
        #expect(
            script.intents.first?.expectation.inventoryNeeded.map(\.asset)
                == [AssetID("USD"), AssetID("BTC")])

        var stale = ChainTests.script(
            gwei: nil, gasAsset: "BTC", wallet: [("USD", 5_000_000_000), ("BTC", 200_000_000)])
        stale.publishBitcoin(40_000_000_000, round: 1)
        stale.advance(.seconds(11))
        stale.tell(
            .chainReported(
                ChainNews(gas: GasPrice(baseFee: .zero, usualTip: .zero), nextNonce: 7)))
        stale.publishPrices(round: 3, ether: Self.low)
        #expect(stale.persists.isEmpty)
        #expect(Set(stale.skips) == ["skipped-cost-unknown"])
    }

    @Test(arguments: [6, 8, 18, 27] as [UInt8])
    func `row 9: amounts are exact to the smallest unit, whatever the decimals`(decimals: UInt8) {
        // A third of an ether more than one, which no number of decimals holds exactly.
        let whole = EngineScript.ether(decimals)
        let held = whole + whole / UInt256(3)
        var script = EngineScript(
            publishes: false, ether: Self.healthy, etherDecimals: decimals,
            accounts: [EngineScript.borrower("b", owes: 2_266_666_667, against: held)])
        script.publishPrices(round: 2, ether: Self.low)
        // Half of it, rounded up, and 4.5 % more than that at 1,950 USD.
        let repaid = UInt256(1_133_333_334)
        #expect(script.intents.map(\.expectation.notionalUnits) == [repaid])
        guard case .lending(let close)? = script.intents.first?.plan.action,
            let seized = script.proposedFact("seized")
        else {
            Issue.record("a close is planned at \(decimals) decimals")
            return
        }
        #expect(close.repayAmountMax == repaid)
        let expected = repaid * UInt256(1_045) * whole / UInt256(1_950_000_000_000)
        let difference = seized > expected ? seized - expected : expected - seized
        #expect(difference <= 2, "\(seized) for \(expected)")
    }
}

extension EngineScript {
    fileprivate func proposedFact(_ name: String) -> UInt256? {
        for case .record(let decision) in effects {
            guard case .proposed = decision.verdict else { continue }
            return decision.facts.first { $0.name == name }.flatMap { UInt256(decimal: $0.value) }
        }
        return nil
    }
}
