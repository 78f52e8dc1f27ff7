/// What somebody at the control socket may do. Each role may do what those before it may.
package enum ControlRole: String, CaseIterable, Comparable, Sendable {
    /// Looks.
    case viewer
    /// Stops and starts.
    case `operator`
    /// Changes what may be lost.
    case treasurer

    package static func < (left: ControlRole, right: ControlRole) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// Who has a role: users and groups by their numbers, as the kernel reports them.
package struct ControlGrant: Hashable, Sendable {
    package let role: ControlRole
    package let users: [UInt32]
    package let groups: [UInt32]
    /// Whoever shows what this file holds has the role too.
    package let tokenFile: String?
}

package struct ControlConfig: Hashable, Sendable {
    /// Nil: `control.sock` beside the journal.
    package let socket: String?
    package let grants: [ControlGrant]

    package static let closed = ControlConfig(socket: nil, grants: [])

    /// Whether anybody but the owner of the process is named.
    package var namesOthers: Bool {
        grants.contains { !$0.users.isEmpty || !$0.groups.isEmpty || $0.tokenFile != nil }
    }
}

/// How often a recording of a run gets a checkpoint that a replay may begin at.
package struct CheckpointConfig: Hashable, Sendable {
    /// Zero: never.
    package let everyEvents: Int
    /// With more accounts none is written: one is written between two events, and all wait for it.
    package let accountsMax: Int

    package static let usual = CheckpointConfig(everyEvents: 10_000, accountsMax: 10_000)
}

/// How much of the recent past is kept in memory, for `explain --at` and `reload`.
package struct HistoryConfig: Hashable, Sendable {
    package let eventsPerCheckpoint: Int
    /// Zero: nothing is kept.
    package let checkpointsMax: Int

    package static let usual = HistoryConfig(eventsPerCheckpoint: 1_000, checkpointsMax: 20)
}
