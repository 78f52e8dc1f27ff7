package import KeeperModel
import LiquidationRules
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
    /// What a whole book looks like.
    private enum Shape: Hashable, Sendable {
        case model(LiquidityModel)
        /// As it was once, around the price of then; it moves with the price.
        case recorded(DepthBook, aroundPrice: UInt64)
    }

    package let asset: AssetID
    private let shape: Shape
    private var takenFromBids: UInt256 = .zero
    private var takenFromAsks: UInt256 = .zero

    package init(asset: AssetID, model: LiquidityModel) {
        self.asset = asset
        shape = .model(model)
    }

    /// Whole again with every height.
    package init(recorded book: DepthBook, aroundPrice price: UInt64) {
        precondition(price > 0, "A book stands around a price")
        asset = book.asset
        shape = .recorded(book, aroundPrice: price)
    }

    package func book(atPrice price: UInt64) -> DepthBook {
        switch shape {
        case .model(let model): book(of: model, atPrice: price)
        case .recorded(let book, let base):
            book.moved(from: base, to: price)
                .sold(takenFromBids).bought(takenFromAsks)
        }
    }

    private func book(of model: LiquidityModel, atPrice price: UInt64) -> DepthBook {
        let ladder = BookLadder(model: model)
        return DepthBook(
            asset: asset,
            bids: ladder.levels(taken: takenFromBids) { ladder.bid(price, level: $0) },
            asks: ladder.levels(taken: takenFromAsks) { ladder.ask(price, level: $0) })
    }

    package mutating func takeFromBids(_ quantity: UInt256) {
        takenFromBids += quantity
    }

    package mutating func takeFromAsks(_ quantity: UInt256) {
        takenFromAsks += quantity
    }

    /// What a side holds when nobody has taken from it.
    package var wholeSide: UInt256 {
        switch shape {
        case .model(let model): model.quantityPerLevel * UInt256(UInt64(model.levelCount))
        case .recorded(let book, _): book.bids.reduce(.zero) { $0 + $1.quantity }
        }
    }

    /// One height passes.
    package mutating func recover() {
        guard case .model(let model) = shape else {
            (takenFromBids, takenFromAsks) = (.zero, .zero)
            return
        }
        let back = wholeSide * UInt256(model.recoveryPpm) / UInt256(1_000_000)
        takenFromBids = takenFromBids.saturatingSubtract(back)
        takenFromAsks = takenFromAsks.saturatingSubtract(back)
    }
}

/// The levels of a modelled book, one by one.
private struct BookLadder {
    let model: LiquidityModel

    /// The best levels are the first to be empty.
    func levels(taken: UInt256, price: (UInt64) -> UInt64) -> [DepthLevel] {
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
    func bid(_ price: UInt64, level: UInt64) -> UInt64 {
        let bps = 10_000 - model.spreadBps - model.stepBps * level
        return scaled(price, bps: bps, rounding: .down)
    }

    func ask(_ price: UInt64, level: UInt64) -> UInt64 {
        let bps = 10_000 + model.spreadBps + model.stepBps * level
        return scaled(price, bps: bps, rounding: .up)
    }

    private func scaled(_ price: UInt64, bps: UInt64, rounding: Rounding) -> UInt64 {
        let product = price.multipliedFullWidth(by: bps)
        let (quotient, remainder) = UInt64(10_000).dividingFullWidth(product)
        return rounding == .up && remainder > 0 ? quotient + 1 : quotient
    }
}

extension DepthBook {
    /// The same book around another price: every level as far from it, in parts of it, as it was.
    /// Bids round down and asks up.
    fileprivate func moved(from base: UInt64, to price: UInt64) -> DepthBook {
        guard base != price else { return self }
        func moved(_ levels: [DepthLevel], roundingUp: Bool) -> [DepthLevel] {
            levels.compactMap { level in
                let product = level.price.multipliedFullWidth(by: price)
                guard product.high < base else { return nil }
                let (quotient, remainder) = base.dividingFullWidth(product)
                let moved = roundingUp && remainder > 0 ? quotient + 1 : quotient
                return moved > 0 ? DepthLevel(price: moved, quantity: level.quantity) : nil
            }
        }
        return DepthBook(
            asset: asset, bids: moved(bids, roundingUp: false), asks: moved(asks, roundingUp: true))
    }
}
