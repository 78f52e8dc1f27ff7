/// A Merkle-sum tree over the accounts of a market: one hash and the totals under it stand for all
/// of them, and a path of some twenty nodes shows that an account is among them.
///
/// A node's hash covers the hashes and the totals of both its children, so no child can say less
/// than it holds without another root. A leaf covers its account behind a blind of its own: who is
/// given a path learns totals and hashes of neighbours, and no account but the one asked for.
package import KeeperModel

package struct AccountNode: Hashable, Sendable {
    package let hash: [UInt8]
    package let totals: AccountTotals

    package init(hash: [UInt8], totals: AccountTotals) {
        self.hash = hash
        self.totals = totals
    }

    /// Nil where an account's figures pass 256 bits.
    package init?(_ state: AccountState, blind: [UInt8]) {
        self.init(state, writtenAs: state.jsonBytes, blind: blind)
    }

    /// The same for whoever has the account's text already.
    init?(_ state: AccountState, writtenAs text: [UInt8], blind: [UInt8]) {
        guard let totals = state.position.totals else { return nil }
        let stateHash = SHA256.hash(text)
        let text =
            "leaf/1\n\(Hex.encode(blind))\n\(state.account)\n\(Hex.encode(stateHash))\n"
            + totals.text
        self.init(hash: SHA256.hash(Array(text.utf8)), totals: totals)
    }

    /// Nil where the sum of the two passes 256 bits.
    package init?(_ left: AccountNode, _ right: AccountNode) {
        guard let totals = left.totals.adding(right.totals) else { return nil }
        let text =
            "node/1\n\(Hex.encode(left.hash))\n\(left.totals.text)"
            + "\(Hex.encode(right.hash))\n\(right.totals.text)"
        self.init(hash: SHA256.hash(Array(text.utf8)), totals: totals)
    }
}

package struct AccountTree: Sendable {
    /// Leaves first, the root last; an odd node at the end of a level rises as it is.
    private let levels: [[AccountNode]]

    /// Nil for totals beyond 256 bits. The blinds come of one salt, which is published where the
    /// accounts themselves are.
    package init?(_ accounts: [AccountState], salt: [UInt8]) {
        var leaves: [AccountNode] = []
        leaves.reserveCapacity(accounts.count)
        for state in accounts {
            let blind = Self.blind(of: state.account, salt: salt)
            guard let leaf = AccountNode(state, blind: blind) else { return nil }
            leaves.append(leaf)
        }
        self.init(leaves: leaves)
    }

    /// Nil for totals beyond 256 bits.
    init?(leaves: [AccountNode]) {
        var level = leaves
        var levels = [level]
        while level.count > 1 {
            guard let above = Self.level(above: level) else { return nil }
            level = above
            levels.append(level)
        }
        self.levels = levels
    }

    package static func blind(of account: AccountID, salt: [UInt8]) -> [UInt8] {
        SHA256.hash(Array("blind/1\n\(Hex.encode(salt))\n\(account)\n".utf8))
    }

    private static func level(above level: [AccountNode]) -> [AccountNode]? {
        var above: [AccountNode] = []
        above.reserveCapacity((level.count + 1) / 2)
        for index in stride(from: 0, to: level.count, by: 2) {
            guard index + 1 < level.count else {
                above.append(level[index])
                break
            }
            guard let node = AccountNode(level[index], level[index + 1]) else { return nil }
            above.append(node)
        }
        return above
    }

    /// Of no accounts: 32 zero bytes over nothing.
    package var root: AccountNode {
        levels.last?.first
            ?? AccountNode(hash: [UInt8](repeating: 0, count: 32), totals: AccountTotals())
    }

    /// From the leaf with this index up to the root.
    package func path(ofLeaf index: Int) -> [AccountPathStep] {
        precondition(levels[0].indices.contains(index), "A path begins at a leaf")
        var position = index
        var steps: [AccountPathStep] = []
        for level in levels.dropLast() {
            let sibling = position ^ 1
            if level.indices.contains(sibling) {
                steps.append(
                    AccountPathStep(sibling: level[sibling], isLeft: sibling < position))
            }
            position /= 2
        }
        return steps
    }
}

/// One neighbour on the way up.
package struct AccountPathStep: Hashable, Sendable {
    package let sibling: AccountNode
    /// Whether the neighbour is the left one of the two.
    package let isLeft: Bool

    package init(sibling: AccountNode, isLeft: Bool) {
        self.sibling = sibling
        self.isLeft = isLeft
    }
}

extension [AccountPathStep] {
    /// Where the path leads from a leaf; nil where totals pass 256 bits.
    package func root(from leaf: AccountNode) -> AccountNode? {
        var node = leaf
        for step in self {
            let joined =
                step.isLeft ? AccountNode(step.sibling, node) : AccountNode(node, step.sibling)
            guard let joined else { return nil }
            node = joined
        }
        return node
    }
}
