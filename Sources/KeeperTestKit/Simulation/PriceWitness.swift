import KeeperModel
import WideMath

/// Sees every price on its way to the keeper, and knows without the keeper's guard which of them
/// no plan may rest on yet: those that jumped and that no later round has confirmed.
final class PriceWitness {
    private struct Seen {
        var price: UInt256
        var round: UInt64
        var isUnconfirmedJump: Bool
    }

    private struct Market {
        let price: UInt256
        let receivedAt: Instant
        let isUnconfirmedJump: Bool
    }

    private var seen: [AssetID: Seen] = [:]
    private var markets: [AssetID: Market] = [:]

    func restart() {
        seen = [:]
        markets = [:]
    }

    func take(_ updates: [PriceUpdate], at now: Instant) {
        for update in updates where update.kind == .market {
            let isJump = markets[update.asset].map { hasJumped(from: $0.price, to: update.price) }
            markets[update.asset] = Market(
                price: update.price, receivedAt: now, isUnconfirmedJump: isJump ?? false)
        }
        for update in updates where update.kind == .eligible {
            guard let last = seen[update.asset] else {
                seen[update.asset] = Seen(
                    price: update.price, round: update.round, isUnconfirmedJump: false)
                continue
            }
            // The same once more confirms nothing, and what went back is not heard.
            guard update.round > last.round else { continue }
            seen[update.asset] = Seen(
                price: update.price, round: update.round,
                isUnconfirmedJump: hasJumped(from: last.price, to: update.price))
        }
    }

    private func hasJumped(from old: UInt256, to new: UInt256) -> Bool {
        let most = old * UInt256(SimulatedWorld.jumpMaxPpm) / UInt256(1_000_000)
        return max(new, old) - min(new, old) > most
    }

    /// Whether the oracle's price is further from the market's than allowed, where the market's is
    /// fresh and steady enough to say so.
    func parts(_ asset: AssetID, by ppm: UInt64, at now: Instant) -> Bool {
        guard let ours = seen[asset]?.price, let market = markets[asset],
            !market.isUnconfirmedJump, now - market.receivedAt < .seconds(2)
        else { return false }
        let apart = max(ours, market.price) - min(ours, market.price)
        return apart * 1_000_000 > market.price * UInt256(ppm)
    }

    /// What was in force last, as it was heard.
    func eligiblePrice(of asset: AssetID) -> UInt256? { seen[asset]?.price }

    var assets: [AssetID] { seen.keys.sorted() }

    /// Heights were taken back: the next round of each is heard as it comes.
    func goBack() {
        for asset in seen.keys.sorted() { seen[asset]?.round = 0 }
    }

    func isUnconfirmedJump(_ asset: AssetID) -> Bool { seen[asset]?.isUnconfirmedJump ?? false }
}
