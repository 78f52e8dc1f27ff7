import KeeperModel
import WideMath

extension DomainState {
    /// The price that would take an account over its line with the least move, all others staying;
    /// nil where no price alone would.
    func nearestLine(of target: Target) -> PriceUpdate? {
        guard let book = books[target.market] else { return nil }
        var nearest: (update: PriceUpdate, movePpm: UInt256)?
        for asset in book.pricedAssets(of: target.account) {
            guard let entry = prices[asset], !entry.price.isZero,
                let line = book.linePrice(of: target.account, asset, from: entry.price)
            else { continue }
            let move = line > entry.price ? line - entry.price : entry.price - line
            let movePpm = move.saturatingMultiply(1_000_000) / entry.price
            if let nearest, nearest.movePpm <= movePpm { continue }
            let update = PriceUpdate(
                asset: asset, kind: .pending, price: line, round: entry.round + 1,
                sourceAt: entry.sourceAt)
            nearest = (update, movePpm)
        }
        return nearest?.update
    }
}
