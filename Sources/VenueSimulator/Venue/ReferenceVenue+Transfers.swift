package import KeeperModel
import WideMath

/// Moves between a keeper's two purses, each under an idempotency key, as closes are.
extension ReferenceVenue {
    package mutating func transfer(
        _ order: TransferOrder, bodyHash: String, keeper: String
    ) -> CloseReply {
        switch transfers.claim(order.clientID, bodyHash: bodyHash, keeper: keeper) {
        case .reused: return .keyReused
        case .replay(let stored): return .answered(stored.answer, isReplayed: true)
        case .free: break
        }
        admit(keeper: keeper)
        let answer: StoredAnswer
        do throws(CloseRefused) {
            var trial = world
            answer = .settled(try trial.settle(order, of: keeper))
            world = trial
        } catch {
            answer = .refused(error.refusal)
        }
        transfers.store(
            StoredClose(keeper: keeper, bodyHash: bodyHash, answer: answer, storedAt: world.now),
            at: order.clientID)
        return .answered(answer, isReplayed: false)
    }

    package func lookUpTransfer(_ clientID: ClientID, keeper: String) -> StoredClose? {
        transfers.find(clientID, keeper: keeper)
    }

    /// The existing transfer, or a tombstone; nil where the key is another keeper's.
    package mutating func voidTransfer(_ clientID: ClientID, keeper: String) -> StoredAnswer? {
        transfers.void(clientID, keeper: keeper, at: world.now)
    }

    /// What a keeper keeps aside.
    package func reserve(of keeper: String) -> [AssetAmount] {
        world.custody.holdings(of: .reserve(keeper))
    }

    /// What was carried out for a keeper, by client id.
    package func settledTransfers(of keeper: String) -> [ClientID: ReserveTransfer] {
        let settled = transfers.all.compactMap { key, stored -> (ClientID, ReserveTransfer)? in
            guard stored.keeper == keeper, case .settled(let receipt) = stored.answer,
                let moved = receipt.reserveTransfer
            else { return nil }
            return (key, moved)
        }
        return Dictionary(settled) { first, _ in first }
    }
}

extension ClosingWorld {
    /// All of it moves or none.
    mutating func settle(
        _ order: TransferOrder, of keeper: String
    ) throws(CloseRefused) -> CloseReceipt {
        let transfer = order.transfer
        guard height <= order.validUntilHeight else {
            throw CloseRefused(
                .expired, "valid until height \(order.validUntilHeight), now \(height)")
        }
        guard !transfer.amount.isZero else {
            throw CloseRefused(.malformed, "a transfer of nothing")
        }
        let isTopUp = transfer.direction == .topUp
        let (purse, reserve) = (Holder.keeper(keeper), Holder.reserve(keeper))
        try move(
            transfer.amount, of: transfer.asset, from: isTopUp ? reserve : purse,
            to: isTopUp ? purse : reserve)
        var ledger = MovementLedger(self)
        if isTopUp {
            ledger.came(transfer.amount, transfer.asset, .toppedUp)
        } else {
            ledger.went(transfer.amount, transfer.asset, .swept)
        }
        fillCount += 1
        return CloseReceipt(
            clientID: order.clientID, fillID: "transfer-\(fillCount)", height: height,
            settledAt: now, movements: ledger.movements, settlements: [])
    }
}
