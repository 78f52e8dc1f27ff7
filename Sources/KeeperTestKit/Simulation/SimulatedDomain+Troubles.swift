import KeeperModel
import VenueSimulator
import WideMath

/// What a seed's venue will undo again.
struct VenueConditions {
    var resumesAtHeight: [MarketID: UInt64] = [:]
}

/// What a venue does to those who rely on it, and how long everything takes.
extension SimulatedDomain {
    func troubleVenue() {
        resumeMarkets()
        let isClosing = isClosing
        if draw(.silentOracles), !isClosing { silenceOracle() }
        if draw(.lyingOracles), !isClosing { letOracleLie() }
        if draw(.pauses), !isClosing { pauseMarket() }
        if draw(.termChanges), !isClosing { changeTerms() }
    }

    /// A way as it usually is or, where the domain has all kinds of them, mostly short and now and
    /// then longer than a height.
    func way(
        usually range: ClosedRange<UInt64>, using generator: inout SeededGenerator
    ) -> TimeSpan {
        guard has(.latency), range.upperBound < 1_000 else {
            return .milliseconds(Int64(generator.number(in: range)))
        }
        world.coverage.note(.troubles, Trouble.latency.rawValue)
        let kind = generator.number(in: 0...99)
        let drawn =
            kind < 70
            ? generator.number(in: 0...range.upperBound)
            : generator.number(in: kind < 95 ? 100...800 : 800...2_500)
        return .milliseconds(Int64(drawn))
    }

    // MARK: Oracles

    private func silenceOracle() {
        let asset = drawnAsset()
        let until = venue.height + 1 + draw(in: 2...15)
        venue.trouble(asset, with: .silent(untilHeight: until))
        tell("the oracle says nothing of \(asset) until height \(until)")
    }

    /// Mostly for one height, which a guard against jumps has to catch; sometimes long enough to be
    /// believed, for at a venue its own price is the law.
    private func letOracleLie() {
        let asset = drawnAsset()
        let isHigh = draw(in: 0...1) == 1
        let factorPpm = isHigh ? draw(in: 1_400_000...2_500_000) : draw(in: 300_000...700_000)
        let heights = draw(in: 0...2) > 0 ? 1 : draw(in: 2...4)
        venue.trouble(
            asset, with: .lying(factorPpm: factorPpm, untilHeight: venue.height + 1 + heights))
        tell("the oracle says \(factorPpm) ppm of \(asset) for \(heights) heights")
    }

    private func drawnAsset() -> AssetID {
        let assets = venue.scenario.assets
        return assets[Int(draw(in: 0...UInt64(assets.count - 1)))].description.asset
    }

    // MARK: Switches and terms

    private func pauseMarket() {
        let markets = venue.scenario.markets
        let market = markets[Int(draw(in: 0...UInt64(markets.count - 1)))]
        let until = venue.height + draw(in: 2...12)
        conditions.resumesAtHeight[market] = until
        // Every other one is told ahead, without another draw.
        let from = until.isMultiple(of: 2) ? venue.height + 2 : venue.height
        venue.announce(.halted, of: market, fromHeight: from, reason: "drill")
        tell("\(market) is paused from height \(from) until height \(until)")
    }

    /// By what the venue says of itself, for a chain may have taken a pause back, or its end.
    private func resumeMarkets() {
        for market in venue.scenario.markets
        where venue.isPaused(market)
            && venue.height >= conditions.resumesAtHeight[market] ?? 0
        {
            let grace = TimeSpan.milliseconds(Int64(draw(in: 0...8_000)))
            venue.resume(market, graceOf: grace)
            tell("\(market) opens after \(grace.milliseconds) ms of grace")
        }
    }

    /// The thresholds of the Aave market, by up to three percent of the collateral either way.
    private func changeTerms() {
        guard
            case .lending(let terms)? = venue.terms.first(where: {
                if case .lending = $0 { true } else { false }
            })
        else { return }
        let reserves = terms.reserves.map { reserve in
            guard reserve.liquidationThresholdBps > 0 else { return reserve }
            let moved = reserve.liquidationThresholdBps + draw(in: 0...600) - 300
            return ReserveTerms(
                asset: reserve.asset, decimals: reserve.decimals,
                liquidationThresholdBps: min(max(moved, 5_000), 9_000),
                liquidationBonusBps: reserve.liquidationBonusBps,
                protocolFeeBps: reserve.protocolFeeBps)
        }
        let changed = LendingTerms(
            market: terms.market, generation: terms.generation, baseUnit: terms.baseUnit,
            reserves: reserves, policy: terms.policy)
        guard venue.change(.lending(changed)) else {
            return violate("the venue takes no changed terms of \(terms.market)")
        }
        let thresholds = reserves.map { "\($0.asset) \($0.liquidationThresholdBps)" }
        tell("\(terms.market) has other thresholds: \(thresholds.joined(separator: ", "))")
    }
}
