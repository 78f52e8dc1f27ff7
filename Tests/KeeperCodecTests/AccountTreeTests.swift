import KeeperCodec
import KeeperModel
import Testing
import WideMath

/// A root stands for its accounts and their totals, and for no others.
@Suite struct AccountTreeTests {
    private static let salt = [UInt8](repeating: 7, count: 32)

    private static func account(_ number: Int, debt: UInt64? = nil) -> AccountState {
        AccountState(
            account: AccountID("a\(number)"), version: 1,
            position: .lending(
                LendingPosition(
                    collateral: [ScaledBalance(asset: AssetID("ETH"), scaledAmount: UInt256(5))],
                    debts: [
                        ScaledBalance(
                            asset: AssetID("USD"), scaledAmount: UInt256(debt ?? UInt64(number + 1))
                        )
                    ])))
    }

    private static func tree(_ count: Int) throws -> AccountTree {
        try #require(AccountTree((0..<count).map { account($0) }, salt: salt))
    }

    @Test(arguments: [1, 2, 3, 5, 8, 13])
    func `every leaf's path leads to the root`(count: Int) throws {
        let tree = try Self.tree(count)
        for index in 0..<count {
            let state = Self.account(index)
            let blind = AccountTree.blind(of: state.account, salt: Self.salt)
            let leaf = try #require(AccountNode(state, blind: blind))
            #expect(tree.path(ofLeaf: index).root(from: leaf) == tree.root)
            let altered = try #require(
                AccountNode(Self.account(index, debt: 1_000), blind: blind))
            #expect(tree.path(ofLeaf: index).root(from: altered) != tree.root)
        }
    }

    @Test func `the root's totals are the sums of the accounts`() throws {
        let sums = try Self.tree(4).root.totals.sums
        #expect(sums.map(\.name) == ["collateral.ETH", "debt.USD"])
        #expect(sums.map(\.amount) == [UInt256(20), UInt256(1 + 2 + 3 + 4)])
    }

    @Test func `a neighbour that says less leads elsewhere`() throws {
        let tree = try Self.tree(4)
        let leaf = try #require(
            AccountNode(
                Self.account(0),
                blind: AccountTree.blind(of: AccountID("a0"), salt: Self.salt)))
        var path = tree.path(ofLeaf: 0)
        let less = AccountNode(hash: path[1].sibling.hash, totals: AccountTotals())
        path[1] = AccountPathStep(sibling: less, isLeft: path[1].isLeft)
        let root = try #require(path.root(from: leaf))
        #expect(root.hash != tree.root.hash)
    }

    @Test func `another salt gives another root over the same totals`() throws {
        let states = (0..<3).map { Self.account($0) }
        let other = try #require(
            AccountTree(states, salt: [UInt8](repeating: 8, count: 32)))
        #expect(other.root.hash != (try Self.tree(3).root.hash))
        #expect(other.root.totals == (try Self.tree(3).root.totals))
    }

    @Test func `sums beyond 256 bits have no tree`() {
        let balance = ScaledBalance(asset: AssetID("ETH"), scaledAmount: .max)
        let states = (0..<2).map { number in
            AccountState(
                account: AccountID("a\(number)"), version: 1,
                position: .lending(LendingPosition(collateral: [balance], debts: [])))
        }
        #expect(AccountTree(states, salt: Self.salt) == nil)
    }

    @Test func `a root and a path come back from their text`() throws {
        let tree = try Self.tree(3)
        let published = PublishedRoot(salt: Self.salt, root: tree.root)
        #expect(try PublishedRoot(jsonBytes: published.jsonBytes) == published)
        let path = tree.path(ofLeaf: 1)
        #expect(try [AccountPathStep](jsonBytes: path.jsonBytes) == path)
    }

    @Test(arguments: [
        #"[{"name":"b","amount":"1"},{"name":"a","amount":"1"}]"#,
        #"[{"name":"a","amount":"1"},{"name":"a","amount":"1"}]"#,
        #"[{"name":"a","amount":"0"}]"#,
    ])
    func `totals have one form`(text: String) {
        #expect(throws: JSONFormError.self) { try AccountTotals(jsonBytes: Array(text.utf8)) }
    }
}
