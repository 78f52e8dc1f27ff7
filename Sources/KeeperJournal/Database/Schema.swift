/// What a file of ours holds: its tables, by migrations, and what must always hold, by triggers.
///
/// A migration is a list of statements that never changes once released; the schema's version is
/// their count. Triggers are of no version: a table that a migration made anew has lost its own, so
/// after every migration all of them are made anew as this program knows them.
package struct Schema: Sendable {
    let applicationID: Int32
    let migrations: [[String]]
    let invariants: [String]

    package init(applicationID: Int32, migrations: [[String]], invariants: [String]) {
        self.applicationID = applicationID
        self.migrations = migrations
        self.invariants = invariants
    }

    package var version: Int64 { Int64(migrations.count) }

    /// The tables as an earlier release had them, for what is carried back to it or comes from it.
    /// Without triggers: rows that were checked when they were written come in any order.
    func tables(ofVersion version: Int64) -> Schema {
        Schema(
            applicationID: applicationID,
            migrations: Array(migrations.prefix(Int(clamping: version))), invariants: [])
    }

    /// No row of the table is ever taken away.
    static func neverDeleted(_ table: String) -> String {
        """
        CREATE TRIGGER \(table)_are_never_deleted BEFORE DELETE ON \(table)
        BEGIN SELECT RAISE(ABORT, '\(table) are never deleted'); END
        """
    }

    /// No row of the table is ever another.
    static func neverChanged(_ table: String) -> String {
        """
        CREATE TRIGGER \(table)_are_never_changed BEFORE UPDATE ON \(table)
        BEGIN SELECT RAISE(ABORT, '\(table) are never changed'); END
        """
    }
}

/// What a commit survives when it returns.
package enum Durability: String, Hashable, Sendable, CaseIterable {
    /// The end of the process, whatever way it ends. What was written since the last sync goes with
    /// the power.
    case process
    /// The end of the power too.
    case power
}
