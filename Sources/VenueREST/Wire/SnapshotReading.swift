// The accounts of a market as a whole, held against what the venue says of them: a hash over their
// own text, and, where the venue proves its book, a root over accounts and totals. There may be
// very many, so they are read one at a time: a tree of all of them would take ten times their room.

import KeeperCodec
import KeeperModel

/// The first pages of a snapshot, which nothing is believed of yet.
struct SnapshotPart: Sendable {
    /// Of the first page: the others say when they were sent.
    fileprivate let height: UInt64
    let sequence: UInt64
    fileprivate let stateHash: String
    fileprivate let published: PublishedRoot?
    fileprivate let pageCount: UInt64
    fileprivate(set) var nextPage: UInt64 = 0
    fileprivate var accounts: [AccountState] = []
    fileprivate var digest: AccountDigest

    /// More in one market are not followed.
    static let accountsMax = 5_000_000
}

enum SnapshotReading {
    private static let accountsKey = "accounts"

    /// Beside its accounts, what a snapshot says of itself.
    private struct Snapshot {
        var accounts: [AccountState]?
        var members: [JSONMember] = []
    }

    /// Nil where more pages follow; `part` is what has come so far. Accounts are held against their
    /// hash as pages come, so that the last one takes no longer than the others.
    static func read(
        _ market: MarketID, _ bytes: [UInt8], onto part: inout SnapshotPart?
    ) throws -> FeedReading? {
        let snapshot = try scan(bytes)
        var document = try JSONReader(.object(snapshot.members)).object()
        guard let accounts = snapshot.accounts else {
            // It is not there, and this says so.
            throw try document.required(accountsKey).refused("accounts")
        }
        let page: UInt64 = try document.optional("page")?.uint64 ?? 0
        let said = try begun(&document)
        guard part?.isOfOne(with: said) ?? true, page == part?.nextPage ?? 0 else {
            throw FeedProblem(
                .gap,
                "page \(page) of \(said.sequence) came for page \(part?.nextPage ?? 0)"
                    + (part.map { " of \($0.sequence)" } ?? ""))
        }
        if part == nil { part = said }
        try part?.add(accounts)
        guard part?.isWhole == true, let whole = part.take() else { return nil }
        return FeedReading(
            height: said.height, sequence: said.sequence,
            bodies: [
                ReadBody(
                    height: whole.height, body: .accountsReplaced(market, try whole.finished()))
            ])
    }

    private static func begun(_ document: inout ObjectReader) throws -> SnapshotPart {
        let height = try document.uint64("height")
        let sequence = try document.uint64("sequence")
        let stateHash = try document.string("stateHash")
        let published: PublishedRoot? = try document.valueIfPresent("proof")
        let pages = document.optional("pages")
        let pageCount = try pages?.uint64 ?? 1
        guard pageCount > 0 else {
            throw FeedProblem(.unexpected, "a snapshot of no page")
        }
        return SnapshotPart(
            height: height, sequence: sequence, stateHash: stateHash, published: published,
            pageCount: pageCount, digest: AccountDigest(salt: published?.salt))
    }

    fileprivate static func check(
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

extension SnapshotPart {
    fileprivate var isWhole: Bool { nextPage == pageCount }

    fileprivate func isOfOne(with other: SnapshotPart) -> Bool {
        sequence == other.sequence && stateHash == other.stateHash
            && published == other.published && pageCount == other.pageCount
    }

    fileprivate mutating func add(_ page: [AccountState]) throws(FeedProblem) {
        guard accounts.count + page.count <= Self.accountsMax else {
            throw FeedProblem(.unexpected, "more than \(Self.accountsMax) accounts")
        }
        for account in page { digest.add(account) }
        accounts += page
        nextPage += 1
    }

    /// Equal accounts write equal text, so the hash is over what was read and not over the wire.
    fileprivate consuming func finished() throws(FeedProblem) -> [AccountState] {
        let (hash, tree) = digest.finish()
        let computed = "0x" + Hex.encode(hash)
        guard computed == stateHash else {
            throw FeedProblem(.stateHash, "accounts hash to \(computed), not \(stateHash)")
        }
        if let published { try SnapshotReading.check(tree, published) }
        return accounts
    }
}
