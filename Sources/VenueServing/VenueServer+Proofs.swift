// Proofs of the book: a root over the accounts of a market, and the path of one of them to it.

import HTTPServing
import KeeperCodec
import KeeperModel
import VenueSimulator

extension VenueServer {
    /// What blinds the leaves of a market's tree at one place of its stream.
    func salt(of market: MarketID, _ sequence: UInt64) -> [UInt8] {
        let text = "salt/1\n\(venue.scenario.seed)\n\(market)\n\(sequence)\n"
        return SHA256.hash(Array(text.utf8))
    }

    /// Made anew where it is asked for: a tree of many accounts is work.
    private func proof(
        of market: MarketID, _ accounts: [AccountState], _ sequence: UInt64
    ) -> BookProof {
        let salt = salt(of: market, sequence)
        guard let tree = AccountTree(accounts, salt: salt) else {
            preconditionFailure("What a market holds fits into 256 bits")
        }
        return BookProof(salt: salt, tree: tree)
    }

    func proof(
        of account: AccountID, in market: MarketID, _ visit: Visit
    ) throws(VenueProblem) -> HTTPResponse {
        try requireMarket(market)
        guard venue.offerRules == nil else { throw .accountsHidden }
        guard let accounts = venue.snapshot(of: market),
            let sequence = venue.sequence(of: .accounts(market))
        else { throw VenueProblem(.noSuchMarket, "no market is called '\(market)'") }
        guard let index = accounts.firstIndex(where: { $0.account == account }) else {
            throw VenueProblem(.noSuchAccount, "no account of '\(market)' is called '\(account)'")
        }
        let proof = proof(of: market, accounts, sequence)
        return reply(visit) { json in
            json.member("market", market)
            json.member("sequence", sequence)
            json.member("root", proof.tree.root)
            json.key("blind")
            json.hex(AccountTree.blind(of: account, salt: proof.salt))
            json.member("account", accounts[index])
            json.member("path", proof.tree.path(ofLeaf: index))
        }
    }
}

struct BookProof {
    let salt: [UInt8]
    let tree: AccountTree

    /// What a snapshot says of itself beside its hash.
    var root: PublishedRoot { PublishedRoot(salt: salt, root: tree.root) }
}
