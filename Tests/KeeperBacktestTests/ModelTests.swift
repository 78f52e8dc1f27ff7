import KeeperBacktest
import KeeperModel
import Testing

@Suite struct OracleModelTests {
    private static let law = OracleLaw(
        deviationPpm: 5_000, heartbeat: .seconds(3_600), delay: .seconds(24))

    private func at(_ seconds: Int64) -> Instant { Instant(milliseconds: seconds * 1_000) }

    @Test func `the first price is in force at once`() {
        var oracle = OracleModel(Self.law)
        oracle.see(200_000_000, at: at(0))
        #expect(oracle.inForce?.price == 200_000_000)
        #expect(oracle.nextInForceAt == nil)
    }

    @Test(arguments: [(199_000_001, false), (199_000_000, true), (201_000_000, true)])
    func `half a percent makes a round, and a hair less does not`(price: UInt64, isRound: Bool) {
        var oracle = OracleModel(Self.law)
        oracle.see(200_000_000, at: at(0))
        oracle.see(price, at: at(60))
        #expect(oracle.nextInForceAt == (isRound ? at(84) : nil))
    }

    @Test func `an hour of silence is broken by a round of the same price`() {
        var oracle = OracleModel(Self.law)
        oracle.see(200_000_000, at: at(0))
        oracle.see(200_000_000, at: at(3_599))
        #expect(oracle.nextInForceAt == nil)
        oracle.see(200_000_000, at: at(3_600))
        #expect(oracle.nextInForceAt == at(3_624))
    }

    @Test func `a round is not in force before its delay is over`() {
        var oracle = OracleModel(Self.law)
        oracle.see(200_000_000, at: at(0))
        oracle.see(150_000_000, at: at(60))
        let isEarly = oracle.advance(to: at(83))
        #expect(!isEarly)
        #expect(oracle.inForce?.price == 200_000_000)
        let isDue = oracle.advance(to: at(84))
        #expect(isDue)
        #expect(oracle.inForce?.price == 150_000_000)
        #expect(oracle.inForce?.madeAt == at(60))
    }
}

@Suite struct ConditionsTests {
    private static let eth = AssetID("ETH")

    /// Moves of so many ppm up and down, one after another.
    private func conditions(movePpm: UInt64, seed: UInt64 = 3) -> [MarketConditions] {
        var model = ConditionsModel(seed: seed)
        return (0..<120).map { index in
            let price: UInt64 = 1_000_000_000
            model.note([(Self.eth, index % 2 == 0 ? price : price + price / 1_000_000 * movePpm)])
            return model.now
        }
    }

    @Test func `a calm market changes nothing`() {
        #expect(conditions(movePpm: 600).allSatisfy { $0 == .calm })
    }

    @Test func `a wild market is dearer, slower and thinner, all at once`() {
        for now in conditions(movePpm: 12_000).dropFirst(31) {
            #expect(now.stressPpm > 5_000_000)
            #expect(now.grown(100, followingPpm: 1_000_000) >= 500, "gas")
            #expect(now.grown(100, followingPpm: 250_000) >= 200, "latency")
            #expect(now.shrunk(100, followingPpm: 500_000) <= 34, "depth")
        }
    }

    @Test func `the draw is the seed's, and of one market for all three`() {
        #expect(conditions(movePpm: 9_000) == conditions(movePpm: 9_000))
        #expect(conditions(movePpm: 9_000) != conditions(movePpm: 9_000, seed: 4))
    }

    @Test(arguments: [0, 1, 999_999, 18_446_744_073_709] as [UInt64])
    func `what follows nothing stays as it is`(value: UInt64) {
        let wild = MarketConditions(stressPpm: 7_000_000)
        #expect(wild.grown(value, followingPpm: 0) == value)
        #expect(wild.shrunk(value, followingPpm: 0) == value)
    }
}
