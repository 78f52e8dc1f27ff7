import KeeperModel
import Testing
import VenueSimulator
import WideMath

@Suite struct AccountForksTests {
    private let market = MarketID("m")
    private let account = AccountID("a")

    @Test func `an account without a fork is seen as it is`() {
        var forks = AccountForks()
        #expect(forks.rebase(market, state(1, held: 10, owed: 5)) == state(1, held: 10, owed: 5))
    }

    @Test func `after a virtual close the fork is seen, not the record`() {
        var forks = forked()
        let seen = forks.rebase(market, state(2, held: 10, owed: 8))
        #expect(seen?.position == position(held: 4, owed: 3))
        #expect(seen.map { $0.version > 2 } == true, "the keeper sees something new")
    }

    @Test func `a borrower who adds collateral or repays moves the fork as much`() {
        var forks = forked()
        #expect(
            forks.rebase(market, state(2, held: 13, owed: 8))?.position
                == position(held: 7, owed: 3))
        #expect(
            forks.rebase(market, state(3, held: 13, owed: 6))?.position
                == position(held: 7, owed: 1))
        #expect(
            forks.rebase(market, state(4, held: 13, owed: 1))?.position
                == position(held: 7, owed: 0), "never below nothing")
    }

    @Test func `a recorded close by somebody else came too late and is void`() {
        var forks = forked()
        #expect(
            forks.rebase(market, state(2, held: 6, owed: 4))?.position
                == position(held: 4, owed: 3))
        #expect(forks.voidedCount == 1)
    }

    @Test func `one account earns once per episode`() {
        var forks = forked()
        #expect(forks.hasEarned(market, account))
        forks.endEpisode(market, account)
        #expect(!forks.hasEarned(market, account))
    }

    @Test func `an account that goes takes its fork along`() {
        var forks = forked()
        forks.remove(market, account)
        #expect(forks.count == 0)
        #expect(forks.rebase(market, state(9, held: 1, owed: 1)) == state(9, held: 1, owed: 1))
    }

    /// Recorded with 10 held and 8 owed; after our close 4 and 3.
    private func forked() -> AccountForks {
        var forks = AccountForks()
        _ = forks.close(
            market, recorded: state(1, held: 10, owed: 8), position: position(held: 4, owed: 3))
        return forks
    }

    private func state(_ version: UInt64, held: Int, owed: Int) -> AccountState {
        AccountState(account: account, version: version, position: position(held: held, owed: owed))
    }

    private func position(held: Int, owed: Int) -> AccountPosition {
        .lending(
            LendingPosition(
                collateral: held == 0
                    ? [] : [ScaledBalance(asset: AssetID("C"), scaledAmount: UInt256(held))],
                debts: owed == 0
                    ? [] : [ScaledBalance(asset: AssetID("D"), scaledAmount: UInt256(owed))]))
    }
}
