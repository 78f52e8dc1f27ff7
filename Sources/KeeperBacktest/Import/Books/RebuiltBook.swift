import KeeperModel
import WideMath

/// An order book put together from a snapshot and what changed since.
struct RebuiltBook {
    private let asset: AssetID
    /// The lowest price first, on both sides.
    private var bids: [DepthLevel]
    private var asks: [DepthLevel]

    init(_ asset: AssetID, bids: [DepthLevel], asks: [DepthLevel]) throws(BookDoubt) {
        self.asset = asset
        _ = try BookCheck.book(asset, bids: bids, asks: asks)
        (self.bids, self.asks) = (bids.reversed(), asks)
    }

    /// Takes in changed levels: each says what stands there now, and nothing means that the level
    /// is gone.
    mutating func apply(_ words: BookWords) throws(BookDoubt) {
        try Self.apply(words.bids, to: &bids, "bid")
        try Self.apply(words.asks, to: &asks, "ask")
        guard let bid = bids.last, let ask = asks.first else {
            throw BookDoubt(text: "a change that leaves \(bids.isEmpty ? "no bids" : "no asks")")
        }
        guard bid.price < ask.price else {
            throw BookDoubt(
                text: "a change that crosses the book: a bid of \(bid.price), an ask of "
                    + "\(ask.price)")
        }
    }

    private static func apply(
        _ changes: [DepthLevel], to levels: inout [DepthLevel], _ side: String
    ) throws(BookDoubt) {
        for change in changes {
            try BookCheck.check(change, side)
            let place = place(of: change.price, in: levels)
            let isThere = place < levels.count && levels[place].price == change.price
            switch (isThere, change.quantity.isZero) {
            case (true, true): levels.remove(at: place)
            case (true, false): levels[place] = change
            case (false, true): break
            case (false, false): levels.insert(change, at: place)
            }
        }
    }

    /// Of the first level that is not below the price.
    private static func place(of price: UInt64, in levels: [DepthLevel]) -> Int {
        var (low, high) = (0, levels.count)
        while low < high {
            let middle = (low + high) / 2
            if levels[middle].price < price { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// As everybody writes a book.
    func book() throws(BookDoubt) -> DepthBook {
        try BookCheck.book(asset, bids: bids.reversed(), asks: asks)
    }
}
