import KeeperModel
import WideMath

/// The accounts that exist at height 0, drawn from the scenario by its seed.
struct Genesis {
    private let scenario: Scenario
    private let openedAtSeconds: UInt64
    private var generator: SeededGenerator

    init(scenario: Scenario, openedAt: Instant) {
        self.scenario = scenario
        openedAtSeconds = UInt64(clamping: openedAt.nanoseconds / 1_000_000_000)
        generator = SeededGenerator(seed: scenario.seed)
    }

    mutating func accounts(of market: MarketScenario) -> [AccountState] {
        switch market {
        case .borrowers(let crowd):
            (0..<crowd.accountCount).map { number in
                AccountState(
                    account: AccountID("borrower-\(number)"), version: 1,
                    position: borrower(crowd, of: crowd.terms.kindsOfCollateral))
            } + crowd.terms.openingPlaces
        case .margin(let crowd): positions(crowd)
        }
    }

    /// Positions in pairs: every long has a short of the same size, each with its own leverage.
    private mutating func positions(_ crowd: MarginScenario) -> [AccountState] {
        var states: [AccountState] = []
        while states.count < crowd.accountCount {
            let lots = Int64(
                generator.number(
                    in: UInt64(crowd.lots.lowerBound)...UInt64(crowd.lots.upperBound)))
            let step = crowd.terms.lotStep
            let stepped = max(step, lots / step * step)
            for side in [PositionSide.long, .short] {
                states.append(position(states.count, of: crowd, side: side, lots: stepped))
            }
        }
        return states
    }

    /// A borrower who holds one or two kinds of collateral and owes the quote asset.
    private mutating func borrower(
        _ crowd: BorrowerScenario, of kinds: [CollateralKind]
    ) -> AccountPosition {
        let worthUnits = logarithmicUnits(crowd.collateralUnits)
        let isSplit = generator.chance(ppm: crowd.twoCollateralsPpm)
        let first = Int(generator.next() % UInt64(kinds.count))
        var collateral: [ScaledBalance] = []
        var weightedUnits: UInt64 = 0
        let parts =
            isSplit && kinds.count > 1 ? [worthUnits / 2, worthUnits / 2] : [worthUnits]
        for (leg, part) in parts.enumerated() {
            let kind = kinds[(first + leg) % kinds.count]
            let amount = tokens(worth: part, of: kind)
            collateral.append(ScaledBalance(asset: kind.asset, scaledAmount: amount))
            weightedUnits += part / 10_000 * kind.weightBps
        }
        let healthPpm = generator.number(in: crowd.healthPpm)
        let debtUnits = healthPpm.dividingFullWidth(
            weightedUnits.multipliedFullWidth(by: 1_000_000)
        ).quotient
        return crowd.terms.opening(
            collateral.sorted { $0.asset < $1.asset }, owing: debtUnits, of: scenario.quote.asset,
            at: Growth(
                quote: scenario.quote.asset, ratePpmPerYear: crowd.borrowRatePpmPerYear,
                sinceOpeningSeconds: 0, sinceLastSeconds: 0, nowSeconds: openedAtSeconds))
    }

    private mutating func position(
        _ number: Int, of crowd: MarginScenario, side: PositionSide, lots: Int64
    ) -> AccountState {
        let entry = Int64(openingPrice(of: crowd.terms.asset))
        let leveragePpm = generator.number(in: crowd.leveragePpm)
        let notional = UInt64(lots * entry)
        let margin = leveragePpm.dividingFullWidth(
            notional.multipliedFullWidth(by: 1_000_000)
        ).quotient
        return AccountState(
            account: AccountID("trader-\(number)"), version: 1,
            position: .margin(
                MarginPosition(
                    side: side, lots: lots, entryPrice: entry, marginUnits: Int64(margin))))
    }

    /// How much of the asset is worth so many units at its opening price, rounded down.
    private func tokens(worth units: UInt64, of kind: CollateralKind) -> UInt256 {
        var scale = UInt256.one
        for _ in 0..<kind.decimals {
            scale = scale * UInt256(10)
        }
        return UInt256(units) * scale / UInt256(openingPrice(of: kind.asset))
    }

    private func openingPrice(of asset: AssetID) -> UInt64 {
        scenario.assets.first { $0.description.asset == asset }?.path.points[0].price ?? 1
    }

    /// Even on a logarithmic scale: first the power of two, then evenly within it.
    private mutating func logarithmicUnits(_ range: ClosedRange<UInt64>) -> UInt64 {
        let low = UInt64(range.lowerBound.bitWidth - range.lowerBound.leadingZeroBitCount)
        let high = UInt64(range.upperBound.bitWidth - range.upperBound.leadingZeroBitCount)
        let bits = generator.number(in: low...high)
        let drawn = generator.number(in: (1 << (bits - 1))...((1 << bits) - 1))
        return min(max(drawn, range.lowerBound), range.upperBound)
    }
}
