package import KeeperModel
import WideMath

/// The accounts that exist at height 0, drawn from the scenario by its seed.
package struct Genesis {
    private let scenario: Scenario
    private var generator: SeededGenerator

    package init(scenario: Scenario) {
        self.scenario = scenario
        generator = SeededGenerator(seed: scenario.seed)
    }

    /// Borrowers who hold one or two kinds of collateral and owe the quote asset.
    package mutating func borrowers() -> [AccountState] {
        let reserves = scenario.lending.terms.reserves.filter { $0.liquidationThresholdBps > 0 }
        return (0..<scenario.lending.accountCount).map { number in
            borrower(number, collateralFrom: reserves)
        }
    }

    /// Positions in pairs: every long has a short of the same size, each with its own leverage.
    package mutating func positions() -> [AccountState] {
        var states: [AccountState] = []
        while states.count < scenario.margin.accountCount {
            let lots = Int64(
                generator.number(
                    in: UInt64(
                        scenario.margin.lots.lowerBound)...UInt64(scenario.margin.lots.upperBound)))
            let step = scenario.margin.terms.lotStep
            let stepped = max(step, lots / step * step)
            for side in [PositionSide.long, .short] {
                states.append(position(states.count, side: side, lots: stepped))
            }
        }
        return states
    }

    private mutating func borrower(
        _ number: Int, collateralFrom reserves: [ReserveTerms]
    ) -> AccountState {
        let worthUnits = logarithmicUnits(scenario.lending.collateralUnits)
        let isSplit = generator.chance(ppm: scenario.lending.twoCollateralsPpm)
        let first = Int(generator.next() % UInt64(reserves.count))
        var collateral: [ScaledBalance] = []
        var weightedUnits: UInt64 = 0
        let parts =
            isSplit && reserves.count > 1 ? [worthUnits / 2, worthUnits / 2] : [worthUnits]
        for (leg, part) in parts.enumerated() {
            let reserve = reserves[(first + leg) % reserves.count]
            let amount = tokens(worth: part, of: reserve)
            collateral.append(ScaledBalance(asset: reserve.asset, scaledAmount: amount))
            weightedUnits += part / 10_000 * reserve.liquidationThresholdBps
        }
        let healthPpm = generator.number(in: scenario.lending.healthPpm)
        let debtUnits = healthPpm.dividingFullWidth(
            weightedUnits.multipliedFullWidth(by: 1_000_000)
        ).quotient
        return AccountState(
            account: AccountID("borrower-\(number)"), version: 1,
            position: .lending(
                LendingPosition(
                    collateral: collateral.sorted { $0.asset < $1.asset },
                    debts: [
                        ScaledBalance(asset: scenario.quote.asset, scaledAmount: UInt256(debtUnits))
                    ])))
    }

    private mutating func position(
        _ number: Int, side: PositionSide, lots: Int64
    ) -> AccountState {
        let entry = Int64(openingPrice(of: scenario.margin.terms.asset))
        let leveragePpm = generator.number(in: scenario.margin.leveragePpm)
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
    private func tokens(worth units: UInt64, of reserve: ReserveTerms) -> UInt256 {
        var scale = UInt256.one
        for _ in 0..<reserve.decimals {
            scale = scale * UInt256(10)
        }
        return UInt256(units) * scale / UInt256(openingPrice(of: reserve.asset))
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
