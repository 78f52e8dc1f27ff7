import KeeperModel
import WideMath

/// How far prices and indexes may move before the exact rule could answer differently.
///
/// In exact real numbers a position is liquidatable where w = Σ collateral·threshold is below
/// d = Σ debt, both in base units times 1e4. If leg i, worth vᵢ of them, moves by at most the
/// fraction fᵢ toward the line, then w − d moves by at most Σ fᵢ·vᵢ. The contract's own roundings
/// are bounded, at present and after the move, and taken off the distance first; what is left is
/// shared out, more of it to prices that move more.
///
/// Moves away from the line need no end: every sum of the rule rises with each of its prices and
/// indexes, so such a move only adds to the distance. Where the average threshold is truncated that
/// holds of a bound of the rule, not of the rule itself, so there it counts only once a distance is
/// left by that bound.
///
/// A leg is index times price. The price may use 30 parts in 32 of the fraction and the index one,
/// so that their product stays within it.
extension LendingMarket {
    package func watch(_ position: Position, into watches: inout [Watch]) -> Bool {
        guard let tally = tally(position) else {
            // Whatever cannot be computed may not move at all: it is asked again on every change.
            for leg in position.legs { fix(leg, in: &watches) }
            return false
        }
        let isLiquidatable = isLiquidatable(tally)
        // Nobody is closed who owes nothing.
        guard position.legs.contains(where: \.isDebt) else { return isLiquidatable }
        let distance = distance(tally, isLiquidatable, isTruncated: isTruncated(position))
        guard !distance.isZero || !isTruncated(position) else {
            for leg in position.legs { fix(leg, in: &watches) }
            return isLiquidatable
        }
        let fraction = fraction(distance, of: tally)
        let unrest = unrestMax(position)
        for leg in position.legs {
            let (share, overflow) = fraction.multipliedReportingOverflow(
                by: weight(of: leg, beside: unrest))
            // At most one half, so that nothing more than doubles.
            let reach = overflow ? 1 << 63 : min(share, 1 << 63)
            // Falling collateral endangers the healthy, falling debt saves the others.
            let minds: Direction = leg.isDebt == isLiquidatable ? .falls : .rises
            watches.append(watch(leg.priceVariable, minds, within: reach / 32 * 30))
            watches.append(watch(leg.indexVariable, minds, within: reach / 32))
        }
        return isLiquidatable
    }

    private enum Direction {
        case falls
        case rises
    }

    /// The interval that ends where the variable has moved by the fraction, in 2^-64ths and rounded
    /// inward.
    private func watch(
        _ variable: Int, _ direction: Direction, within fraction: UInt64
    ) -> Watch {
        let value = value(ofVariable: variable)
        let low = UInt128(UInt64(truncatingIfNeeded: value)) * UInt128(fraction)
        // The value has 96 bits and the fraction is at most one half.
        let reach = (value >> 64) * UInt128(fraction) + (low >> 64)
        return switch direction {
        case .falls: Watch(variable: variable, low: value - reach, high: .max)
        case .rises: Watch(variable: variable, low: 0, high: value + reach)
        }
    }

    private func fix(_ leg: Position.Leg, in watches: inout [Watch]) {
        for variable in [leg.priceVariable, leg.indexVariable] {
            let value = value(ofVariable: variable)
            watches.append(Watch(variable: variable, low: value, high: value))
        }
    }

    /// How far the account is from its line in base units times 1e4, after all roundings at present
    /// and after a move to at most twice the value: per leg one unit of the token and one of the
    /// base currency, then those of the health factor itself.
    private func distance(
        _ tally: LendingTally, _ isLiquidatable: Bool, isTruncated: Bool
    ) -> UInt256 {
        // An account so large that it cannot be bounded gets no room to move.
        guard let debt = try? tally.debtBase.checkedMultiply(percentageFactor),
            let bound = bound(tally)
        else { return .zero }
        let (far, near) = isLiquidatable ? (debt, tally.weighted) : (tally.weighted, debt)
        // Truncation loses up to one basis point of all collateral, so it endangers the healthy.
        let truncation = isTruncated && !isLiquidatable ? tally.collateralBase : .one
        return far.saturatingSubtract(near).saturatingSubtract(bound)
            .saturatingSubtract(truncation)
    }

    private func bound(_ tally: LendingTally) -> UInt256? {
        let units = UInt256(4) + tally.debtBase / wad * UInt256(3)
        // A bound too large for the word leaves no distance at all.
        return try? units.checkedAdd(tally.roundingUnits.checkedMultiply(UInt256(3)))
            .checkedMultiply(percentageFactor)
    }

    /// A truncated average of several thresholds decides, not each threshold by itself.
    private func isTruncated(_ position: Position) -> Bool {
        !terms.generation.weighsEachThreshold && position.collateralCount > 1
    }

    /// What one unit of weight may use, in 2^-64ths and rounded down.
    private func fraction(_ distance: UInt256, of tally: LendingTally) -> UInt64 {
        guard let bound = bound(tally) else { return 0 }
        let whole = tally.stretch.saturatingAdd(bound.saturatingMultiply(Self.weightMax))
        let shift = max(0, 256 - whole.leadingZeroBitCount - 63)
        let numerator = (distance >> shift).w0
        let denominator = (whole >> shift).w0 + 1
        // A distance above the whole would be more than all of it.
        guard numerator < denominator else { return 1 << 63 }
        return denominator.dividingFullWidth((numerator, 0)).quotient
    }

    // MARK: Weights

    static var weightMax: UInt64 { 16 }

    /// The restlessness of the position's most restless price.
    func unrestMax(_ position: Position) -> UInt64 {
        position.legs.reduce(0) { max($0, factors[Int($1.reserve)].restlessness) }
    }

    /// 1 to 16 by how restless the price is beside the others: a stable one needs little room.
    func weight(of leg: Position.Leg, beside unrestMax: UInt64) -> UInt64 {
        guard unrestMax > 0 else { return Self.weightMax }
        return 1 + factors[Int(leg.reserve)].restlessness * (Self.weightMax - 1) / unrestMax
    }
}

extension LendingMarket.Position.Leg {
    fileprivate var priceVariable: Int { 3 * Int(reserve) }
    fileprivate var indexVariable: Int { 3 * Int(reserve) + (isDebt ? 2 : 1) }
}
