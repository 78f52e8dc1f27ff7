import CKernels
import LiquidationRules

/// The same bound in whole numbers, for processors and people that want no floating point: weights
/// of at most 60 bits, so that 13 products fit 128.
struct IntegerWeights {
    var backingAlone: ContiguousArray<UInt64>
    var backingBeside: ContiguousArray<UInt64>
    var owed: ContiguousArray<UInt64>
    var slack: UInt64
}

extension LinearField {
    private static let weightBits = 60

    /// Nil while a worth is not known: it has no weight that bounds it.
    func integerWeights(_ line: Int) -> IntegerWeights? {
        guard lines[line] == .eligible else { return nil }
        let all = reserves
        guard !all.isEmpty, all.allSatisfy({ $0 != nil }) else { return nil }
        let present = all.compactMap { $0 }
        // Powers of two of the worths of a unit of the upper parts.
        let exponents = present.flatMap { reserve in
            [reserve.collateral, reserve.debt].map { $0.topExponent + (reserve.isWide ? 32 : 0) }
        }
        guard present.allSatisfy({ $0.collateral.isKnown && $0.debt.isKnown }),
            let top = exponents.max()
        else { return nil }
        // A weight is a worth times a threshold of at most 17 bits.
        let scale = Self.weightBits - 17 - top
        // Worths so small that what the rule rounds would not fit beside them.
        guard scale <= 80 else { return nil }
        var weights = IntegerWeights(
            backingAlone: [], backingBeside: [], owed: [], slack: slack(scale))
        for reserve in present {
            let shift = scale + (reserve.isWide ? 32 : 0)
            let low = reserve.collateral.scaledDown(shift)
            weights.backingAlone.append(
                Self.less(UInt64(reserve.aloneBps) * low))
            weights.backingBeside.append(
                Self.less(UInt64(reserve.besideBps) * low))
            weights.owed.append(Self.more(10_000 * reserve.debt.scaledUp(shift)))
        }
        return weights
    }

    /// What the rule's roundings can come to: 2^-19 in the scale of worths.
    private func slack(_ scale: Int) -> UInt64 { scale <= 19 ? 1 : 1 << UInt64(scale - 19) }

    /// Room of 2^-20 for the roundings that are a part of a side. What the upper parts leave out
    /// is less than the units that the kernel takes off and puts on.
    private static func less(_ weight: UInt64) -> UInt64 {
        weight - min(weight, (weight >> 20) + 1)
    }
    private static func more(_ weight: UInt64) -> UInt64 { weight + (weight >> 20) + 1 }

    static func scan(
        _ group: ShapeGroup, _ first: Int, _ count: Int, _ weights: IntegerWeights,
        _ found: inout ContiguousArray<UInt32>
    ) -> Int {
        let backing = group.collateralCount > 1 ? weights.backingBeside : weights.backingAlone
        return unsafe group.uppers.withUnsafeBufferPointer { uppers in
            unsafe group.bounds.withUnsafeBufferPointer { bounds in
                unsafe backing.withUnsafeBufferPointer { backing in
                    unsafe weights.owed.withUnsafeBufferPointer { owed in
                        unsafe found.withUnsafeMutableBufferPointer { found in
                            unsafe ck_scan_integers(
                                uppers.baseAddress, bounds.baseAddress, first, count,
                                UInt32(group.collateralCount), UInt32(group.debtCount),
                                backing.baseAddress, owed.baseAddress, weights.slack,
                                found.baseAddress)
                        }
                    }
                }
            }
        }
    }
}
