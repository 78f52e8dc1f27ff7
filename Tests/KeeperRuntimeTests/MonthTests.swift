import KeeperModel
import KeeperTestKit
import Testing
import WideMath

/// Thirty simulated days unattended, crashes included: see `MonthPlan`.
@Suite struct MonthTests {
    @Test func `thirty days with a treasury: gas and inventory never run out, all is in the books`()
    {
        let with = SimulatedWorld.month(seed: 1, hasTreasury: true)
        #expect(with.violations == [])
        #expect(with.lives > 3, "crashes are part of it")
        #expect(with.shortCount == 0, "nobody was left alone for lack of money or gas")
        #expect(with.topUpCount > 3 && with.sweepCount > 0)
        for (asset, least) in with.lowest { #expect(!least.isZero, "\(asset)") }

        let without = SimulatedWorld.month(seed: 1, hasTreasury: false)
        #expect(without.violations == [])
        #expect(without.shortCount > 10, "the same days without one run dry")
        #expect(without.topUpCount == 0)
        #expect(with.wonCount > 2 * without.wonCount)
    }
}
