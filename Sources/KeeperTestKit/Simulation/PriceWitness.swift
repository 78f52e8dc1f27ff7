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

    private var seen: [AssetID: Seen] = [:]

    func restart() { seen = [:] }

    func take(_ updates: [PriceUpdate]) {
        for update in updates where update.kind == .eligible {
            guard let last = seen[update.asset] else {
                seen[update.asset] = Seen(
                    price: update.price, round: update.round, isUnconfirmedJump: false)
                continue
            }
            // The same once more confirms nothing, and what went back is not heard.
            guard update.round > last.round else { continue }
            let move = max(update.price, last.price) - min(update.price, last.price)
            let most = last.price * UInt256(SimulatedWorld.jumpMaxPpm) / UInt256(1_000_000)
            seen[update.asset] = Seen(
                price: update.price, round: update.round, isUnconfirmedJump: move > most)
        }
    }

    /// Heights were taken back: the next round of each is heard as it comes.
    func goBack() {
        for asset in seen.keys.sorted() { seen[asset]?.round = 0 }
    }

    func isUnconfirmedJump(_ asset: AssetID) -> Bool { seen[asset]?.isUnconfirmedJump ?? false }
}
