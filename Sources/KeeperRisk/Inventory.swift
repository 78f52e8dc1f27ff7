package import KeeperModel
package import WideMath

/// What the keeper owns at one venue, and how much of it is promised to open intents.
///
/// The venue's report is the truth as of its height. What settled above that height is added on top
/// until a later report contains it, so that a close is never counted twice and never forgotten.
package struct Inventory: Hashable, Sendable {
    private var reported: [AssetID: UInt256] = [:]
    private var reportedHeight: UInt64 = 0
    private var settledSince: [SettledMovements] = []
    private var reservations: [ClientID: [AssetAmount]] = [:]
    /// Their sums, so that asking what is left costs the same however many are open.
    private var reservedTotals: [AssetID: UInt256] = [:]

    package private(set) var isReported = false

    package init() {}

    package mutating func report(_ balances: [AssetAmount], height: UInt64) {
        guard height >= reportedHeight else { return }
        reported = [:]
        for balance in balances {
            reported[balance.asset] = balance.amount
        }
        reportedHeight = height
        isReported = true
        settledSince.removeAll { $0.height <= height }
    }

    /// What can still be promised: never negative, whatever is in flight.
    package func available(_ asset: AssetID) -> UInt256 {
        let owned = owned(asset)
        let reserved = reserved(asset)
        return owned > reserved ? owned - reserved : .zero
    }

    package func owned(_ asset: AssetID) -> UInt256 {
        guard var balance = Int256(exactly: reported[asset] ?? .zero) else { return .zero }
        for settled in settledSince {
            for movement in settled.movements where movement.asset == asset {
                balance += movement.amount
            }
        }
        return balance.isNegative ? .zero : balance.magnitude
    }

    package func reserved(_ asset: AssetID) -> UInt256 {
        reservedTotals[asset] ?? .zero
    }

    package func covers(_ needs: [AssetAmount]) -> Bool {
        needs.allSatisfy { available($0.asset) >= $0.amount }
    }

    /// The number of intents that hold a reservation: none may outlive its intent.
    package var reservationCount: Int { reservations.count }

    package mutating func reserve(_ needs: [AssetAmount], for clientID: ClientID) {
        precondition(reservations[clientID] == nil, "An intent reserves once")
        reservations[clientID] = needs
        for need in needs { reservedTotals[need.asset, default: .zero] += need.amount }
    }

    package mutating func release(_ clientID: ClientID) {
        for need in reservations.removeValue(forKey: clientID) ?? [] {
            reservedTotals[need.asset, default: .zero] -= need.amount
        }
    }

    /// Told twice, once provisional and once final, a fill still counts once.
    package mutating func settle(_ receipt: CloseReceipt) {
        guard receipt.height > reportedHeight,
            !settledSince.contains(where: { $0.fillID == receipt.fillID })
        else { return }
        settledSince.append(
            SettledMovements(
                fillID: receipt.fillID, height: receipt.height, movements: receipt.movements))
    }

    /// A chain took heights back: what was reported or settled above this one is not so any more.
    package mutating func goBack(to height: UInt64) {
        settledSince.removeAll { $0.height > height }
        reportedHeight = min(reportedHeight, height)
    }
}

private struct SettledMovements: Hashable, Sendable {
    let fillID: String
    let height: UInt64
    let movements: [Movement]
}

extension Inventory {
    func memory(of domain: DomainID) -> InventoryMemory {
        var memory = InventoryMemory(domain: domain)
        memory.isReported = isReported
        memory.reportedHeight = reportedHeight
        memory.reported = reported.keys.sorted().map {
            AssetAmount(asset: $0, amount: reported[$0] ?? .zero)
        }
        memory.settled = settledSince.map {
            InventoryMemory.Settled(
                fillID: $0.fillID, height: $0.height, movements: $0.movements)
        }
        memory.reservations = reservations.keys.sorted().map {
            InventoryMemory.Reservation(clientID: $0, amounts: reservations[$0] ?? [])
        }
        return memory
    }

    init(_ memory: InventoryMemory) {
        isReported = memory.isReported
        reportedHeight = memory.reportedHeight
        for amount in memory.reported { reported[amount.asset] = amount.amount }
        settledSince = memory.settled.map {
            SettledMovements(fillID: $0.fillID, height: $0.height, movements: $0.movements)
        }
        for reservation in memory.reservations {
            reserve(reservation.amounts, for: reservation.clientID)
        }
    }
}
