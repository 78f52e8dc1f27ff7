import KeeperRuntime
import Testing

@Suite struct SpareMemoryTests {
    private static let worth = SpareMemory.worthByteCount

    private func answers(_ moments: [(readByteCount: UInt64, underWay: Int)]) -> [Bool] {
        var memory = SpareMemory()
        return moments.map {
            memory.isWorthIt(readByteCount: $0.readByteCount, snapshotsUnderWay: $0.underWay)
        }
    }

    @Test func `it is given back once for what was read`() {
        let worth = Self.worth
        #expect(
            answers([(worth - 1, 0), (worth, 0), (2 * worth - 1, 0), (2 * worth, 0)])
                == [false, true, false, true])
    }

    @Test func `it waits until no snapshot is under way`() {
        #expect(answers([(3 * Self.worth, 1), (3 * Self.worth, 0)]) == [false, true])
    }
}
