package import KeeperModel
import WideMath

/// Why a book cannot have stood so.
package struct BookDoubt: Error, Hashable, Sendable, CustomStringConvertible {
    package let text: String
    package var description: String { text }
}

/// What every order book has to be, wherever it is from: both sides there, best levels first,
/// nothing of no size or price, and nobody who would sell for less than another would pay.
package enum BookCheck {
    /// Levels of a side that are kept: the best.
    package static let levelsMax = 1_000
    /// A price of 2^50 and more is out of what anything here counts with.
    private static let priceEnd: UInt64 = 1 << 50
    /// Sums of a side, and what it sells for, fit 256 bits below that.
    private static let quantityEnd = UInt256(1) << 128

    package static func book(
        _ asset: AssetID, bids: [DepthLevel], asks: [DepthLevel]
    ) throws(BookDoubt) -> DepthBook {
        try check(bids, "bid") { $0 > $1 }
        try check(asks, "ask") { $0 < $1 }
        guard let bid = bids.first, let ask = asks.first else {
            throw BookDoubt(text: "a book with \(bids.isEmpty ? "no bids" : "no asks")")
        }
        guard bid.price < ask.price else {
            throw BookDoubt(
                text: "a crossed book: the best bid of \(bid.price) is not below the best ask of "
                    + "\(ask.price)")
        }
        guard ask.price / 2 <= bid.price else {
            throw BookDoubt(
                text: "a best ask of \(ask.price), more than twice the best bid of \(bid.price)")
        }
        return DepthBook(
            asset: asset, bids: Array(bids.prefix(levelsMax)), asks: Array(asks.prefix(levelsMax)))
    }

    private static func check(
        _ levels: [DepthLevel], _ side: String, isBetter: (UInt64, UInt64) -> Bool
    ) throws(BookDoubt) {
        var last: UInt64?
        for level in levels {
            guard !level.quantity.isZero else {
                throw BookDoubt(text: "\(side)s of nothing at \(level.price)")
            }
            try check(level, side)
            if let last, !isBetter(last, level.price) {
                throw BookDoubt(
                    text: "\(side)s that are not sorted: \(level.price) behind \(last)")
            }
            last = level.price
        }
    }

    /// Of a level by itself; one of a change may be of nothing.
    static func check(_ level: DepthLevel, _ side: String) throws(BookDoubt) {
        guard level.price > 0, level.price < priceEnd else {
            throw BookDoubt(text: "a \(side) at a price of \(level.price)")
        }
        guard level.quantity < quantityEnd else {
            throw BookDoubt(text: "a \(side) of \(level.quantity) at \(level.price)")
        }
    }
}
