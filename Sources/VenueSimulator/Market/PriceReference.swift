package import KeeperModel

/// What stands beside an eligible price, for people and for comparison: nobody may be closed by it.
package struct PriceReference: Hashable, Sendable {
    package let asset: AssetID
    /// What the asset is worth elsewhere, whatever the oracle says here.
    package let index: UInt64
    /// Between the best bid and the best ask here, rounded down; nil where a side is empty.
    package let bookMid: UInt64?
}

extension DepthBook {
    var mid: UInt64? {
        guard let bid = bids.first?.price, let ask = asks.first?.price, ask >= bid else {
            return nil
        }
        return bid + (ask - bid) / 2
    }
}
