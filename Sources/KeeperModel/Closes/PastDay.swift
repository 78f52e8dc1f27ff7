package import WideMath

/// What the books say of the last day: limits that count over time go on from here after a restart.
package struct PastDay: Hashable, Sendable {
    /// An intent that ended.
    package struct Ending: Hashable, Sendable {
        /// Nil in recordings of before there were several venues in one keeper.
        package let domain: DomainID?
        package let approvedAt: Instant
        package let endedAt: Instant
        /// What it earned, gas included; nothing where nothing moved.
        package let netUnits: Int256
        package let gasUnits: UInt256
        /// The venue refused it, or a chain carried it out in vain.
        package let hasFailed: Bool
        /// Nil where it was a close.
        package let transfer: PastTransfer?

        package init(
            domain: DomainID?, approvedAt: Instant, endedAt: Instant, netUnits: Int256,
            gasUnits: UInt256,
            hasFailed: Bool, transfer: PastTransfer? = nil
        ) {
            self.domain = domain
            self.approvedAt = approvedAt
            self.endedAt = endedAt
            self.netUnits = netUnits
            self.gasUnits = gasUnits
            self.hasFailed = hasFailed
            self.transfer = transfer
        }

        /// What moved between the keeper's own purses was neither earned nor lost.
        package init(
            _ ending: IntentEnding, of target: Target, approvedAt: Instant, endedAt: Instant
        ) {
            let movements = ending.receipt?.movements ?? []
            self.init(
                domain: target.domain, approvedAt: approvedAt, endedAt: endedAt,
                netUnits: movements.reduce(.zero) {
                    $1.cause.isTransfer ? $0 : $0 + $1.valueUnits
                },
                gasUnits: movements.reduce(.zero) {
                    $1.cause == .gas ? $0 + $1.valueUnits.magnitude : $0
                }, hasFailed: ending.hasFailed,
                transfer: PastTransfer(movements, of: target))
        }
    }

    /// In the order in which they ended.
    package let endings: [Ending]

    package init(endings: [Ending]) {
        self.endings = endings
    }
}

/// A transfer that ended: what limits over time count of it.
package struct PastTransfer: Hashable, Sendable {
    package let domain: DomainID
    package let asset: AssetID
    /// Nothing where it moved nothing.
    package let amount: UInt256

    package init(domain: DomainID, asset: AssetID, amount: UInt256) {
        self.domain = domain
        self.asset = asset
        self.amount = amount
    }

    /// Nil where the target is an account of somebody else's.
    package init?(_ movements: [Movement], of target: Target) {
        guard target.isTreasury else { return nil }
        self.init(
            domain: target.domain, asset: AssetID(target.account.text),
            amount: movements.reduce(.zero) {
                $1.cause.isTransfer ? $0 + $1.amount.magnitude : $0
            })
    }
}

extension IntentEnding {
    /// It reached the venue and did nothing there.
    package var hasFailed: Bool {
        switch self {
        case .refused, .reverted: true
        case .won, .voided, .cancelled, .withdrawn: false
        }
    }
}
