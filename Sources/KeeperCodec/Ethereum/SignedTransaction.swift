import WideMath

/// A transaction as it travels.
package struct SignedTransaction: Hashable, Sendable {
    package let transaction: EthereumTransaction
    package let signature: EthereumSignature
    package let hash: [UInt8]

    package init(_ transaction: EthereumTransaction, _ signature: EthereumSignature) {
        self.transaction = transaction
        self.signature = signature
        hash = Keccak256.hash(transaction.raw(signature))
    }

    /// Strict: a transaction has one form, so what is read here encodes to the same bytes again.
    package init(raw: [UInt8], limits: RLPLimits = .transaction) throws(RLPError) {
        guard let first = raw.first else { throw .empty }
        let rest = first < 0xC0 ? Array(raw.dropFirst()) : raw
        let items = try RLPItem.decode(rest, limits: limits).items()
        switch first {
        case 0xC0...: (transaction, signature) = try Self.legacy(items)
        case 1: (transaction, signature) = try Self.accessList(items)
        case 2: (transaction, signature) = try Self.feeMarket(items)
        default: throw .unknownType(first)
        }
        guard signature.isLow else { throw .malformedInteger }
        hash = Keccak256.hash(raw)
    }

    private static func legacy(
        _ items: [RLPItem]
    ) throws(RLPError) -> (EthereumTransaction, EthereumSignature) {
        guard items.count == 9 else { throw .wrongItemCount(items.count) }
        let mark = try items[6].uint256()
        let (chainID, isOdd) = try markParts(mark)
        let transaction = try transaction(
            .legacy(gasPrice: try items[1].uint256(), chainID: chainID), nonce: items[0],
            common: items[2...5])
        return (transaction, try signature(items[7...8], isOdd: isOdd))
    }

    /// 27 and 28 say nothing of a chain; from 35 on the chain's number is in it (EIP-155).
    private static func markParts(
        _ mark: UInt256
    ) throws(RLPError) -> (chainID: UInt64?, isOdd: Bool) {
        if mark == 27 || mark == 28 { return (nil, mark == 28) }
        guard mark >= 35, let chainID = ((mark - 35) >> 1).asUInt64 else {
            throw .malformedInteger
        }
        return (chainID, (mark - 35).bit(at: 0))
    }

    private static func accessList(
        _ items: [RLPItem]
    ) throws(RLPError) -> (EthereumTransaction, EthereumSignature) {
        guard items.count == 11 else { throw .wrongItemCount(items.count) }
        let fees = EthereumTransaction.Fees.accessList(
            gasPrice: try items[2].uint256(), chainID: try items[0].uint64(),
            list: try entries(items[7]))
        return (
            try transaction(fees, nonce: items[1], common: items[3...6]),
            try signature(items[9...10], isOdd: try parity(items[8]))
        )
    }

    private static func feeMarket(
        _ items: [RLPItem]
    ) throws(RLPError) -> (EthereumTransaction, EthereumSignature) {
        guard items.count == 12 else { throw .wrongItemCount(items.count) }
        let fees = EthereumTransaction.Fees.feeMarket(
            priorityPerGasMax: try items[2].uint256(), perGasMax: try items[3].uint256(),
            chainID: try items[0].uint64(), list: try entries(items[8]))
        return (
            try transaction(fees, nonce: items[1], common: items[4...7]),
            try signature(items[10...11], isOdd: try parity(items[9]))
        )
    }

    /// Gas limit, receiver, value and data, which every type has in this order.
    private static func transaction(
        _ fees: EthereumTransaction.Fees, nonce: RLPItem, common: ArraySlice<RLPItem>
    ) throws(RLPError) -> EthereumTransaction {
        let items = Array(common)
        let receiver = try items[1].byteString()
        let to = EthereumAddress(receiver)
        guard to != nil || receiver.isEmpty else { throw .wrongByteCount(receiver.count) }
        let number = try nonce.uint64()
        // No account ever gets that far (EIP-2681).
        guard number < .max else { throw .malformedInteger }
        return EthereumTransaction(
            fees: fees, nonce: number, gasLimit: try items[0].uint64(), to: to,
            value: try items[2].uint256(), data: try items[3].byteString())
    }

    private static func parity(_ item: RLPItem) throws(RLPError) -> Bool {
        let parity = try item.uint64()
        guard parity <= 1 else { throw .malformedInteger }
        return parity == 1
    }

    private static func signature(
        _ items: ArraySlice<RLPItem>, isOdd: Bool
    ) throws(RLPError) -> EthereumSignature {
        EthereumSignature(
            r: try items[items.startIndex].uint256(), s: try items[items.startIndex + 1].uint256(),
            yParity: isOdd)
    }

    private static func entries(
        _ item: RLPItem
    ) throws(RLPError) -> [EthereumTransaction.AccessListEntry] {
        var entries: [EthereumTransaction.AccessListEntry] = []
        for entry in try item.items() {
            let parts = try entry.items()
            guard parts.count == 2 else { throw .wrongItemCount(parts.count) }
            let bytes = try parts[0].byteString()
            guard let address = EthereumAddress(bytes) else { throw .wrongByteCount(bytes.count) }
            var keys: [[UInt8]] = []
            for key in try parts[1].items() {
                let bytes = try key.byteString()
                guard bytes.count == 32 else { throw .wrongByteCount(bytes.count) }
                keys.append(bytes)
            }
            entries.append(.init(address: address, storageKeys: keys))
        }
        return entries
    }
}
