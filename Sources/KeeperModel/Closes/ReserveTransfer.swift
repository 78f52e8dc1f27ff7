package import WideMath

/// A move between the two purses that a keeper's name has at a venue: what it trades with, and what
/// its operator keeps aside there. Both are the operator's, so nothing is earned or spent by it.
package struct ReserveTransfer: Hashable, Sendable {
    package let asset: AssetID
    package let amount: UInt256
    package let direction: TransferDirection

    package init(asset: AssetID, amount: UInt256, direction: TransferDirection) {
        self.asset = asset
        self.amount = amount
        self.direction = direction
    }
}

package enum TransferDirection: String, Hashable, Sendable, CaseIterable {
    /// Out of the reserve, into what is traded with.
    case topUp
    /// Out of what is traded with, into the reserve.
    case sweep

    package var cause: MovementCause {
        switch self {
        case .topUp: .toppedUp
        case .sweep: .swept
        }
    }
}

extension ReserveTransfer {
    /// As a movement of what is traded with.
    package func movement(worth valueUnits: Int256) -> Movement? {
        Int256(magnitude: amount, isNegative: direction == .sweep).map {
            Movement(asset: asset, amount: $0, cause: direction.cause, valueUnits: valueUnits)
        }
    }
}

/// What a venue is asked to move, under an idempotency key of its own.
package struct TransferOrder: Hashable, Sendable {
    package let clientID: ClientID
    package let transfer: ReserveTransfer
    /// The last height at which it may still be settled.
    package let validUntilHeight: UInt64

    package init(clientID: ClientID, transfer: ReserveTransfer, validUntilHeight: UInt64) {
        self.clientID = clientID
        self.transfer = transfer
        self.validUntilHeight = validUntilHeight
    }
}

extension CloseReceipt {
    /// What it moved between purses; nil where it is of a close.
    package var reserveTransfer: ReserveTransfer? {
        movements.first(where: \.cause.isTransfer).map {
            ReserveTransfer(
                asset: $0.asset, amount: $0.amount.magnitude,
                direction: $0.cause == .toppedUp ? .topUp : .sweep)
        }
    }
}

extension MarketID {
    /// Where transfers have their targets: one for each asset, so at most one of it is open. No
    /// market of a venue may have this name.
    package static let treasury = MarketID("treasury")
}

extension Target {
    package static func treasury(of asset: AssetID, in domain: DomainID) -> Target {
        // Both are names of one form.
        Target(domain: domain, market: .treasury, account: AccountID(asset.text))
    }

    package var isTreasury: Bool { market == .treasury }
}

extension StrategyRun {
    /// By what transfers are made: no file, and so no version that could change.
    package static let treasury = StrategyRun(StrategyName("treasury"), version: 1)
}

extension CloseAction {
    /// Nil for everything that closes something.
    package var transfer: ReserveTransfer? {
        if case .transfer(let transfer) = self { transfer } else { nil }
    }
}

extension ClosePlan {
    /// What a venue is asked for where the plan is a transfer.
    package var transferOrder: TransferOrder? {
        action.transfer.map {
            TransferOrder(clientID: clientID, transfer: $0, validUntilHeight: validUntilHeight)
        }
    }
}
