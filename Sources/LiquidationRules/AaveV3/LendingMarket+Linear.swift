package import KeeperModel
import WideMath

/// A lending account as a sum of amounts times worths, for bounds of many accounts at once.
///
/// In exact real numbers it can be closed where Σ amount·worth·threshold over its collateral is
/// below Σ amount·worth·1e4 over its debts, a worth being price times index over 1e27 and the
/// token's unit. The contract's own arithmetic differs from that by its roundings:
///
/// - a balance is off by less than one unit, which with an index of at least one half is less than
///   two scaled units;
/// - a leg's value is off by less than one unit of the base currency, so the weighted sum of at
/// most
///   13 legs by less than 13 · 2^16 with thresholds of at most 2^16 bps;
/// - a truncated average takes off up to one basis point of all collateral, which is as if each
///   threshold were one basis point lower, and its rounding less than 1e4;
/// - half of a unit of the health factor, less than 2^-59 of the debt.
///
/// So beside two scaled units of each leg, and thresholds one lower where an average decides, 2^21
/// units of the base currency in basis points are enough, which is 2^-19 in the scale of
/// `LinearReserve`. `LinearField` in the engine holds back both, and what its own arithmetic
/// rounds.
///
/// Amounts are below 2^96 and worths below 2^51 base units, so no word of the rule overflows.
extension LendingMarket {
    package var linearReserveCount: Int { isLinear ? factors.count : 0 }

    package func linearReserve(ofVariable variable: Int) -> Int? { variable / 3 }

    package func linearReserve(_ number: Int) -> LinearReserve? {
        let factor = factors[number]
        let threshold = UInt32(truncatingIfNeeded: factor.thresholdBps.w0)
        // A threshold of zero keeps the balance out of the average too.
        let isCounted = threshold > 0 || !terms.generation.skipsZeroThreshold
        let loss: UInt32 = terms.generation.weighsEachThreshold ? 0 : 1
        return LinearReserve(
            collateral: worth(factor, index: factor.liquidityIndexRay),
            debt: worth(factor, index: factor.variableBorrowIndexRay),
            aloneBps: threshold, besideBps: threshold - min(loss, threshold), mostBps: threshold,
            countedBps: isCounted ? 10_000 : 0,
            restlessness: UInt32(truncatingIfNeeded: min(factor.restlessness, 1_000_000)),
            isWide: terms.reserves[number].decimals > 9)
    }

    /// Where an index has fallen below one half, the first rounding above is not bounded.
    private func worth(_ factor: ReserveFactors, index: UInt256) -> OutwardFloat {
        guard let divisor = factor.worthDivisor, index >= ray >> 1 else { return .unknown }
        // Both are below 2^96.
        return OutwardFloat(
            factor.price * index, over: divisor, exponent: LinearReserve.scaleExponent)
    }

    package func linearLegs(
        of published: AccountPosition, into legs: inout [LinearLeg]
    ) -> Bool {
        guard isLinear, case .lending(let lending) = published,
            lending.collateral.count <= LinearLeg.collateralCountMax,
            lending.debts.count <= LinearLeg.debtCountMax
        else { return false }
        return append(lending.collateral, asDebt: false, to: &legs)
            && append(lending.debts, asDebt: true, to: &legs)
    }

    private func append(
        _ balances: [ScaledBalance], asDebt isDebt: Bool, to legs: inout [LinearLeg]
    ) -> Bool {
        let start = legs.count
        for balance in balances {
            guard let number = reserveNumbers[balance.asset],
                balance.scaledAmount.w2 | balance.scaledAmount.w3 == 0,
                LinearLeg.amounts.contains(balance.scaledAmount.lowHalf),
                balance.scaledAmount.w1 == 0 || terms.reserves[number].decimals > 9,
                !legs[start...].contains(where: { $0.reserve == number })
            else { return false }
            legs.append(
                LinearLeg(
                    reserve: UInt8(number), isDebt: isDebt, amount: balance.scaledAmount.lowHalf))
        }
        return true
    }

    package func position(ofLegs legs: [LinearLeg]) -> Position? {
        Position(
            legs: legs.map {
                .init(reserve: Int($0.reserve), isDebt: $0.isDebt, scaledAmount: $0.amount)
            })
    }

    package func isInsolvent(_ position: Position) -> Bool {
        tally(position).map { !$0.debtBase.isZero && $0.collateralBase < $0.debtBase } ?? false
    }
}
