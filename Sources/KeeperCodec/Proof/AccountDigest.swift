package import KeeperModel

/// What stands for the accounts of a market: a hash over their text and, where there is a salt, the
/// tree over them. Worked out account by account: each one's text is written once, for the hash
/// over all, for its leaf, and for whoever sends it.
package struct AccountDigest {
    private var hasher = SHA256()
    private var leaves: [AccountNode]? = []
    private var count = 0
    private let salt: [UInt8]?

    package init(salt: [UInt8]?) {
        self.salt = salt
        hasher.update([UInt8(ascii: "[")])
    }

    /// The text of the account, as it stands in the text of all.
    @discardableResult
    package mutating func add(_ state: AccountState) -> [UInt8] {
        let text = state.jsonBytes
        if count > 0 { hasher.update([UInt8(ascii: ",")]) }
        count += 1
        hasher.update(text)
        guard let salt, leaves != nil else { return text }
        let blind = AccountTree.blind(of: state.account, salt: salt)
        if let leaf = AccountNode(state, writtenAs: text, blind: blind) {
            leaves?.append(leaf)
        } else {
            leaves = nil
        }
        return text
    }

    /// The hash, and the tree unless there is no salt or totals pass 256 bits.
    package consuming func finish() -> (stateHash: [UInt8], tree: AccountTree?) {
        hasher.update([UInt8(ascii: "]")])
        let tree = salt == nil ? nil : leaves.flatMap { AccountTree(leaves: $0) }
        return (hasher.finish(), tree)
    }
}
