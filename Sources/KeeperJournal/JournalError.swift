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
    /// SQLite's extended result code, its message, and the statement that was run.
    case failed(code: Int32, message: String, sql: String)
    /// A row that this program cannot have written.
    case malformedRow(table: String, detail: String)

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
            "was written by a newer program: schema \(found), known here are those up to \(known)"
        case .failed(let code, let message, _): "SQLite says '\(message)', code \(code)"
        case .malformedRow(let table, let detail):
            "a row of \(table) is none that this program writes: \(detail)"
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
