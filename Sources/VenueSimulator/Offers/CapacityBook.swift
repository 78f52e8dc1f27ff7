package import KeeperModel
package import WideMath

/// What a keeper lets the venue hand it without asking again.
package struct Capacity: Hashable, Sendable {
    /// Of the asset that offers are paid in; what is allotted uses it up.
    package let amount: UInt256
    package fileprivate(set) var used: UInt256
    /// Markets of which it wants nothing, by name.
    package let optOut: [MarketID]

    package init(amount: UInt256, optOut: [MarketID]) {
        self.amount = amount
        used = .zero
        self.optOut = optOut
    }

    package var left: UInt256 { amount.saturatingSubtract(used) }
}

/// The standing commitments of all keepers, and what each was allotted under which key.
package struct CapacityBook: Sendable {
    /// So many of a keeper's newest allotments are listed; settlements and statements have all.
    static let listedMax = 256

    private var capacities: [String: Capacity] = [:]
    private var keys: [String: [ClientID]] = [:]
    var allotmentCount: UInt64 = 0

    /// Nil for a keeper that has committed nothing yet.
    package subscript(keeper: String) -> Capacity? { capacities[keeper] }

    /// From now on this and nothing of what was said before.
    mutating func commit(_ capacity: Capacity, of keeper: String) {
        capacities[keeper] = capacity
    }

    mutating func use(_ amount: UInt256, of keeper: String, under clientID: ClientID) {
        guard var capacity = capacities[keeper], capacity.left >= amount else {
            preconditionFailure("Nobody is allotted more than it committed")
        }
        capacity.used += amount
        capacities[keeper] = capacity
        keys[keeper, default: []].append(clientID)
        if let listed = keys[keeper], listed.count > 2 * Self.listedMax {
            keys[keeper] = Array(listed.suffix(Self.listedMax))
        }
    }

    /// In their order.
    package func allotments(of keeper: String) -> [ClientID] {
        Array((keys[keeper] ?? []).suffix(Self.listedMax))
    }

    /// Who takes part in offers of a market, by name, with what is left of each one's capacity.
    func ready(for market: MarketID) -> [(keeper: String, left: UInt256)] {
        capacities.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.compactMap { keeper in
            guard let capacity = capacities[keeper], !capacity.left.isZero,
                !capacity.optOut.contains(market)
            else { return nil }
            return (keeper, capacity.left)
        }
    }
}
