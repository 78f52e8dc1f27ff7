import KeeperModel
import WideMath

/// How far prices and indexes may move before the exact rule could answer differently.
///
/// In exact real numbers a position is liquidatable where w = Σ collateral·threshold is below
/// d = Σ debt, both in base units times 1e4. If every leg moves by at most the fraction f, then
/// w − d moves by at most f·(w + d). The contract's own roundings are bounded, at present and after
/// the move, and taken off the distance first; what is left of it, over w + d, is f.
///
/// A leg is index times price. The price may use eight tenths of f and the index one, so that their
/// product stays within it.
extension LendingMarket {
    package func watches(for position: Position) -> [Watch] {
        let fraction = safeFraction(position)
        var watches: [Watch] = []
        for leg in position.collateral {
            watches.append(watch(3 * leg.reserve, fraction, tenths: 8))
            watches.append(watch(3 * leg.reserve + 1, fraction, tenths: 1))
        }
        for leg in position.debts {
            watches.append(watch(3 * leg.reserve, fraction, tenths: 8))
            watches.append(watch(3 * leg.reserve + 2, fraction, tenths: 1))
        }
        return watches
    }

    /// A fraction as two integers of at most 120 bits, rounded down; zero where nothing may move.
    private struct Fraction {
        let numerator: UInt256
        let denominator: UInt256

        static let zero = Fraction(numerator: .zero, denominator: .one)
    }

    /// Ends rounded inward. With a fraction of zero any move at all is looked at.
    private func watch(_ variable: Int, _ fraction: Fraction, tenths: UInt64) -> Watch {
        let value = value(ofVariable: variable)
        let part = UInt256(value) * (fraction.numerator * UInt256(tenths))
        let move = part / (fraction.denominator * UInt256(10))
        let reach = move.asUInt128 ?? 0
        return Watch(
            variable: variable, low: value - min(reach, value),
            high: value.addingReportingOverflow(reach).overflow ? value : value + reach)
    }

    private func safeFraction(_ position: Position) -> Fraction {
        // Whatever cannot be computed may not move at all: it is asked again on every change.
        guard let data = accountData(position), let bound = try? errorBound(position, data),
            let weighted = try? weightedCollateral(position),
            let debt = try? data.totalDebtBase.checkedMultiply(percentageFactor)
        else { return .zero }
        let isLiquidatable = data.isLiquidatable
        let (far, near) = isLiquidatable ? (debt, weighted) : (weighted, debt)
        // The truncated average can only lower the collateral, so it endangers the healthy.
        let truncation = isLiquidatable ? .one : averageTruncation(position, data)
        let distance = far.saturatingSubtract(near).saturatingSubtract(bound)
            .saturatingSubtract(truncation)
        guard !distance.isZero else { return .zero }
        return capped(distance, over: weighted + debt + bound)
    }

    /// Σ collateral·threshold with each value as the rule sees it, in base units times 1e4.
    private func weightedCollateral(
        _ position: Position
    ) throws(ArithmeticError) -> UInt256 {
        var sum = UInt256.zero
        for leg in position.collateral {
            let reserve = reserves[leg.reserve]
            let balance = try AaveHolding(reserve: reserve, scaledAmount: leg.scaledAmount)
                .collateralBalance(terms.generation)
            let value = try reserve.value(of: balance, rounding: .down)
            sum += try value.checkedMultiply(UInt256(reserve.terms.liquidationThresholdBps))
        }
        return sum
    }

    /// All roundings of the rule, at present and after a move to at most twice the value: per leg
    /// one unit of the token and one of the base currency, then those of the health factor itself.
    private func errorBound(
        _ position: Position, _ data: AaveAccountData
    ) throws(ArithmeticError) -> UInt256 {
        var units = UInt256(4) + data.totalDebtBase / wad * UInt256(3)
        for leg in position.collateral + position.debts {
            let reserve = reserves[leg.reserve]
            let tokenInBase = try reserve.price.divided(by: reserve.tokenUnit, rounding: .up)
            units += (tokenInBase + .one) * UInt256(3)
        }
        return try units.checkedMultiply(percentageFactor)
    }

    /// Up to one basis point of all collateral, after a move to at most twice its value, where the
    /// average of several thresholds is truncated.
    private func averageTruncation(_ position: Position, _ data: AaveAccountData) -> UInt256 {
        let isExact = terms.generation.weighsEachThreshold || position.collateral.count < 2
        return isExact ? .zero : data.totalCollateralBase * UInt256(2)
    }

    /// At most one half, so that nothing more than doubles; shortened to 120 bits, rounded down.
    private func capped(_ numerator: UInt256, over denominator: UInt256) -> Fraction {
        let bits = 256 - denominator.leadingZeroBitCount
        let shift = max(0, bits - 120)
        let short = Fraction(
            numerator: numerator >> shift, denominator: (denominator >> shift) + .one)
        guard short.numerator * UInt256(2) > short.denominator else { return short }
        return Fraction(numerator: .one, denominator: UInt256(2))
    }
}
