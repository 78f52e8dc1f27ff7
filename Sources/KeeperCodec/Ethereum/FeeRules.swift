package import WideMath

/// The arithmetic of fees: EIP-1559 for what a block asks, geth's pool for what may replace what,
/// EIP-2028, 2930, 3860 and 7623 for the gas that a transaction needs before it does anything.
package enum FeeRules {
    /// The base fee of the block after this one. The target is half of the limit, and one block
    /// moves the fee by at most an eighth.
    package static func nextBaseFee(
        after baseFee: UInt256, gasLimit: UInt64, gasUsed: UInt64
    ) throws(ArithmeticError) -> UInt256 {
        let target = gasLimit / 2
        guard target > 0 else { throw .divisionByZero }
        guard gasUsed != target else { return baseFee }
        let distance = UInt256(gasUsed > target ? gasUsed - target : target - gasUsed)
        let move = try baseFee.checkedMultiply(distance) / UInt256(target) / 8
        guard gasUsed > target else { return baseFee.saturatingSubtract(move) }
        return try baseFee.checkedAdd(max(.one, move))
    }

    /// What the fee can come to over so many full blocks, present one first.
    package static func steepestBaseFees(
        from baseFee: UInt256, gasLimit: UInt64, blockCount: Int
    ) throws(ArithmeticError) -> [UInt256] {
        precondition((0...1_024).contains(blockCount), "Nobody plans further ahead")
        var fees = [baseFee]
        for _ in 0..<blockCount {
            fees.append(
                try nextBaseFee(after: fees[fees.count - 1], gasLimit: gasLimit, gasUsed: gasLimit))
        }
        return fees
    }

    /// What a unit of gas costs, and what of it goes to the builder; nil where the block asks more
    /// than the transaction allows.
    package static func effectivePrice(
        baseFee: UInt256, perGasMax: UInt256, priorityPerGasMax: UInt256
    ) -> (price: UInt256, builderTip: UInt256)? {
        guard perGasMax >= baseFee else { return nil }
        let price = min(perGasMax, baseFee.saturatingAdd(priorityPerGasMax))
        return (price, price - baseFee)
    }

    // MARK: Replacement

    /// The least that a pool takes in place of the old value: above it, and by a tenth of it,
    /// rounded down. Holds for both fees.
    package static func replacementMinimum(for old: UInt256) throws(ArithmeticError) -> UInt256 {
        max(try old.checkedAdd(.one), try old.checkedMultiply(110) / 100)
    }

    /// The same rounded up, for pools that do.
    package static func replacementSafe(for old: UInt256) throws(ArithmeticError) -> UInt256 {
        let raised = try old.checkedMultiply(110).divided(by: 100, rounding: .up)
        return max(try old.checkedAdd(.one), raised)
    }

    // MARK: Gas

    /// What must be paid before the first instruction, and the least that is paid at all.
    package static func gasNeeded(
        data: DataByteCounts, addressCount: Int, keyCount: Int, makesContract: Bool
    ) -> (intrinsic: UInt64, floor: UInt64) {
        let words = UInt64(data.zero + data.nonzero + 31) / 32
        let start: UInt64 = makesContract ? 53_000 + 2 * words : 21_000
        let lists = 2_400 * UInt64(addressCount) + 1_900 * UInt64(keyCount)
        let tokens = UInt64(data.zero) + 4 * UInt64(data.nonzero)
        return (start + 4 * tokens + lists, 21_000 + 10 * tokens)
    }

    package struct DataByteCounts: Hashable, Sendable {
        package let zero: Int
        package let nonzero: Int

        package init(zero: Int, nonzero: Int) {
            precondition(zero >= 0 && nonzero >= 0, "Bytes are counted")
            self.zero = zero
            self.nonzero = nonzero
        }

        package init(of data: [UInt8]) {
            zero = data.count { $0 == 0 }
            nonzero = data.count - zero
        }
    }

    // MARK: Policy

    /// A tip that is the median of what recent blocks took, empty ones left out, and a most that
    /// outlasts six full blocks. Nil where no block says anything.
    package static func suggested(
        nextBaseFee: UInt256, rewards: [(reward: UInt256, isEmptyBlock: Bool)]
    ) throws(ArithmeticError) -> (priorityPerGas: UInt256, perGasMax: UInt256)? {
        let sorted = rewards.filter { !$0.isEmptyBlock }.map(\.reward).sorted()
        guard !sorted.isEmpty else { return nil }
        let lower = sorted[(sorted.count - 1) / 2]
        let upper = sorted[sorted.count / 2]
        let tip = lower + (upper - lower) / 2
        return (tip, try nextBaseFee.checkedMultiply(2).checkedAdd(tip))
    }
}
