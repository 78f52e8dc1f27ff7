// What a stream says, read the way a keeper reads it, without a keeper's code.

import KeeperCodec
import KeeperModel
import KeeperTransport

/// Accounts of a market as a whole, and after each delta.
struct Snapshot {
    private(set) var sequence: UInt64
    let stateHash: String
    let proof: PublishedRoot?
    private var table: [AccountID: AccountState]

    init(_ probe: VenueProbe, _ path: String) throws {
        var document = try probe.document(at: path)
        sequence = try document.uint64("sequence")
        stateHash = try document.string("stateHash")
        proof = try document.valueIfPresent("proof")
        let states: [AccountState] = try document.value("accounts")
        table = [:]
        for state in states {
            try require(table[state.account] == nil, "'\(state.account)' comes twice")
            table[state.account] = state
        }
    }

    /// By id.
    var accounts: [AccountState] { table.keys.sorted().compactMap { table[$0] } }

    mutating func apply(_ entry: StreamPage.Entry) throws {
        try require(
            entry.sequence == sequence + 1, "\(entry.sequence) follows \(sequence)")
        sequence = entry.sequence
        var members = try entry.reader.object()
        let changed: [AccountState] = try members.value("changed")
        let removed: [AccountID] = try members.value("removed")
        for state in changed {
            let known = table[state.account]?.version ?? 0
            try require(
                state.version > known, "'\(state.account)' changes and keeps version \(known)")
            table[state.account] = state
        }
        for account in removed { table[account] = nil }
    }
}

/// Some of a market's accounts, as they stood when its first page was asked for.
struct SnapshotPage {
    let sequence: UInt64
    let stateHash: String
    /// How many pages there are.
    let count: UInt64
    let accounts: [AccountState]

    init(
        _ probe: VenueProbe, _ path: String, _ number: UInt64, of sequence: UInt64? = nil
    ) throws {
        var document = try probe.document(at: path, Self.query(number, of: sequence))
        self.sequence = try document.uint64("sequence")
        stateHash = try document.string("stateHash")
        count = try document.uint64("pages")
        accounts = try document.value("accounts")
        let said = try document.uint64("page")
        try require(
            said == number && number < count, "page \(number) says it is \(said) of \(count)")
    }

    static func query(_ number: UInt64, of sequence: UInt64?) -> [QueryItem] {
        [QueryItem("page", "\(number)")]
            + (sequence.map { [QueryItem("sequence", "\($0)")] } ?? [])
    }
}

/// One reply of a stream.
struct StreamPage {
    struct Entry {
        let sequence: UInt64
        let height: UInt64
        let reader: JSONReader
    }

    let sequence: UInt64
    let entries: [Entry]

    init(_ probe: VenueProbe, _ path: String, _ query: [QueryItem]) throws {
        var document = try probe.document(at: path, query)
        sequence = try document.uint64("sequence")
        entries = try document.required("entries").array(countMax: 4_096).map { reader in
            var entry = try reader.object()
            return Entry(
                sequence: try entry.uint64("sequence"), height: try entry.uint64("height"),
                reader: reader)
        }
    }

    func requireUnbroken(after: UInt64, _ path: String) throws {
        var (known, height) = (after, UInt64(0))
        for entry in entries {
            try require(
                entry.sequence == known + 1, "\(path): \(entry.sequence) follows \(known)")
            try require(
                entry.height >= height, "\(path): height falls from \(height) to \(entry.height)")
            (known, height) = (entry.sequence, entry.height)
        }
        try require(known <= sequence, "\(path): \(known) lies beyond its newest, \(sequence)")
    }
}
