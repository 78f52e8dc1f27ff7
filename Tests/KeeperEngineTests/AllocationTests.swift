import KeeperEngine
import KeeperModel
import KeeperTestKit
import Testing
import WideMath

/// Which closes to make when there is not enough for all.
@Suite struct AllocationTests {
    private static func claim(_ worth: UInt64, _ takes: UInt64...) -> Allocation.Claim {
        Allocation.Claim(worth: UInt128(worth), takes: takes.map { UInt256($0) })
    }

    @Test func `with room for all, the order given stands`() {
        let claims = [Self.claim(9, 5), Self.claim(4, 1), Self.claim(4, 1)]
        #expect(Allocation.order(claims, room: [7]) == [0, 1, 2])
        #expect(Allocation.order([], room: []) == [])
    }

    @Test func `one large close does not keep out better small ones, nor they it`() {
        let crowd = [Self.claim(100, 10)] + (0..<10).map { _ in Self.claim(11, 1) }
        #expect(Allocation.order(crowd, room: [10]) == Array(1...10) + [0])
        let dust = [Self.claim(100, 10), Self.claim(11, 1)]
        #expect(Allocation.order(dust, room: [10]) == [0, 1])
    }

    @Test func `the scarcer of two things counts, and what takes nothing comes along`() {
        let claims = [
            Self.claim(50, 9, 1), Self.claim(40, 1, 9), Self.claim(30, 1, 1), Self.claim(1, 0, 0),
        ]
        #expect(Allocation.order(claims, room: [100, 9]) == [0, 2, 3, 1])
    }

    @Test func `of equals the first named is chosen`() {
        let claims = (0..<6).map { _ in Self.claim(7, 3) }
        #expect(Allocation.order(claims, room: [7]) == [0, 1, 2, 3, 4, 5])
    }

    @Test func `what nothing is left of is taken by nobody`() {
        let claims = [Self.claim(9, 1), Self.claim(5, 0)]
        #expect(Allocation.order(claims, room: [0]) == [1, 0])
        let endless = Allocation.Claim(worth: Allocation.worthMax, takes: [.max])
        #expect(Allocation.order([endless, endless, endless], room: [.max]) == [0, 1, 2])
    }

    /// The exact optimum, by trying every set.
    private func optimum(_ claims: [(worth: Int, takes: [Int])], _ room: [Int]) -> Int {
        guard let first = claims.first else { return 0 }
        let rest = Array(claims.dropFirst())
        let without = optimum(rest, room)
        let left = zip(room, first.takes).map { $0 - $1 }
        guard left.allSatisfy({ $0 >= 0 }) else { return without }
        return max(without, first.worth + optimum(rest, left))
    }

    private func worthOfChosen(
        _ order: [Int], _ claims: [(worth: Int, takes: [Int])], _ room: [Int]
    ) -> Int {
        var left = room
        var worth = 0
        for index in order {
            let after = zip(left, claims[index].takes).map { $0 - $1 }
            guard after.allSatisfy({ $0 >= 0 }) else { continue }
            left = after
            worth += claims[index].worth
        }
        return worth
    }

    /// Funds for three tenths of it, gas for four tenths of the calls: at least 99 % of the best
    /// set, and never less than by profit alone.
    @Test(arguments: [(seeds: UInt64(1)...60, count: 11), (seeds: 61...62, count: 20)])
    func `what is chosen is worth the best set that there is`(
        seeds: ClosedRange<UInt64>, count: Int
    ) {
        for seed in seeds {
            var generator = SeededGenerator(seed: seed)
            let claims = (0..<count).map { _ in
                let size = Int(generator.number(in: 20...900))
                let margin = Int(generator.number(in: 5...60))
                return (
                    worth: max(1, size * margin / 10),
                    takes: [size, Int(generator.number(in: 10...30))]
                )
            }.sorted { $0.worth > $1.worth }
            let room = [
                claims.reduce(0) { $0 + $1.takes[0] } * 3 / 10,
                claims.reduce(0) { $0 + $1.takes[1] } * 4 / 10,
            ]
            let order = Allocation.order(
                claims.map {
                    Allocation.Claim(
                        worth: UInt128($0.worth), takes: $0.takes.map { UInt256(UInt64($0)) })
                }, room: room.map { UInt256(UInt64($0)) })
            #expect(order.sorted() == Array(claims.indices))
            let chosen = worthOfChosen(order, claims, room)
            #expect(chosen * 100 >= optimum(claims, room) * 99, "seed \(seed)")
            #expect(chosen >= worthOfChosen(Array(claims.indices), claims, room), "seed \(seed)")
        }
    }
}
