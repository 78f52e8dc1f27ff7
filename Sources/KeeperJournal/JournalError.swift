package import KeeperModel

/// Why the journal refused or failed. Nothing was written when one of these is thrown.
package enum JournalError: Error, Equatable, Sendable {
    // The file.

    /// Another process has it open; the program ends with code 75 and may be started again.
    case lockedElsewhere(path: String)
    /// No file of ours: another program's database, or no database at all.
    case notOurs(path: String)
    /// Written by a newer version of this program.
    case newerSchema(found: Int64, known: Int64)
    /// The disk failed earlier; nothing goes through this connection any more.
    case broken(path: String)
    /// SQLite cannot make sense of what is in the file.
    case damaged(path: String)
    /// SQLite's extended result code, its message, and the statement that was run.
    case failed(code: Int32, message: String, sql: String)
    /// A row that this program cannot have written.
    case malformedRow(table: String, detail: String)

    /// A line of an export that this program cannot have written, or one that is missing.
    case malformedExport(line: Int, detail: String)
    /// What was imported or backed up is not whole.
    case unsound([String])

    // What was asked for.

    /// The target has an open intent, or the client id was used before.
    case targetBusy(Target)
    case clientIDUsed(ClientID)
    case unknownIntent(ClientID)
    /// The intent ended before, and differently.
    case endedOtherwise(ClientID, label: String)
    /// The same name came before with another content: a fill, a transfer or a settlement.
    case contentChanged(id: String)
    /// Postings of one entry do not sum to zero; nil where the values do not.
    case unbalanced(asset: AssetID?)
    /// Why a month cannot be closed.
    case periodRefused(month: String, reason: String)
    /// A sum no longer fits 256 bits.
    case overflow
}

/// For people. Whoever shows one names the folder or what was being done before it.
extension JournalError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .lockedElsewhere(let path): "\(path) is open in another process"
        case .notOurs(let path): "\(path) is no file of ours"
        case .newerSchema(let found, let known):
            "was written by a newer program: schema \(found), known here are those up to \(known); "
                + "with that program 'bailiff db export --schema \(known) FILE', "
                + "then with this one 'bailiff db import FILE'"
        case .broken(let path): "\(path): the disk failed earlier; start anew to see what it kept"
        case .damaged(let path):
            "\(path) is damaged; restore a backup, then 'bailiff db reconcile'"
        case .failed(let code, let message, _): "SQLite says '\(message)', code \(code)"
        case .malformedRow(let table, let detail):
            "a row of \(table) is none that this program writes: \(detail)"
        case .malformedExport(let line, let detail): "line \(line): \(detail)"
        case .unsound(let damage): "is not whole: " + damage.joined(separator: "; ")
        case .periodRefused(let month, let reason): "\(month) cannot be closed: \(reason)"
        case .targetBusy(let target):
            "\(target.account) in \(target.market) has an open intent already"
        case .clientIDUsed(let clientID): "the key \(clientID) was used before"
        case .unknownIntent(let clientID): "there is no intent \(clientID)"
        case .endedOtherwise(let clientID, let label):
            "\(clientID) ended before, and otherwise: \(label)"
        case .contentChanged(let id): "\(id) was booked before with another content"
        case .unbalanced(let asset):
            "the postings do not sum to zero\(asset.map { " in \($0)" } ?? ", by value")"
        case .overflow: "a sum does not fit 256 bits"
        }
    }
}
