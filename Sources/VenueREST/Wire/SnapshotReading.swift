// The accounts of a market as a whole, held against what the venue says of them: a hash over their
// own text, and, where the venue proves its book, a root over accounts and totals. There may be
// very many, so they are read one at a time: a tree of all of them would take ten times their room.

import KeeperCodec
import KeeperModel

enum SnapshotReading {
    private static let accountsKey = "accounts"

    /// Beside its accounts, what a snapshot says of itself.
    private struct Snapshot {
        var accounts: [AccountState]?
        var members: [JSONMember] = []
    }

    static func read(_ market: MarketID, _ bytes: [UInt8]) throws -> FeedReading {
        let snapshot = try scan(bytes)
        var document = try JSONReader(.object(snapshot.members)).object()
        guard let accounts = snapshot.accounts else {
            // It is not there, and this says so.
            throw try document.required(accountsKey).refused("accounts")
        }
        let height = try document.uint64("height")
        let sequence = try document.uint64("sequence")
        let stateHash = try document.string("stateHash")
        let published: PublishedRoot? = try document.valueIfPresent("proof")
        try check(accounts, stateHash, published)
        return FeedReading(
            height: height, sequence: sequence,
            bodies: [ReadBody(height: height, body: .accountsReplaced(market, accounts))])
    }

    /// Equal accounts write equal text, so the hash is over what was read and not over the wire.
    private static func check(
        _ accounts: [AccountState], _ stateHash: String, _ published: PublishedRoot?
    ) throws(FeedProblem) {
        var digest = AccountDigest(salt: published?.salt)
        for account in accounts { digest.add(account) }
        let (hash, tree) = digest.finish()
        let computed = "0x" + Hex.encode(hash)
        guard computed == stateHash else {
            throw FeedProblem(.stateHash, "accounts hash to \(computed), not \(stateHash)")
        }
        if let published { try check(tree, published) }
    }

    private static func check(
        _ tree: AccountTree?, _ published: PublishedRoot
    ) throws(FeedProblem) {
        guard let tree else { throw FeedProblem(.root, "the accounts' totals pass 256 bits") }
        guard tree.root.totals == published.root.totals else {
            throw FeedProblem(.root, "the totals are not the sums of the accounts")
        }
        guard tree.root.hash == published.root.hash else {
            let (own, said) = (tree.root.hash, published.root.hash)
            throw FeedProblem(
                .root, "the root is 0x\(Hex.encode(own)), not 0x\(Hex.encode(said))")
        }
    }

    // MARK: Scanning

    private static func scan(_ bytes: [UInt8]) throws -> Snapshot {
        var scanner = try JSONScanner(bytes)
        var snapshot = Snapshot()
        var seen: Set<String> = []
        guard try scanner.peekKind() == .object else {
            throw JSONReader(try scanner.readValue()).refused("an object")
        }
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            let name = scanner.string(of: key)
            guard seen.insert(name).inserted else {
                throw scanner.error(.duplicateKey(name), at: key.range.lowerBound - 1)
            }
            if name == accountsKey {
                snapshot.accounts = try accounts(&scanner)
            } else {
                snapshot.members.append(JSONMember(name, try scanner.readValue()))
            }
        }
        try scanner.finish()
        return snapshot
    }

    private static func accounts(_ scanner: inout JSONScanner) throws -> [AccountState] {
        let path = JSONPath.root.key(accountsKey)
        var accounts: [AccountState] = []
        guard try scanner.peekKind() == .array else {
            throw JSONReader(try scanner.readValue(), path: path).refused("an array")
        }
        try scanner.beginArray()
        while try scanner.nextElement() {
            let reader = JSONReader(try scanner.readValue(), path: path.index(accounts.count))
            accounts.append(try AccountState(reader))
        }
        return accounts
    }
}
