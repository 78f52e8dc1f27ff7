import KeeperModel
import Testing
import VenueSimulator
import WideMath

/// What a dry run took of a feed's offers is gone for it, whatever the feed goes on saying.
@Suite struct OfferForkTests {
    private func state(_ version: UInt64, asks amount: UInt256) -> AccountState {
        AccountState(
            account: AccountID("offer-1"), version: version,
            position: .offer(
                OfferPosition(
                    payAmount: amount, takeAsset: AssetID("ETH"), takeAmount: 7,
                    closesAtHeight: nil, expiresAtHeight: 30)))
    }

    @Test func `an offer that was taken does not come back at another price`() {
        let market = MarketID("m")
        var forks = AccountForks()
        #expect(forks.rebase(market, state(1, asks: 5)) == state(1, asks: 5))
        #expect(forks.close(market, recorded: state(1, asks: 5), position: nil) == nil)
        #expect(forks.rebase(market, state(2, asks: 4)) == nil)
        #expect(forks.hasEarned(market, AccountID("offer-1")))
        forks.remove(market, AccountID("offer-1"))
        #expect(!forks.hasEarned(market, AccountID("offer-1")))
    }
}
