package import KeeperRuntime

/// What can be said at the control socket, and who may say it.
package enum ControlVerb: String, CaseIterable, Sendable {
    case status
    case balance
    case positions
    case explain
    case decisions
    case closes
    case revenue
    case lots
    /// What would be moved between the keeper's purses now.
    case treasury
    /// What was moved.
    case transfers
    /// The kill switch: nothing new is sent until `resume`.
    case pause
    case resume
    case drain
    /// Lets a plan that is held go on.
    case approve
    /// Reads configuration and strategies anew.
    case reload
    /// Makes exactly the transfers of a plan that was shown.
    case transfer

    package var role: ControlRole {
        switch self {
        case .status, .balance, .positions, .explain, .decisions, .closes, .revenue, .lots,
            .treasury,
            .transfers:
            .viewer
        case .pause, .resume, .drain, .approve: .operator
        // Limits say what may be lost, and purses what can be.
        case .reload, .transfer: .treasurer
        }
    }

    /// What changes something is in the audit log before it is done.
    package var isAudited: Bool { role > .viewer }
}
