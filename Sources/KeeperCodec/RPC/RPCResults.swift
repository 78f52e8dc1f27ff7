package import WideMath

/// How a transaction ended on the chain: the part of a receipt that money hangs on.
package struct TransactionReceipt: Hashable, Sendable {
    package let transactionHash: [UInt8]
    package let blockNumber: UInt64
    package let hasSucceeded: Bool
    package let gasUsed: UInt64
    package let effectiveGasPrice: UInt256

    /// Nil for null: the transaction is not in a block, or no longer.
    package init?(_ reader: JSONReader) throws(JSONReadError) {
        if reader.isNull { return nil }
        var object = try reader.object()
        transactionHash = try object.required("transactionHash").bytes(count: 32)
        blockNumber = try object.required("blockNumber").quantity()
        hasSucceeded = try object.required("status").choice(["0x1": true, "0x0": false])
        gasUsed = try object.required("gasUsed").quantity()
        effectiveGasPrice = try object.required("effectiveGasPrice").wideQuantity()
    }

    package func feeWei() throws(ArithmeticError) -> UInt256 {
        try effectiveGasPrice.checkedMultiply(UInt256(gasUsed))
    }
}

/// One call of `eth_simulateV1`. The answer as a whole succeeds although a call in it failed.
package struct SimulatedCall: Equatable, Sendable {
    package let returnData: [UInt8]
    package let gasUsed: UInt64
    /// Nil where the call succeeded.
    package let failure: RPCFailure?

    /// The calls of all simulated blocks in order.
    package static func all(in reader: JSONReader) throws(JSONReadError) -> [SimulatedCall] {
        var calls: [SimulatedCall] = []
        for block in try reader.array(countMax: 256) {
            var object = try block.object()
            for call in try object.required("calls").array() {
                calls.append(try SimulatedCall(call))
            }
        }
        return calls
    }

    private init(_ reader: JSONReader) throws(JSONReadError) {
        var object = try reader.object()
        returnData = try object.required("returnData").bytes()
        gasUsed = try object.required("gasUsed").quantity()
        let hasSucceeded = try object.required("status").choice(["0x1": true, "0x0": false])
        guard !hasSucceeded else {
            failure = nil
            return
        }
        failure = try RPCFailure(try object.required("error"))
    }
}

/// What recent blocks cost. Nodes leave out or cut short what they do not have.
package struct FeeHistory: Hashable, Sendable {
    package let oldestBlock: UInt64
    /// One more than there are blocks: the last is of the block to come.
    package let baseFees: [UInt256]
    package let isEmpty: [Bool]
    /// By block, then by the percentiles asked for.
    package let rewards: [[UInt256]]

    package init(_ reader: JSONReader) throws(JSONReadError) {
        var object = try reader.object()
        oldestBlock = try object.required("oldestBlock").quantity()
        baseFees = try object.required("baseFeePerGas").array(countMax: 1_025) {
            (fee) throws(JSONReadError) in try fee.wideQuantity()
        }
        isEmpty = try object.required("gasUsedRatio").array(countMax: 1_024) {
            (ratio) throws(JSONReadError) in try ratio.number.isZero
        }
        guard let listed = object.optional("reward"), !listed.isNull else {
            rewards = []
            return
        }
        rewards = try listed.array(countMax: 1_024) { (block) throws(JSONReadError) in
            guard !block.isNull else { return [] }
            return try block.array(countMax: 100) { (reward) throws(JSONReadError) in
                try reward.wideQuantity()
            }
        }
    }
}

extension JSONReader {
    /// `0x0`, or `0x` and hex digits without a leading zero.
    package func quantity() throws(JSONReadError) -> UInt64 {
        guard let value = try wideQuantity().asUInt64 else {
            throw refused("a hex quantity of at most 64 bits")
        }
        return value
    }

    package func wideQuantity() throws(JSONReadError) -> UInt256 {
        do {
            return try Hex.wideQuantity(try string)
        } catch let error as JSONReadError {
            throw error
        } catch {
            throw refused("a hex quantity such as 0x0 or 0x1a")
        }
    }
}

extension JSONNumber {
    /// Whether every digit before the exponent is zero.
    package var isZero: Bool {
        text.utf8.prefix { $0 | 0x20 != UInt8(ascii: "e") }.allSatisfy {
            $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
        }
    }
}
