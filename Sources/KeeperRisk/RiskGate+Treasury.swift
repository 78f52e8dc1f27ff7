package import KeeperModel
package import WideMath

/// Transfers that were approved within the last day, and those that are open however old they are.
/// What was approved counts at once, and no more where it ends without having moved anything.
struct TransferTally: Hashable, Sendable {
    private(set) var noted: [NotedTransfer] = []

    init(_ noted: [NotedTransfer] = []) {
        self.noted = noted
    }

    mutating func note(_ transfer: NotedTransfer) { noted.append(transfer) }

    mutating func forget(_ clientID: ClientID) { noted.removeAll { $0.clientID == clientID } }

    /// It moved at this instant or earlier: a day from now it counts no more.
    mutating func end(_ clientID: ClientID, at instant: Instant) {
        guard let index = noted.firstIndex(where: { $0.clientID == clientID }) else { return }
        noted[index].clientID = nil
        noted[index].at = instant
    }

    mutating func forget(until instant: Instant) {
        noted.removeAll { $0.at <= instant && $0.clientID == nil }
    }

    func amount(of asset: AssetID, in domain: DomainID, since: Instant) -> UInt256 {
        noted.reduce(.zero) { sum, transfer in
            let counts =
                transfer.asset == asset && transfer.domain == domain
                && (transfer.at > since || transfer.clientID != nil)
            return counts ? sum + transfer.amount : sum
        }
    }
}

package struct NotedTransfer: Hashable, Sendable {
    /// When it was approved, and then when it ended.
    package var at: Instant
    /// Nil once it has ended.
    package var clientID: ClientID?
    package let domain: DomainID
    package let asset: AssetID
    package let amount: UInt256

    package init(
        at: Instant, clientID: ClientID?, domain: DomainID, asset: AssetID, amount: UInt256
    ) {
        self.at = at
        self.clientID = clientID
        self.domain = domain
        self.asset = asset
        self.amount = amount
    }
}

extension RiskGate {
    /// The first limit that stands in the way of a transfer. It earns nothing and risks nothing, so
    /// limits of closes do not apply; it has its own, and the kill switch.
    func refusal(
        of transfer: ReserveTransfer, _ intent: CloseIntent, now: Instant
    ) -> RiskRefusal? {
        let domain = intent.plan.target.domain
        if let stop = stop(of: intent.plan.target.domain) { return stop }
        if isBusy(intent.plan.target) { return .targetBusy }
        guard let rule = limits.treasury?.rule(for: transfer.asset, in: domain) else {
            return .transferRule
        }
        if transfer.amount.isZero || transfer.amount > rule.perTransferMax {
            return .transferSize
        }
        if transfer.amount > transferRoom(of: rule, now: now) { return .transfersPerDay }
        if !inventory(of: domain).covers(intent.expectation.inventoryNeeded) {
            return .inventory
        }
        return reserve(of: domain).covers(intent.reserveNeeded) ? nil : .reserve
    }

    /// What may still be moved of an asset today.
    package func transferRoom(of rule: PurseRule, now: Instant) -> UInt256 {
        rule.perDayMax.saturatingSubtract(
            transfers.amount(of: rule.asset, in: rule.domain, since: now.aDayBefore))
    }

    /// Whether the domain has said what is kept aside there.
    package func knowsReserve(in domain: DomainID) -> Bool { reserve(of: domain).isReported }
}

extension CloseIntent {
    /// What leaves the reserve because of it.
    package var reserveNeeded: [AssetAmount] {
        guard let transfer = plan.action.transfer, transfer.direction == .topUp else { return [] }
        return [AssetAmount(asset: transfer.asset, amount: transfer.amount)]
    }
}

extension CloseReceipt {
    /// The same as the reserve sees it; nil where it was not touched.
    var ofReserve: CloseReceipt? {
        let mirrored = movements.filter(\.cause.isTransfer).compactMap { movement in
            Int256(
                magnitude: movement.amount.magnitude, isNegative: !movement.amount.isNegative
            ).map {
                Movement(
                    asset: movement.asset, amount: $0, cause: movement.cause, valueUnits: .zero)
            }
        }
        guard !mirrored.isEmpty else { return nil }
        return CloseReceipt(
            clientID: clientID, fillID: fillID, height: height, settledAt: settledAt,
            movements: mirrored, settlements: [])
    }
}
