package import KeeperCodec

/// What a settlement policy must satisfy, by the codes and in the order of `settlement.md`
/// section 11.
package enum PolicyRule: String, Hashable, Sendable, CaseIterable {
    case shape
    case identity
    case range
    case capBelowBase = "cap-below-base"
    case floorAboveTarget = "floor-above-target"
    case penaltyShares = "penalty-shares"
    case surplusShares = "surplus-shares"
    case overflowShares = "overflow-shares"
    case window
    case keeperMinimum = "keeper-minimum"
    case backstops
    case tiers
    case volatility
    case predictive
    case partial
    case shocks
}

/// Why a policy file is not a policy.
package enum PolicyRefusal: Error, Equatable, Sendable, CustomStringConvertible {
    /// A key too many or too few, or a value of the wrong kind; stands alone.
    case shape(JSONReadError)
    /// Every broken rule, in the order of `PolicyRule`, at least one.
    case broken([PolicyRule])

    package var rules: [PolicyRule] {
        switch self {
        case .shape: [.shape]
        case .broken(let rules): rules
        }
    }

    package var description: String {
        switch self {
        case .shape(let error): "shape: \(error)"
        case .broken(let rules): rules.map(\.rawValue).joined(separator: ", ")
        }
    }
}
