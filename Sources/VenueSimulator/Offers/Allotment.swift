import KeeperModel
import LiquidationRules
import WideMath

/// One offer on its way to several keepers: who takes part with how much, and what each gets.
struct Allotment: Sendable {
    /// The purse that closes for all of them; no keeper's name can have brackets.
    static let keeper = "(allotment)"

    struct Taker: Hashable, Sendable {
        let keeper: String
        let left: UInt256
        /// The venue's own, under which the share can be looked up.
        let clientID: ClientID
    }

    let offer: AccountID
    let market: MarketID
    let takers: [Taker]
    /// What the close will pay, as its rules say.
    let paid: AssetAmount

    /// What each pays, in the order of the takers: in proportion to what is left of each capacity.
    var parts: [UInt256] { Self.split(paid.amount, by: takers.map(\.left)) }

    func fill(_ world: inout ClosingWorld) throws(CloseRefused) {
        for (taker, part) in zip(takers, parts) {
            precondition(part <= taker.left, "Nobody pays more than is left of its capacity")
            try world.move(
                part, of: paid.asset, from: .keeper(taker.keeper), to: .keeper(Self.keeper))
        }
    }

    /// Splits what the purse took by what was paid into it; nothing stays there.
    func handOut(
        _ receipt: CloseReceipt, _ world: inout ClosingWorld
    ) throws(CloseRefused) -> [AllottedShare] {
        var shares: [AllottedShare] = []
        let taken = world.custody.holdings(of: .keeper(Self.keeper)).filter { !$0.amount.isZero }
        let given = taken.map { Self.split($0.amount, by: parts) }
        for (index, taker) in takers.enumerated() where !parts[index].isZero {
            var ledger = MovementLedger(world)
            ledger.went(parts[index], paid.asset, .repaid)
            for (asset, amounts) in zip(taken, given) {
                try world.move(
                    amounts[index], of: asset.asset, from: .keeper(Self.keeper),
                    to: .keeper(taker.keeper))
                ledger.came(amounts[index], asset.asset, .seized)
            }
            world.fillCount += 1
            shares.append(
                AllottedShare(
                    keeper: taker.keeper, paid: parts[index],
                    receipt: CloseReceipt(
                        clientID: taker.clientID, fillID: "fill-\(world.fillCount)",
                        height: receipt.height, settledAt: receipt.settledAt,
                        movements: ledger.movements, settlements: receipt.settlements)))
        }
        precondition(
            world.custody.holdings(of: .keeper(Self.keeper)).allSatisfy { $0.amount.isZero },
            "An allotment hands out all that it took")
        return shares
    }

    private static func split(_ total: UInt256, by weights: [UInt256]) -> [UInt256] {
        guard let signed = Int256(exactly: total) else {
            preconditionFailure("What a purse holds was counted when it came")
        }
        return LiquidationRules.split(signed, by: weights.map { Int256(exactly: $0) ?? .max })
            .map(\.magnitude)
    }
}

/// What one keeper got of an offer, for what it paid.
struct AllottedShare: Hashable, Sendable {
    let keeper: String
    let paid: UInt256
    let receipt: CloseReceipt
}
