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
    /// The kill switch: nothing new is sent until `resume`.
    case pause
    case resume
    case drain
    /// Lets a plan that is held go on.
    case approve
    /// Reads configuration and strategies anew.
    case reload

    package var role: ControlRole {
        switch self {
        case .status, .balance, .positions, .explain, .decisions, .closes, .revenue, .lots:
            .viewer
        case .pause, .resume, .drain, .approve: .operator
        // Limits say what may be lost.
        case .reload: .treasurer
        }
    }

    /// What changes something is in the audit log before it is done.
    package var isAudited: Bool { role > .viewer }
}
