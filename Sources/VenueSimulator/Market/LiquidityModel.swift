package import KeeperModel
package import WideMath

/// How deep the book of an asset is and how fast it fills again.
///
/// Levels stand symmetrically around the price: the first `spreadBps` away, each further one
/// `stepBps` beyond the one before. What was taken comes back by `recoveryPpm` of the full quantity
/// with every height, so that many closes in one crash meet a thin book.
package struct LiquidityModel: Hashable, Sendable {
    package let levelCount: Int
    package let spreadBps: UInt64
    package let stepBps: UInt64
    /// Of one level, in the asset's smallest units.
    package let quantityPerLevel: UInt256
    package let recoveryPpm: UInt64

    package init(
        levelCount: Int, spreadBps: UInt64, stepBps: UInt64, quantityPerLevel: UInt256,
        recoveryPpm: UInt64
    ) {
        precondition(
            spreadBps + stepBps * UInt64(levelCount) < 10_000, "Every bid is above nothing")
        self.levelCount = levelCount
        self.spreadBps = spreadBps
        self.stepBps = stepBps
        self.quantityPerLevel = quantityPerLevel
        self.recoveryPpm = recoveryPpm
    }
}

/// The book of one asset: the model and what was taken from it lately.
package struct BookState: Hashable, Sendable {
    package let asset: AssetID
    package let model: LiquidityModel
    private var takenFromBids: UInt256 = .zero
    private var takenFromAsks: UInt256 = .zero

    package init(asset: AssetID, model: LiquidityModel) {
        self.asset = asset
        self.model = model
    }

    package func book(atPrice price: UInt64) -> DepthBook {
        DepthBook(
            asset: asset,
            bids: levels(taken: takenFromBids) { bid(price, level: $0) },
            asks: levels(taken: takenFromAsks) { ask(price, level: $0) })
    }

    package mutating func takeFromBids(_ quantity: UInt256) {
        takenFromBids += quantity
    }

    package mutating func takeFromAsks(_ quantity: UInt256) {
        takenFromAsks += quantity
    }

    /// What a side holds when nobody has taken from it.
    package var wholeSide: UInt256 {
        model.quantityPerLevel * UInt256(UInt64(model.levelCount))
    }

    /// One height passes.
    package mutating func recover() {
        let back = wholeSide * UInt256(model.recoveryPpm) / UInt256(1_000_000)
        takenFromBids = takenFromBids.saturatingSubtract(back)
        takenFromAsks = takenFromAsks.saturatingSubtract(back)
    }

    /// The best levels are the first to be empty.
    private func levels(taken: UInt256, price: (UInt64) -> UInt64) -> [DepthLevel] {
        var gone = taken
        var levels: [DepthLevel] = []
        for level in 0..<UInt64(model.levelCount) {
            let left = model.quantityPerLevel.saturatingSubtract(gone)
            gone = gone.saturatingSubtract(model.quantityPerLevel)
            let levelPrice = price(level)
            if left > .zero, levelPrice > 0 {
                levels.append(DepthLevel(price: levelPrice, quantity: left))
            }
        }
        return levels
    }

    /// Bids round down and asks up: the book never pays for a rounding.
    private func bid(_ price: UInt64, level: UInt64) -> UInt64 {
        let bps = 10_000 - model.spreadBps - model.stepBps * level
        return scaled(price, bps: bps, rounding: .down)
    }

    private func ask(_ price: UInt64, level: UInt64) -> UInt64 {
        let bps = 10_000 + model.spreadBps + model.stepBps * level
        return scaled(price, bps: bps, rounding: .up)
    }

    private func scaled(_ price: UInt64, bps: UInt64, rounding: Rounding) -> UInt64 {
        let product = price.multipliedFullWidth(by: bps)
        let (quotient, remainder) = UInt64(10_000).dividingFullWidth(product)
        return rounding == .up && remainder > 0 ? quotient + 1 : quotient
    }
}
