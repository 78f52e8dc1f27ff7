import CSQLite

extension Journal {
    /// Copies the journal to a new file by SQLite's own backup, and looks the copy through. The
    /// caller sees to it that nothing is there, and takes away what is left when this throws.
    package func backUp(to path: String) throws(JournalError) {
        try database.copy(to: path)
        let damage = try Journal(path: path).findDamage()
        guard damage.isEmpty else { throw .unsound(damage) }
    }
}

extension Database {
    /// All pages in one step: nobody else writes meanwhile, because the file is ours alone.
    fileprivate func copy(to path: String) throws(JournalError) {
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE
        let code = sqlite3_open_v2(path, &opened, flags, nil)
        // Closing also gives back what an open that failed has taken.
        defer { sqlite3_close(opened) }
        guard code == SQLITE_OK, let backup = sqlite3_backup_init(opened, "main", handle, "main")
        else { throw .failed(code: code, message: "cannot be made", sql: "open \(path)") }
        let stepped = sqlite3_backup_step(backup, -1)
        let finished = sqlite3_backup_finish(backup)
        guard stepped == SQLITE_DONE, finished == SQLITE_OK else {
            throw .failed(code: stepped, message: "cannot be copied", sql: "backup to \(path)")
        }
    }
}
