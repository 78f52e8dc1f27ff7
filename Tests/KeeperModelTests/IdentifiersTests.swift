import KeeperModel
import Testing

@Suite struct IdentifiersTests {
    @Test(arguments: ["a", "acc-1", "WETH.e", String(repeating: "x", count: 64)])
    func `a well formed name is taken`(text: String) {
        #expect(AccountID(checking: text)?.text == text)
    }

    @Test(arguments: ["", "a b", "é", "a/b", "a\u{0}", String(repeating: "x", count: 65)])
    func `anything else from outside is refused`(text: String) {
        #expect(AccountID(checking: text) == nil)
    }

    @Test func `names are ordered by their bytes`() {
        let sorted = ["b", "a", "B", "a-1", "a.1", "a1"].map { AccountID($0) }.sorted()
        #expect(sorted.map(\.text) == ["B", "a", "a-1", "a.1", "a1", "b"])
    }
}
