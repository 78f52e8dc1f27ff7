package import KeeperModel
package import WideMath

/// All that a risk gate has counted, in a form that can be kept and read back. Limits are not in
/// it: they are of the settings.
package struct RiskMemory: Hashable, Sendable {
    package struct Loss: Hashable, Sendable {
        package let at: Instant
        package let units: UInt256

        package init(at: Instant, units: UInt256) {
            self.at = at
            self.units = units
        }
    }

    package struct Failure: Hashable, Sendable {
        package let at: Instant
        /// Nil in what was kept before there were several venues in one keeper.
        package let domain: DomainID?

        package init(at: Instant, domain: DomainID?) {
            self.at = at
            self.domain = domain
        }
    }

    package struct GasOffer: Hashable, Sendable {
        package let clientID: ClientID
        package let units: UInt256

        package init(clientID: ClientID, units: UInt256) {
            self.clientID = clientID
            self.units = units
        }
    }

    package var isKilled = false
    /// In the order of their names.
    package var pausedDomains: [DomainID] = []
    /// In the order of their ids.
    package var openIntents: [CloseIntent] = []
    package var inventories: [InventoryMemory] = []
    package var history = RiskHistory()
    package var strategies: [StrategyRecord] = []
    package var gasOffered: [GasOffer] = []
    package var reserves: [InventoryMemory] = []
    package var transfers: [NotedTransfer] = []

    package init() {}
}

/// What is known of the keeper's property at one venue, and what of it is promised.
package struct InventoryMemory: Hashable, Sendable {
    package struct Settled: Hashable, Sendable {
        package let fillID: String
        package let height: UInt64
        package let movements: [Movement]

        package init(fillID: String, height: UInt64, movements: [Movement]) {
            self.fillID = fillID
            self.height = height
            self.movements = movements
        }
    }

    package struct Reservation: Hashable, Sendable {
        package let clientID: ClientID
        package let amounts: [AssetAmount]

        package init(clientID: ClientID, amounts: [AssetAmount]) {
            self.clientID = clientID
            self.amounts = amounts
        }
    }

    package let domain: DomainID
    package var isReported = false
    package var reportedHeight: UInt64 = 0
    package var reported: [AssetAmount] = []
    package var settled: [Settled] = []
    package var reservations: [Reservation] = []

    package init(domain: DomainID) {
        self.domain = domain
    }
}
