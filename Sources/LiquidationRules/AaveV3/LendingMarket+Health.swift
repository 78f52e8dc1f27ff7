import KeeperModel
import WideMath

/// The numbers of a reserve that health needs, ready for use: what a tick computes once instead of
/// every account.
struct ReserveFactors: Hashable, Sendable {
    let thresholdBps: UInt256
    /// Nil for decimals that no unit can have: whatever such a reserve is worth overflows.
    private let tokenUnit: FixedDivisor?
    /// The token's unit times a ray; nil where that is too large.
    let worthDivisor: FixedDivisor?
    private(set) var price: UInt256 = .zero
    var liquidityIndexRay: UInt256
    var variableBorrowIndexRay: UInt256
    /// What one smallest unit of the token is worth in the base currency, rounded up.
    private(set) var smallestUnitWorth: UInt256 = .zero
    /// How much the price moves at a time, in parts per million: a running mean.
    private(set) var restlessness: UInt64 = 0

    init(_ terms: ReserveTerms) {
        thresholdBps = UInt256(terms.liquidationThresholdBps)
        // The error is thrown where the unit is asked for.
        let unit = try? UInt256.powerOfTen(Int(terms.decimals))
        tokenUnit = unit.map { FixedDivisor($0) }
        worthDivisor = unit.flatMap {
            let (product, overflow) = $0.multipliedReportingOverflow(by: ray)
            return overflow ? nil : FixedDivisor(product)
        }
        liquidityIndexRay = ray
        variableBorrowIndexRay = ray
    }

    mutating func publish(_ newPrice: UInt256) {
        if !price.isZero {
            let move = newPrice > price ? newPrice - price : price - newPrice
            let ppm = (move * UInt256(1_000_000) / price).asUInt64 ?? .max
            restlessness = (restlessness * 15 + min(ppm, 1_000_000)) / 16
        }
        price = newPrice
        guard let (worth, rest) = tokenUnit?.quotientAndRemainder(dividing: newPrice) else {
            return
        }
        smallestUnitWorth = rest.isZero ? worth : worth + .one
    }

    /// As `AaveReserve.value`.
    func value(
        of amount: UInt256, rounding: Rounding
    ) throws(ArithmeticError) -> UInt256 {
        guard let tokenUnit else { throw .overflow }
        return try tokenUnit.narrowMulDiv(amount, price, rounding: rounding)
    }
}

/// The sums of an account by the protocol's rule, and what the enclosure needs beside them.
struct LendingTally {
    var collateralBase = UInt256.zero
    /// Collateral times threshold, in base units times 1e4.
    var weighted = UInt256.zero
    var debtBase = UInt256.zero
    /// Both sides in base units times 1e4, each leg times its weight in the enclosure.
    var stretch = UInt256.zero
    /// Σ (worth of a smallest unit + 1): what the roundings of all legs can come to.
    var roundingUnits = UInt256.zero
}

extension LendingMarket {
    package func isLiquidatable(_ position: Position) -> Bool {
        tally(position).map(isLiquidatable) ?? false
    }

    /// Nil while a price is missing, or where the arithmetic would revert on the chain too: nobody
    /// can be closed then.
    func tally(_ position: Position) -> LendingTally? {
        var tally = LendingTally()
        let unrest = unrestMax(position)
        do {
            for leg in position.legs {
                guard !factors[Int(leg.reserve)].price.isZero else { return nil }
                try add(leg, weight: weight(of: leg, beside: unrest), to: &tally)
            }
            return tally
        } catch {
            return nil
        }
    }

    /// The same of balances that are not a position yet, and no more than the answer needs.
    package func isLiquidatable(legs: [LinearLeg]) -> Bool {
        var tally = LendingTally()
        do {
            for leg in legs {
                guard !factors[Int(leg.reserve)].price.isZero else { return false }
                _ = try add(
                    UInt256(leg.amount), of: Int(leg.reserve), isDebt: leg.isDebt, to: &tally)
            }
            return isLiquidatable(tally)
        } catch {
            return false
        }
    }

    private func add(
        _ leg: Position.Leg, weight: UInt64, to tally: inout LendingTally
    ) throws(ArithmeticError) {
        let number = Int(leg.reserve)
        guard
            let moving = try add(leg.scaledAmount, of: number, isDebt: leg.isDebt, to: &tally)
        else { return }
        tally.stretch = tally.stretch.saturatingAdd(moving.saturatingMultiply(weight))
        tally.roundingUnits += factors[number].smallestUnitWorth + .one
    }

    /// Returns what the leg counts for, in base units times 1e4; nil for one that does not count.
    private func add(
        _ scaledAmount: UInt256, of number: Int, isDebt: Bool, to tally: inout LendingTally
    ) throws(ArithmeticError) -> UInt256? {
        let generation = terms.generation
        if isDebt {
            let balance = try rayMul(
                scaledAmount, factors[number].variableBorrowIndexRay,
                rounding: generation.debtBalanceRounding)
            let value = try factors[number].value(
                of: balance, rounding: generation.debtValueRounding)
            tally.debtBase = try tally.debtBase.checkedAdd(value)
            return try value.checkedMultiply(percentageFactor)
        } else {
            let threshold = factors[number].thresholdBps
            if threshold.isZero && generation.skipsZeroThreshold { return nil }
            let balance = try rayMul(
                scaledAmount, factors[number].liquidityIndexRay,
                rounding: generation.collateralBalanceRounding)
            let value = try factors[number].value(of: balance, rounding: .down)
            tally.collateralBase = try tally.collateralBase.checkedAdd(value)
            let moving = try value.checkedMultiply(threshold)
            tally.weighted = try tally.weighted.checkedAdd(moving)
            return moving
        }
    }

    /// `AaveAccountData.isLiquidatable` without its divisions: floor(a / b) < c is a < b·c for
    /// integers, so the health factor is below one wad exactly where these products say so.
    func isLiquidatable(_ tally: LendingTally) -> Bool {
        guard !tally.debtBase.isZero else { return false }
        let isWeighed = terms.generation.weighsEachThreshold
        do {
            let adjusted = isWeighed ? tally.weighted : try averaged(tally)
            let dividend = try adjusted.checkedMultiply(wad).checkedAdd(tally.debtBase >> 1)
            let line = isWeighed ? wad * percentageFactor : wad
            let (product, overflow) = tally.debtBase.multipliedReportingOverflow(by: line)
            return overflow || dividend < product
        } catch {
            return false
        }
    }

    private func averaged(_ tally: LendingTally) throws(ArithmeticError) -> UInt256 {
        guard !tally.collateralBase.isZero else { return .zero }
        let average = tally.weighted / tally.collateralBase
        return try percentMul(tally.collateralBase, average, rounding: .halfUp)
    }
}
