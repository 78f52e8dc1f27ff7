import Glibc
import KeeperEngine
import KeeperModel
import KeeperRisk
import Testing
import WideMath

/// Five hundred accounts that one tick pushes over their line, with funds and gas for a few.
@Suite struct CrowdTests {
    private static let count = 500

    /// They owe 1,650 to 1,849 USD for each of one to four ether.
    private static let accounts: [AccountState] = (0..<count).map { number in
        let ether = UInt64(1 + number % 4)
        let name = "a" + String(1_000 + number)
        return EngineScript.borrower(
            name, owes: (1_650 + UInt64(number * 37 % 200)) * ether * 1_000_000,
            against: EngineScript.ether() * UInt256(ether))
    }

    private static let wideLimits = EngineScript.limits(
        openIntentsMax: count, notionalOpenMaxUnits: 100_000_000_000_000)

    /// What everybody would bring, and take, if there were enough.
    private static let all = crowd(usd: 10_000_000, milliether: 1_000_000).intents

    private static func crowd(
        usd: UInt64, milliether: UInt64, crosses: Bool = true
    ) -> EngineScript {
        ChainTests.script(
            wallet: [
                ("USD", UInt256(usd) * UInt256(1_000_000)),
                ("ETH", UInt256(milliether) * UInt256(1_000_000_000_000_000)),
            ], limits: wideLimits, accounts: accounts, crosses: crosses)
    }

    private static func take(_ intent: CloseIntent, of asset: String) -> UInt256 {
        intent.expectation.inventoryNeeded.first { $0.asset == AssetID(asset) }?.amount ?? .zero
    }

    /// No set can be worth more than claims cut to fit the one resource exactly.
    private static func bound(_ intents: [CloseIntent], _ asset: String, _ room: UInt256) -> Double
    {
        let densities = intents.map { intent in
            (
                worth: Double(intent.expectation.netUnits.asInt64 ?? 0),
                take: Double(take(intent, of: asset).description) ?? 0
            )
        }.sorted { $0.worth / $0.take > $1.worth / $1.take }
        var left = Double(room.description) ?? 0
        var worth = 0.0
        for claim in densities where left > 0 {
            worth += claim.worth * min(1, left / claim.take)
            left -= min(left, claim.take)
        }
        return worth
    }

    @Test func `nobody is planned for while more is known to follow, and then everybody`() {
        var script = EngineScript(
            publishes: false, ether: 2_700_000_000, wallet: 5_000_000_000_000,
            limits: Self.wideLimits, accounts: [])
        script.publishPrices(round: 2)
        for (number, account) in Self.accounts.prefix(40).enumerated() {
            #expect(script.intents.isEmpty)
            script.tell(
                .accountsChanged(EngineScript.market, changed: [account], removed: []),
                moreFollows: number < 39)
        }
        #expect(script.intents.count > 30)
    }

    @Test func `with enough for everybody everybody is closed, the best first`() {
        #expect(Self.all.count == Self.count)
        let nets = Self.all.map(\.expectation.netUnits)
        #expect(nets == nets.sorted { $0 > $1 })
    }

    @Test(arguments: [(25_000, 1_000_000), (1_000_000, 700), (40_000, 900)] as [(UInt64, UInt64)])
    func `with funds and gas for a few, those are closed that are worth most together`(
        usd: UInt64, milliether: UInt64
    ) {
        let script = Self.crowd(usd: usd, milliether: milliether)
        let chosen = script.intents
        #expect(chosen.count > 3 && chosen.count < 60)
        let room = [
            "USD": UInt256(usd) * UInt256(1_000_000),
            "ETH": UInt256(milliether) * UInt256(1_000_000_000_000_000),
        ]
        for (asset, amount) in room {
            let taken = chosen.reduce(UInt256.zero) { $0 + Self.take($1, of: asset) }
            #expect(taken <= amount, "more \(asset) was promised than there is")
        }
        let worth = chosen.reduce(0.0) { $0 + Double($1.expectation.netUnits.asInt64 ?? 0) }
        let bound = room.map { Self.bound(Self.all, $0.key, $0.value) }.min() ?? 0
        #expect(worth >= 0.97 * bound, "\(worth) of at most \(bound)")
        #expect(Set(script.skips).isSubset(of: Self.reasonsOfTheRest), "\(Set(script.skips))")
    }

    private static let reasonsOfTheRest: Set<String> = [
        "skipped-no-funds", "skipped-below-floor", "skipped-refused-by-risk",
        "skipped-gas-too-dear", "skipped-not-closeable",
    ]

    @Test func `the order in which they were heard of changes nothing`() {
        func plans(_ accounts: [AccountState]) -> [Target] {
            ChainTests.script(
                wallet: [("USD", 25_000_000_000), ("ETH", EngineScript.ether())],
                limits: Self.wideLimits, accounts: accounts
            ).intents.map(\.plan.target)
        }
        #expect(plans(Self.accounts) == plans(Self.accounts.reversed()))
    }

    @Test func `the tick of five hundred takes less than a second, the next ones remember no more`()
    {
        let seconds = (1...3).map { _ in
            var script = Self.crowd(usd: 25_000, milliether: 1_000, crosses: false)
            let start = processorSeconds()
            script.publishPrices(round: 2)
            return processorSeconds() - start
        }
        #expect(seconds.min() ?? 9 < 1, "\(seconds)")
        var script = Self.crowd(usd: 25_000, milliether: 1_000)
        let remembered = script.engine.rememberedTargetCount
        #expect(remembered == Self.count)
        script.publishPrices(round: 3)
        let effects = script.effects.count
        for round in UInt64(4)...5 { script.publishPrices(round: round) }
        #expect(script.effects.count == effects, "nothing new to say, nothing said")
        #expect(script.engine.rememberedTargetCount == remembered)
        script.tell(
            .accountsReplaced(EngineScript.market, Array(Self.accounts.prefix(7))), height: 6)
        #expect(script.engine.rememberedTargetCount <= 7, "who is gone is forgotten")
    }

    /// Of this thread, so that a busy machine does not count.
    private func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
