import KeeperModel
import LiquidationRules
import WideMath

extension MarketBook {
    /// The nearest price of one asset, all others as they are, at which the exact rule says
    /// otherwise than it does now: by halving between here and the far end, down first. Nil where
    /// neither end says otherwise.
    func linePrice(of account: AccountID, _ asset: AssetID, from price: UInt256) -> UInt256? {
        guard let position = position(of: account) else { return nil }
        let now = rules.isLiquidatable(position)
        var rules = rules
        func isOther(at price: UInt256) -> Bool {
            _ = rules.publish(
                PriceUpdate(
                    asset: asset, kind: .eligible, price: price, round: 0,
                    sourceAt: Instant(nanoseconds: 0)))
            return rules.isLiquidatable(position) != now
        }
        for far in [.one, price.saturatingMultiply(1_000_000)] where isOther(at: far) {
            var (same, other) = (price, far)
            while true {
                let gap = same > other ? same - other : other - same
                if gap <= .one { return other }
                let middle = same > other ? other + gap / 2 : same + gap / 2
                if isOther(at: middle) { other = middle } else { same = middle }
            }
        }
        return nil
    }
}
