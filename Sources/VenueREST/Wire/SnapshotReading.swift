// The accounts of a market as a whole, held against what the venue says of them: a hash over their
// own text, and, where the venue proves its book, a root over accounts and totals.

import KeeperCodec
import KeeperModel

enum SnapshotReading {
    /// Equal accounts write equal text, so the hash is over what was read and not over the wire.
    static func accounts(_ document: inout ObjectReader) throws -> [AccountState] {
        let stateHash = try document.string("stateHash")
        let accounts: [AccountState] = try document.value("accounts")
        let computed = "0x" + Hex.encode(SHA256.hash(accounts.jsonBytes))
        guard computed == stateHash else {
            throw FeedProblem(.stateHash, "accounts hash to \(computed), not \(stateHash)")
        }
        let published: PublishedRoot? = try document.valueIfPresent("proof")
        if let published { try check(accounts, published) }
        return accounts
    }

    private static func check(
        _ accounts: [AccountState], _ published: PublishedRoot
    ) throws(FeedProblem) {
        guard let tree = AccountTree(accounts, salt: published.salt) else {
            throw FeedProblem(.root, "the accounts' totals pass 256 bits")
        }
        guard tree.root.totals == published.root.totals else {
            throw FeedProblem(.root, "the totals are not the sums of the accounts")
        }
        guard tree.root.hash == published.root.hash else {
            let (own, said) = (tree.root.hash, published.root.hash)
            throw FeedProblem(
                .root, "the root is 0x\(Hex.encode(own)), not 0x\(Hex.encode(said))")
        }
    }
}
